"""Who is anonymous becomes a person once; and nobody else pays for it."""

from collections.abc import Mapping

import pytest

from footfall.aws.identities import read_identities
from footfall.domain.identifiers import Identifier
from footfall.settings import Setting
from tests.aws_calls import recorded_calls, write_units
from tests.builders import JANE, STORE, anonymous, deliver, email, message, own_id, phone, purchase
from tests.merging_people import merge, people, said_by
from tests.moto_cloud import all_items

pytestmark = pytest.mark.usefixtures("cloud")

JOHN = email("john@example.com")
BROWSER, TABLET = anonymous("browser"), anonymous("tablet")


def _tell(*instructions: object) -> None:
    for one in instructions:
        assert deliver(message(one)) == []  # type: ignore[arg-type]


def _holders(*identifiers: Identifier) -> Mapping[Identifier, str]:
    return read_identities(STORE, identifiers)


def _events_of(identifier: Identifier) -> list[str]:
    owner = _holders(identifier)[identifier]
    items = all_items(Setting.EVENTS_TABLE)
    return [str(item["sk"])[-2:] for item in items if str(item["pk"]).endswith(owner)]


def test_an_anonymous_customer_who_is_named_stays_the_same_customer() -> None:
    _tell(said_by(1, BROWSER))
    anonymously = _holders(BROWSER)[BROWSER]

    _tell(purchase(2, JANE, BROWSER))

    assert set(_holders(JANE, BROWSER).values()) == {anonymously}
    assert len(all_items(Setting.CUSTOMERS_TABLE)) == 1
    assert _events_of(JANE) == ["01", "02"]


def test_what_a_known_person_did_anonymously_joins_their_history() -> None:
    _tell(said_by(1, JANE), said_by(2, BROWSER))
    jane = _holders(JANE)[JANE]

    _tell(said_by(3, JANE, BROWSER), said_by(4, BROWSER))

    assert set(_holders(JANE, BROWSER).values()) == {jane}
    assert _events_of(JANE) == ["01", "02", "03", "04"]
    assert len(people()) == 1


def test_the_second_user_of_a_browser_is_somebody_else() -> None:
    _tell(said_by(1, BROWSER), said_by(2, JANE, BROWSER))

    _tell(said_by(3, JOHN, BROWSER), said_by(4, BROWSER), merge(5, JOHN, BROWSER))

    assert _events_of(JANE) == ["01", "02", "04"]
    assert _events_of(JOHN) == ["03"]


def test_two_people_never_meet_at_an_anonymous_customer_of_two_browsers() -> None:
    _tell(said_by(1, BROWSER, TABLET))

    _tell(said_by(2, JANE, BROWSER), said_by(3, JOHN, TABLET))

    assert _events_of(JANE) == ["01", "02"]
    assert _events_of(JOHN) == ["03"]


def test_a_customer_with_an_address_is_not_anonymous_whatever_its_browser_says() -> None:
    _tell(said_by(1, BROWSER))
    footfalls_id = own_id(_holders(BROWSER)[BROWSER])
    _tell(purchase(2, footfalls_id, JANE))

    _tell(said_by(3, JOHN), said_by(4, JOHN, BROWSER))

    assert _events_of(JANE) == ["01", "02"]
    assert _events_of(JOHN) == ["03", "04"]


@pytest.mark.parametrize(
    "identifiers",
    [[JANE], [JANE, BROWSER], [BROWSER], [own_id("jane"), JANE, phone("+14155550123"), BROWSER]],
)
def test_who_is_known_costs_one_write_and_no_reading_before_it(
    identifiers: list[Identifier],
) -> None:
    _tell(said_by(1, own_id("jane"), JANE, phone("+14155550123"), BROWSER))

    with recorded_calls() as calls:
        _tell(said_by(2, *identifiers))

    assert write_units(calls) == 1
    before = [operation for operation, _ in calls][: -len(["write", "read after it"])]
    own_ids = ["BatchGetItem"] if identifiers[0].kind == "id" else []
    assert before == ["BatchGetItem", *own_ids]


def test_the_second_event_for_a_merged_customer_pays_nothing_for_that() -> None:
    _tell(said_by(1, own_id("old"), JANE), said_by(2, JOHN), merge(3, JOHN, own_id("old")))
    _tell(said_by(4, JANE))

    with recorded_calls() as calls:
        _tell(said_by(5, JANE))

    assert write_units(calls) == 1
    assert _events_of(JOHN) == ["01", "02", "04", "05"]
