"""Values get the form in DynamoDB that boto3 gives them."""

from decimal import Decimal
from types import MappingProxyType

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from footfall.aws.items import to_attribute, to_item
from footfall.domain.identifiers import IdentifierKind
from footfall.errors import PermanentError

NUMBERS = (
    st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.sampled_from([10**17, 10**18, -(10**18), 10**37, Decimal("1E+125"), Decimal("-0.0")])
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.binary() | NUMBERS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


@given(VALUES)
def test_a_value_has_the_form_that_boto3_gives_it(value: object) -> None:
    assert to_attribute(value) == TypeSerializer().serialize(value)


def test_a_mapping_and_a_name_of_a_kind_have_forms_too() -> None:
    mapping = MappingProxyType({"kind": IdentifierKind.EMAIL})

    assert to_attribute(mapping) == {"M": {"kind": {"S": "email"}}}


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        {"a set"},
        10**38 + 1,
        Decimal("1E+126").scaleb(1),
        Decimal(f"0.{'1' * 39}"),
        Decimal("Infinity"),
        Decimal("NaN"),
    ],
    ids=repr,
)
def test_what_no_table_takes_has_no_form(value: object) -> None:
    with pytest.raises(PermanentError, match="a value cannot be stored"):
        to_item({"nested": [value]})
