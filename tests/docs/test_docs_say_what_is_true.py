"""What the documents name exists, and what exists in the code is named in the documents."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from footfall.aws.api_keys import ApiKey, KeyStatus, put_api_key
from footfall.aws.backfills import BEGINNING, Place, Walk, begin, move
from footfall.aws.event_names import record_sightings
from footfall.aws.keys import members_key
from footfall.aws.members import settle_members
from footfall.aws.queue import MAX_MESSAGE_BYTES
from footfall.aws.segment_changes import put_segment
from footfall.aws.segment_states import put_state, to_state_item
from footfall.aws.timeline import MAX_INLINE_BYTES
from footfall.domain import limits
from footfall.domain.catalogue import REMEMBERED_BATCHES, Sighting
from footfall.domain.properties import PropertyType
from footfall.domain.stores import Scope
from footfall.http.route import Route
from footfall.http.routes import OWN_ROUTES
from footfall.segments.counting import CountEvidence
from footfall.segments.deciding import Decision
from footfall.segments.reading import read_definition
from footfall.segments.readings import Reading
from footfall.segments.state import State
from footfall.segments.summing import SumEvidence
from footfall.segments.transitions import Cause, Decided, Transition
from footfall.settings import Setting
from infra.queues import MAX_RECEIVES
from tests.builders import NOON, STORE, deliver, email, message, own_id, purchase
from tests.docs.code_names import commands, log_messages, metrics
from tests.docs.documents import (
    API,
    DATA_MODEL,
    DOCUMENTS,
    OPERATIONS,
    ROOT,
    anchors,
    blocks,
    links,
    section,
)
from tests.infra.synthesis import SynthesisedStack
from tests.moto_cloud import TABLE_NAMES, all_items, moto_cloud

LIMITS = {
    "MAX_BULK_EVENTS": f"| events in a bulk request | 1 to {limits.MAX_BULK_EVENTS} |",
    "MAX_EVENT_BYTES": f"| one event | {limits.MAX_EVENT_BYTES:,} bytes",
    "MAX_BODY_BYTES": f"| the body of one request, bulk or single | {limits.MAX_BODY_BYTES:,} ",
    "MAX_STRING_BYTES": f"| {limits.MAX_STRING_BYTES:,} bytes (100 KB) as UTF-8 |",
    "MAX_PROPERTIES": f"custom fields | {limits.MAX_PROPERTIES} each |",
    "MAX_NAME_CHARACTERS": f"of custom fields | 1 to {limits.MAX_NAME_CHARACTERS} characters |",
    "MAX_DEPTH": f"| nested arrays and objects | {limits.MAX_DEPTH} levels",
    "MAX_NUMBER_DIGITS": f"| digits of a number | {limits.MAX_NUMBER_DIGITS} |",
    "MIN_NUMBER_EXPONENT": f"| from 1E{limits.MIN_NUMBER_EXPONENT} to",
    "MAX_NUMBER_EXPONENT": f"to below 1E+{limits.MAX_NUMBER_EXPONENT + 1} |",
    "EARLIEST_TIMESTAMP": f"| `eventTimestamp` | from {limits.EARLIEST_TIMESTAMP:%Y-%m-%d} to",
    "LATEST_TIMESTAMP_AHEAD": f"to {limits.LATEST_TIMESTAMP_AHEAD.days} days ahead |",
    "MAX_CUSTOMER_BYTES": f"says about a customer | {limits.MAX_CUSTOMER_BYTES:,} bytes",
}
CUSTOMER = "45cde4752c1be81ce3806b76"


@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_is_listed_with_its_value(limit: str) -> None:
    assert LIMITS[limit] in API


def test_no_limit_is_left_out() -> None:
    numbers_and_times = (int, datetime, timedelta)
    assert LIMITS.keys() == {
        name for name, value in vars(limits).items() if isinstance(value, numbers_and_times)
    }


@pytest.mark.parametrize("route", OWN_ROUTES, ids=str)
def test_every_route_is_listed_with_its_scope_and_its_rate(route: Route) -> None:
    row = f"| `{route.method} {route.path}` | `{route.scope}` | {route.requests_per_second} |"
    assert row in API


@pytest.mark.parametrize("scope", Scope)
def test_every_scope_is_named(scope: Scope) -> None:
    assert f"`{scope}`" in API
    assert f"`{scope}`" in OPERATIONS


@pytest.mark.parametrize("setting", Setting)
def test_every_setting_is_named(setting: Setting) -> None:
    assert f"`{setting}`" in DATA_MODEL


def test_every_table_is_described_with_its_setting(dev: SynthesisedStack) -> None:
    deployed = {name.removeprefix("Tables")[:-8] for name in dev.resources("AWS::DynamoDB::Table")}
    assert deployed == set(TABLE_NAMES.values())
    for setting, table in TABLE_NAMES.items():
        assert f"`{setting}`" in section(DATA_MODEL, table)


def test_every_stored_attribute_is_described_with_its_table() -> None:
    with moto_cloud():
        _store_something_everywhere()
        stored = {setting: all_items(setting) for setting in TABLE_NAMES}
    for setting, items in stored.items():
        assert items
        described = section(DATA_MODEL, TABLE_NAMES[setting])
        missing = {name for item in items for name in item if f"`{name}`" not in described}
        assert not missing, f"{TABLE_NAMES[setting]} stores {missing}"


@pytest.mark.parametrize(
    "statement",
    [
        f"more than {MAX_INLINE_BYTES:,} bytes",
        f"An envelope over {MAX_MESSAGE_BYTES:,} bytes",
        f"After {MAX_RECEIVES} deliveries",
        f"the last {REMEMBERED_BATCHES} batches",
    ],
)
def test_the_numbers_of_the_data_model_are_those_of_the_code(statement: str) -> None:
    assert statement in " ".join(DATA_MODEL.split())


@pytest.mark.parametrize("command", sorted(f"footfall {path}" for path in commands()))
def test_every_command_has_an_example(command: str) -> None:
    examples = "\n".join(blocks(OPERATIONS, ""))
    assert f"$ {command}" in examples


@pytest.mark.parametrize("metric", sorted(metrics()))
def test_every_metric_is_explained(metric: str) -> None:
    assert f"| `{metric}` |" in OPERATIONS


@pytest.mark.parametrize("text", sorted(log_messages()))
def test_every_log_message_is_listed(text: str) -> None:
    assert f"`{text}`" in OPERATIONS


def test_every_alarm_is_explained(dev: SynthesisedStack) -> None:
    names = {
        alarm["AlarmName"].removeprefix("footfall-dev-")
        for alarm in dev.properties("AWS::CloudWatch::Alarm")
    }
    assert names
    assert not {name for name in names if f"`{name}`" not in section(OPERATIONS, "Alarms")}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    text = document.read_text()
    for link in links(text):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text()), link


def _store_something_everywhere() -> None:
    whole = purchase(1, own_id("c-1"), email("jane@example.com"), unique_id="o-1")
    large = purchase(2, data={"text": "x" * (MAX_INLINE_BYTES + 1)})
    dead = purchase(3, unique_id="o-3", data={"number": Decimal("1E+200")})
    deliver(message(replace(whole, extra={"n": 0}), large, dead))
    put_api_key(ApiKey("hash", STORE, frozenset(Scope), KeyStatus.ACTIVE, "key", datetime.now(UTC)))
    record_sightings(STORE, "x", 1, [Sighting(1, NOON, {"a": PropertyType.STRING})])
    _store_a_segment()


def _store_a_segment() -> None:
    definition = read_definition({"event": "purchase_completed"})
    put_segment(STORE, "vip", "VIP", definition, NOON)
    put_segment(STORE, "vip", "Very important", definition, NOON)
    walk = Walk(STORE, "vip", number=1, generation=1)
    begin(walk, 1, NOON)
    move(walk, 0, BEGINNING, Place(1, CUSTOMER, is_finished=True), NOON)
    state = State(
        version=1,
        generation=1,
        as_of=1,
        evidence={"a": CountEvidence(((1, 1),)), "b": SumEvidence()},
        exceptions=frozenset({1}),
        dues={1: 2},
        position=1,
        reading=Reading(1, frozenset({1})),
        armed=2,
    )
    entry = Transition("vip", "1", entered=True, effective_at=1, cause=Cause.EVENT)
    decision = Decision(state, Decided(1, 1, [entry]), is_new=True)
    put_state(to_state_item(STORE, CUSTOMER, decision), decision)
    settle_members({members_key(STORE, "vip", 0): {CUSTOMER: NOON}})
