"""The segments of a store: one change at a time, each a generation, read as of one of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from footfall.aws import segment_changes
from footfall.aws.clients import dynamodb
from footfall.aws.items import to_item
from footfall.aws.segment_changes import RefusedChangeError, delete_segment, put_segment
from footfall.aws.segments import (
    Progress,
    StoredSegment,
    page_of_segments,
    read_generation,
    read_segment,
    read_segments,
)
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.timestamps import to_microseconds
from footfall.domain.values import JsonValue
from footfall.errors import ConflictError
from footfall.segments.reading import read_definition
from footfall.segments.segment import Segment
from footfall.settings import Setting
from tests.aws_calls import Call, CarryOut, Killed, around_every_call, recorded_calls
from tests.moto_cloud import all_items, moto_cloud

STORE = "store-a"
NOON = datetime(2026, 4, 2, 12, 0, 0, 123_456, tzinfo=UTC)
BOUGHT: JsonValue = {"event": "bought"}
NEVER_BOUGHT: JsonValue = {"not": BOUGHT}


@pytest.fixture(autouse=True)
def _cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("footfall.aws.attempts.time", SimpleNamespace(sleep=lambda _: None))
    with moto_cloud():
        yield


def put(
    segment_id: str, document: JsonValue = BOUGHT, *, name: str = "x", minute: int = 0
) -> tuple[StoredSegment, bool]:
    definition = read_definition(document)
    return put_segment(STORE, segment_id, name, definition, NOON + timedelta(minutes=minute))


def delete(segment_id: str) -> StoredSegment | None:
    return delete_segment(STORE, segment_id, NOON + timedelta(hours=1))


def operations(calls: list[Call]) -> list[str]:
    return [operation for operation, _ in calls]


def member_of(segment_id: str) -> JsonValue:
    return {"segment": segment_id}


def rewrite(segment_id: str, **attributes: object) -> None:
    """Change an item behind the adapter's back; None takes an attribute away."""
    key = to_item({"pk": STORE, "sk": segment_id})
    item = dynamodb().get_item(TableName=Setting.SEGMENTS_TABLE, Key=key)["Item"]
    kept = {name: value for name, value in item.items() if name not in attributes}
    dynamodb().put_item(TableName=Setting.SEGMENTS_TABLE, Item=kept | to_item(attributes))


def walk_ends(segment_id: str) -> None:
    """Do what the walk over the customers does in the end: the segment is live, or is no more."""
    stored = read_segment(STORE, segment_id)
    assert stored is not None
    if stored.definition_text is None:
        key = to_item({"pk": STORE, "sk": segment_id})
        dynamodb().delete_item(TableName=Setting.SEGMENTS_TABLE, Key=key)
    else:
        rewrite(segment_id, building=None, progress=None, progress_at=None)


def test_a_store_begins_without_segments() -> None:
    assert read_generation(STORE) == 0
    assert read_segments(STORE) == (0, [])
    assert read_segment(STORE, "vip") is None
    assert page_of_segments(STORE, after=None, limit=5) == ([], None)


def test_a_segment_is_read_as_it_was_written() -> None:
    written, is_new = put("vip", NEVER_BOUGHT, name="Very important")

    assert is_new
    assert read_segment(STORE, "vip") == written
    assert written == StoredSegment(
        segment=Segment(
            segment_id="vip",
            name="Very important",
            number=1,
            generation=1,
            definition=read_definition(NEVER_BOUGHT),
            outset=True,
            stored_at=to_microseconds(NOON),
        ),
        definition_text='{"not":{"event":"bought"}}',
        created_at=NOON,
        updated_at=NOON,
        building=Progress(),
    )
    assert read_segments(STORE) == (1, [written.segment])


def test_every_change_of_the_store_is_a_generation() -> None:
    put("a")
    put("b", minute=1)
    changed, is_new = put("a", NEVER_BOUGHT, minute=2)

    assert not is_new
    assert read_generation(STORE) == 3
    assert (changed.segment.number, changed.segment.generation) == (1, 3)
    assert (changed.created_at, changed.updated_at) == (NOON, NOON + timedelta(minutes=2))
    assert read_generation("store-b") == 0


def test_the_outset_is_that_of_the_first_definition() -> None:
    assert not put("a", BOUGHT)[0].segment.outset
    assert not put("a", NEVER_BOUGHT)[0].segment.outset
    assert put("b", member_of("a"))[0].segment.outset


def test_what_is_so_already_is_not_written() -> None:
    written, _ = put("a")
    with recorded_calls() as calls:
        assert put("a", minute=5) == (written, False)
    assert operations(calls) == ["Query"]


