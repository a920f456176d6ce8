"""What ingest takes, a table takes, too; and it comes back as it was."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from footfall.aws.items import from_item, to_item
from footfall.domain.numbers import is_storable

NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**39), 10**39),
    st.integers(-180, 130),
)


@given(NUMBERS.filter(is_storable))
@example(Decimal("1E-130"))
@example(Decimal("9.99E+125"))
@example(Decimal(f"0.{'0' * 127}{'9' * 38}"))
def test_every_number_that_is_accepted_can_be_stored(number: Decimal) -> None:
    assert from_item(to_item({"number": number})) == {"number": number}


def test_a_number_comes_back_that_the_table_writes_out_in_full() -> None:
    assert from_item({"number": {"N": "1" + "0" * 125}}) == {"number": Decimal("1E+125")}


def test_a_number_with_more_digits_than_are_written_is_not_accepted() -> None:
    assert not is_storable(Decimal(f"{'9' * 38}E-167"))
