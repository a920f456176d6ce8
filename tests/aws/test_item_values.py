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


@given(NUMBERS.filter(is_storable))
@example(Decimal("1E+125"))
@example(Decimal(f"0.{'0' * 127}{'9' * 38}"))
def test_a_number_that_the_table_writes_out_in_full_can_be_stored_again(number: Decimal) -> None:
    read = from_item({"number": {"N": f"{number:f}"}})

    assert read == {"number": number}
    assert from_item(to_item(read)) == read


def test_a_number_with_more_digits_than_are_written_is_not_accepted() -> None:
    assert not is_storable(Decimal(f"{'9' * 38}E-167"))