def test_a_name_is_changed_by_itself() -> None:
    put("a")
    walk_ends("a")

    renamed, is_new = put("a", name="y", minute=5)

    assert not is_new
    assert read_segment(STORE, "a") == renamed
    assert renamed.segment.name == "y"
    assert renamed.updated_at == NOON + timedelta(minutes=5)
    assert (renamed.segment.generation, renamed.segment.stored_at) == (1, to_microseconds(NOON))
    assert renamed.building is None
    assert read_generation(STORE) == 1


def test_the_walk_shows_in_the_progress() -> None:
    put("a")
    shards = {"0": {"done": 3, "after": "0f", "finished": False}, "15": {"done": 4}}
    rewrite("a", progress=shards)
    assert present("a").building == Progress(done=7)
    rewrite("a", total=9)
    assert present("a").building == Progress(done=7, total=9)
    put("a", NEVER_BOUGHT)
    assert present("a").building == Progress()


def test_a_segment_that_goes_is_there_until_everybody_has_left() -> None:
    put("a", NEVER_BOUGHT)
    walk_ends("a")

    going = delete("a")

    assert going == read_segment(STORE, "a")
    assert going is not None
    assert (going.segment.definition, going.segment.number, going.segment.generation) == (
        None,
        1,
        2,
    )
    assert going.segment.outset
    assert going.building == Progress()
    assert read_segments(STORE) == (2, [going.segment])
    assert page_of_segments(STORE, after=None, limit=5) == ([], None)
    with recorded_calls() as calls:
        assert delete("a") == going
    assert operations(calls) == ["Query"]


def test_an_id_can_be_used_again_when_its_segment_is_gone() -> None:
    put("a")
    delete("a")
    with pytest.raises(RefusedChangeError, match="being deleted"):
        put("a")
    walk_ends("a")
    assert read_segments(STORE) == (2, [])

    again, is_new = put("a")

    assert is_new
    assert (again.segment.number, again.segment.generation) == (3, 3)


def test_what_is_not_there_cannot_be_deleted() -> None:
    assert delete("a") is None


def test_what_others_refer_to_cannot_be_deleted() -> None:
    put("a")
    put("b", member_of("a"))
    put("c", {"not": member_of("a")})
    with pytest.raises(RefusedChangeError, match="`b`, `c`"):
        delete("a")
    delete("b")
    delete("c")
    assert delete("a")


def test_references_are_checked() -> None:
    with pytest.raises(FaultyDocumentError):
        put("b", member_of("a"))
    put("a")
    put("b", member_of("a"))
    with pytest.raises(FaultyDocumentError):
        put("a", member_of("b"))
    assert read_generation(STORE) == 2


def test_there_is_room_for_so_many_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_changes, "MAX_SEGMENTS", 2)
    put("a")
    put("b")
    with pytest.raises(RefusedChangeError, match="2 segments"):
        put("c")
    put("b", NEVER_BOUGHT)


def test_there_is_room_for_so_large_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_changes, "MAX_STORE_BYTES", 50)
    put("a")
    put("b")
    with pytest.raises(RefusedChangeError, match="50 bytes"):
        put("c")
    put("b", {"event": "viewed"})
    monkeypatch.setattr(segment_changes, "MAX_DEFINITION_BYTES", 20)
    with pytest.raises(FaultyDocumentError):
        put("b", NEVER_BOUGHT)


def test_the_largest_definition_fits_its_item() -> None:
    values: JsonValue = ["\x00" * (190_000 // 6)]  # each takes six bytes as JSON
    written, _ = put("a", {"attribute": "email", "op": "in", "value": values})
    assert present("a") == written


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6, 100])
def test_pages_walk_every_segment_that_stays_once(limit: int) -> None:
    staying = ["-", "0", "Z", "_", "a", "ab", "b"]
    for segment_id in ("A", "aa", "z", *staying):
        put(segment_id)
    for segment_id in ("A", "aa", "z"):
        delete(segment_id)

    walked: list[str] = []
    after: str | None = None
    while True:
        found, after = page_of_segments(STORE, after=after, limit=limit)
        assert 1 <= len(found) <= limit
        assert after is None or len(found) == limit
        walked += [one.segment.segment_id for one in found]
        if after is None:
            break

    assert walked == staying


def test_segments_are_read_again_when_one_is_newer_than_the_generation() -> None:
    put("a")
    put("b")
    rewrite("b", generation=3)
    with changed_during(
        "Query", lambda: rewrite("#generation", generation=3, changed="b"), before=False
    ):
        generation, found = read_segments(STORE)
    assert (generation, [one.generation for one in found]) == (3, [1, 3])


def test_a_change_that_shows_only_in_the_generation_is_waited_for() -> None:
    put("a")
    put("b")
    rewrite("#generation", generation=3, changed="b")
    with changed_during("Query", lambda: rewrite("b", generation=3), before=False):
        generation, found = read_segments(STORE)
    assert (generation, [one.generation for one in found]) == (3, [1, 3])

    rewrite("#generation", generation=4, changed="c")
    with pytest.raises(ConflictError):
        read_segments(STORE)


def test_segments_that_never_stand_still_are_a_transient_error() -> None:
    put("a")
    rewrite("a", generation=2)
    with pytest.raises(ConflictError):
        read_segments(STORE)


@pytest.mark.parametrize("rival", ["a", "b", "c"])
def test_whoever_was_slower_judges_again(rival: str) -> None:
    put("a")
    put("b")
    change = changed_during("TransactWriteItems", lambda: put(rival, NEVER_BOUGHT), before=True)
    with change:
        changed, is_new = put("a", member_of("b"))

    assert (changed.segment.generation, is_new) == (4, False)
    assert read_generation(STORE) == 4
    assert len(read_segments(STORE)[1]) == 2 + (rival == "c")


def test_two_changes_that_form_a_circle_never_both_succeed() -> None:
    put("a")
    put("b")
    rival = changed_during("TransactWriteItems", lambda: put("b", member_of("a")), before=True)
    with rival, pytest.raises(FaultyDocumentError) as refused:
        put("a", member_of("b"))

    assert [fault.pointer for fault in refused.value.faults] == ["/segment"]
    assert present("a").segment.definition == read_definition(BOUGHT)


def test_what_is_referred_to_meanwhile_is_not_deleted() -> None:
    put("a")
    rival = changed_during("TransactWriteItems", lambda: put("b", member_of("a")), before=True)
    with rival, pytest.raises(RefusedChangeError):
        delete("a")


def test_what_is_deleted_meanwhile_is_not_referred_to() -> None:
    put("a")
    rival = changed_during("TransactWriteItems", lambda: delete("a"), before=True)
    with rival, pytest.raises(FaultyDocumentError):
        put("b", member_of("a"))


def test_a_name_is_not_changed_back_with_a_definition_that_is_over() -> None:
    put("a")
    rival = changed_during("UpdateItem", lambda: put("a", NEVER_BOUGHT, name="z"), before=True)
    with rival:
        put("a", name="y")
    assert (present("a").segment.name, present("a").definition_text) == ("y", '{"event":"bought"}')
    assert read_generation(STORE) == 3


def test_a_contended_store_is_a_transient_error() -> None:
    put("a")
    rivals = iter(range(1_000))

    def overtake(carry_out: CarryOut, call: Call) -> object:
        if call[0] == "TransactWriteItems":
            number = next(rivals)
            rewrite("#generation", generation=10 + number, changed=None)
        return carry_out()

    with around_every_call(overtake), pytest.raises(ConflictError):
        put("a", NEVER_BOUGHT)
    assert present("a").segment.definition == read_definition(BOUGHT)


@pytest.mark.parametrize("die_after", [1, 2])
@pytest.mark.parametrize(
    "act", [lambda: put("b", member_of("a")), lambda: delete("b")], ids=["put", "delete"]
)
def test_a_change_that_died_can_be_repeated(act: Callable[[], object], die_after: int) -> None:
    put("a")
    put("b")
    with pytest.raises(Killed), recorded_calls(die_after=die_after):
        act()
    act()
    once = all_items(Setting.SEGMENTS_TABLE)
    act()
    assert all_items(Setting.SEGMENTS_TABLE) == once
    assert read_generation(STORE) == 3


def present(segment_id: str) -> StoredSegment:
    stored = read_segment(STORE, segment_id)
    assert stored is not None
    return stored


@contextmanager
def changed_during(operation: str, change: Callable[[], object], *, before: bool) -> Iterator[None]:
    """Make a change of another's right before, or right after, the first such call of the block."""
    changes = iter([change])

    def overtake(carry_out: CarryOut, call: Call) -> object:
        due = next(changes, None) if call[0] == operation else None
        if due is None:
            return carry_out()
        if before:
            due()
            return carry_out()
        answer = carry_out()
        due()
        return answer

    with around_every_call(overtake):
        yield
