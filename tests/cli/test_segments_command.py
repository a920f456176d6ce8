"""`footfall segments`: files become the store's segments, and people see who is in them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli import segment_waiting
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue
from tests.cli.conftest import Footfall
from tests.cli.fake_api import FakeApi, problem

BOUGHT: Mapping[str, JsonValue] = {"event": "bought"}
Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "segments"
    path.mkdir()
    return path


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes the file of a segment."""

    def one(segment_id: str, definition: JsonValue = BOUGHT, name: str = "A segment") -> Path:
        path = folder / f"{segment_id}.json"
        path.write_text(dump_json({"name": name, "definition": definition}))
        return path

    return one


def test_a_folder_is_stored_and_the_second_time_there_is_nothing_to_do(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    write("buyers")
    write("others", {"not": {"event": "bought", "within": {"last": "30d"}}}, "Name of others")
    (folder / "README.md").write_text("Not a segment.")
    first = footfall("segments", "apply", folder)
    assert first.exit_code == 0, first.output
    assert fake_api.segments.calls == ["PUT buyers", "PUT others"]
    assert fake_api.segments.stored["others"] == {
        "name": "Name of others",
        "definition": {"not": {"event": "bought", "within": {"last": "30d"}}},
    }
    second = footfall("segments", "apply", folder)
    assert second.exit_code == 0
    assert "Nothing to do: 2 segments as the files say." in second.output
    assert len(fake_api.segments.calls) == 2


def test_only_what_differs_is_sent_and_shown_as_a_difference(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    write("same")
    write("other", {"event": "bought", "count": {"gte": 2}})
    footfall("segments", "apply", folder)
    fake_api.segments.calls.clear()
    (folder / "same.json").write_text(
        '{ "definition": {"event":   "bought"},\n  "name": "A segment" }'
    )
    changed = write("other", {"event": "bought", "count": {"gte": 3}})
    write("fresh")
    result = footfall("segments", "apply", folder)
    assert fake_api.segments.calls == ["PUT fresh", "PUT other"]
    lines = [line.strip() for line in result.output.splitlines()]
    assert f"new       fresh  {folder / 'fresh.json'}" in lines
    assert f"change    other  {changed}" in lines
    assert '-      "gte": 2' in lines
    assert '+      "gte": 3' in lines
    assert "1 segment unchanged." in lines


def test_a_new_name_and_a_number_written_otherwise_are_changes(
    footfall: Footfall, fake_api: FakeApi, write: Write
) -> None:
    path = write("vip", {"attribute": "customFields.n", "op": "eq", "value": 1})
    footfall("segments", "apply", path)
    write("vip", {"attribute": "customFields.n", "op": "eq", "value": True})
    footfall("segments", "apply", path)
    write("vip", {"attribute": "customFields.n", "op": "eq", "value": True}, "Another name")
    result = footfall("segments", "apply", path)
    assert fake_api.segments.calls == ["PUT vip"] * 3
    assert '+  "name": "Another name",' in result.output


def test_a_dry_run_changes_nothing(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    write("vip")
    fake_api.segments.stored["old"] = {"name": "Old", "definition": BOUGHT}
    result = footfall("segments", "apply", folder, "--dry-run", "--prune")
    assert result.exit_code == 0, result.output
    assert "new       vip" in result.output
    assert "delete    old" in result.output
    assert fake_api.segments.calls == []


def test_what_is_referred_to_comes_first(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    write("a", {"all": [{"not": {"segment": "b"}}, BOUGHT]})
    write("b", {"any": [{"segment": "c"}, {"segment": "d"}]})
    write("c")
    write("d")
    result = footfall("segments", "apply", folder)
    assert result.exit_code == 0, result.output
    assert fake_api.segments.calls == ["PUT c", "PUT d", "PUT b", "PUT a"]


def test_pruning_deletes_dependants_first_and_asks(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    for segment_id, definition in (
        ("base", BOUGHT),
        ("middle", {"segment": "base"}),
        ("above", {"segment": "middle"}),
        ("kept", {"segment": "base"}),
    ):
        fake_api.segments.stored[segment_id] = {"name": "A segment", "definition": definition}
    write("kept")
    kept = footfall("segments", "apply", folder, "--dry-run")
    assert "not here  middle" in kept.output
    refused = footfall("segments", "apply", folder, "--prune")
    assert refused.exit_code == 1
    assert fake_api.segments.calls == []
    result = footfall("segments", "apply", folder, "--prune", "--yes")
    assert result.exit_code == 0, result.output
    assert fake_api.segments.calls == [
        "PUT kept",
        "DELETE above",
        "DELETE middle",
        "DELETE base",
    ]
    assert list(fake_api.segments.stored) == ["kept"]
    again = footfall("segments", "apply", folder, "--prune")
    assert "Nothing to do: 1 segment as the files say." in again.output


def test_pruning_needs_a_folder_that_holds_segments(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    empty = footfall("segments", "apply", folder, "--prune", "--yes")
    assert empty.exit_code == 2
    assert "holds no file that ends in .json" in empty.stderr
    assert footfall("segments", "apply", write("vip"), "--prune").exit_code == 2
    assert fake_api.requests == []


def test_every_fault_of_every_file_is_shown_and_nothing_is_sent(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    write("good")
    bad = write("bad", {"all": [{"event": "x", "count": {"gte": 1001}}, {"event": 5}]})
    (folder / "worse.json").write_text('{"name": "", "definition": {}, "note/s": 1}')
    (folder / "broken.json").write_text('{"name": "x",')
    (folder / "no id.json").write_text(dump_json({"name": "x", "definition": BOUGHT}))
    (folder / "bytes.json").write_bytes(b"\xff")
    (folder / "list.json").write_text("[]")
    result = footfall("segments", "apply", folder)
    assert result.exit_code == 2
    assert f"{bad}: /definition/all/0/count/gte: Must be a whole number" in result.output
    assert f"{bad}: /definition/all/1/event: Must be a string." in result.output
    assert f"{folder / 'worse.json'}: /name: Must not be empty." in result.output
    assert f"{folder / 'worse.json'}: /definition: Must be an object with one of" in result.output
    assert f"{folder / 'worse.json'}: /note~1s: There is no such field here." in result.output
    assert f"{folder / 'broken.json'}: Must be JSON: " in result.output
    assert f"{folder / 'no id.json'}: The file's name must be the segment's id" in result.output
    assert f"{folder / 'bytes.json'}: Must be UTF-8." in result.output
    assert f"{folder / 'list.json'}: Must be a JSON object." in result.output
    assert "9 faults in 6 files; nothing was sent." in result.stderr
    assert fake_api.requests == []


def test_a_segment_cannot_be_called_as_a_route_is(
    footfall: Footfall, fake_api: FakeApi, write: Write
) -> None:
    result = footfall("segments", "apply", write("preview"))
    assert result.exit_code == 2
    assert "No segment can have the id `preview`" in result.output
    assert fake_api.requests == []


def test_two_files_of_one_segment_are_refused(
    footfall: Footfall, fake_api: FakeApi, tmp_path: Path, write: Write
) -> None:
    first = write("vip")
    second = tmp_path / "vip.json"
    second.write_text(first.read_text())
    result = footfall("segments", "apply", first, second)
    assert result.exit_code == 2
    assert f"{second}: {first} is the same segment." in result.output
    assert footfall("segments", "apply", first, first).exit_code == 0
    assert fake_api.segments.calls == ["PUT vip"]


def test_references_that_lead_nowhere_or_round_are_told_with_their_place(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    fake_api.segments.stored["there"] = {"name": "There", "definition": {"segment": "a"}}
    a = write("a", {"all": [BOUGHT, {"segment": "there"}]})
    b = write("b", {"not": {"segment": "nowhere"}})
    result = footfall("segments", "apply", folder)
    assert result.exit_code == 2
    assert f"{a}: /definition/all/1/segment: Must not lead back to the segment" in result.output
    assert f"{b}: /definition/not/segment: This segment does not exist." in result.output
    assert fake_api.segments.calls == []


def test_a_reference_to_what_pruning_deletes_is_refused(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    fake_api.segments.stored["old"] = {"name": "Old", "definition": BOUGHT}
    write("a", {"segment": "old"})
    write("b", {"any": [{"segment": "a"}, {"segment": "c"}]})
    write("c")
    assert footfall("segments", "apply", folder, "--prune", "--yes").exit_code == 2
    assert fake_api.segments.calls == []
    assert footfall("segments", "apply", folder).exit_code == 0


def test_what_grows_too_large_by_its_references_is_refused(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    write("base", {"any": [{"any": [BOUGHT] * 50}, {"any": [BOUGHT] * 50}]})
    path = write("large", {"any": [{"segment": "base"}] * 11})
    result = footfall("segments", "apply", folder)
    assert result.exit_code == 2
    assert f"{path}: /definition: With everything it refers to" in result.output
    assert fake_api.segments.calls == []


def test_a_refusal_of_the_api_names_the_place(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    write("vip")
    fault = {"pointer": "/definition/event", "detail": "Must be known."}
    fake_api.faults[2] = problem(400, "Faulty.", [fault])
    result = footfall("segments", "apply", folder)
    assert result.exit_code == 2
    refusal = "Segment vip is refused: /definition/event: Must be known. (400)"
    assert refusal in result.stderr
    assert footfall("segments", "apply", folder).exit_code == 0


def test_waiting_ends_when_the_segments_of_the_files_are_live(
    footfall: Footfall,
    fake_api: FakeApi,
    folder: Path,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(segment_waiting, "_SECONDS_BETWEEN_LOOKS", 0)
    write("vip")
    fake_api.segments.stored["other"] = {"name": "Other", "definition": BOUGHT}
    fake_api.segments.looks_until_live = {"vip": 4, "other": 1_000}
    result = footfall("segments", "apply", folder, "--wait")
    assert result.exit_code == 0, result.output
    assert fake_api.segments.looks_until_live["vip"] == 0
    assert "Live." in result.output


def test_more_segments_than_a_page_holds_are_compared(
    footfall: Footfall, fake_api: FakeApi, folder: Path, write: Write
) -> None:
    for number in range(600):
        fake_api.segments.stored[f"s{number}"] = {"name": "A segment", "definition": BOUGHT}
    write("s599")
    result = footfall("segments", "apply", folder)
    assert "Nothing to do: 1 segment as the files say." in result.output


def test_the_list_tells_status_and_members(footfall: Footfall, fake_api: FakeApi) -> None:
    assert "No segment yet" in footfall("segments", "list").output
    fake_api.segments.stored |= {
        "vip": {"name": "Very important", "definition": BOUGHT},
        "new": {"name": "New", "definition": BOUGHT},
    }
    fake_api.segments.looks_until_live["new"] = 1
    fake_api.segments.members["vip"] = [("c0ffee", "2026-04-02T12:00:00Z")]
    lines = footfall("segments", "list").output.splitlines()
    assert lines[0].split() == ["Segment", "Name", "Status", "Members", "Version"]
    assert lines[2].split()[:3] == ["new", "New", "building"]
    assert "1,200 of 5,000 customers" in lines[2]
    assert lines[3].split()[:5] == ["vip", "Very", "important", "live", "1"]


def test_one_segment_is_shown_with_its_definition(footfall: Footfall, fake_api: FakeApi) -> None:
    fake_api.segments.stored["vip"] = {"name": "Very important", "definition": BOUGHT}
    result = footfall("segments", "show", "vip")
    assert "Name     Very important" in result.output
    assert '{\n  "event": "bought"\n}\n' in result.output
    missing = footfall("segments", "show", "nobody")
    assert missing.exit_code == 2
    assert "The store has no such segment" in missing.stderr


def test_all_members_are_printed_a_line_each(footfall: Footfall, fake_api: FakeApi) -> None:
    fake_api.segments.stored["vip"] = {"name": "VIP", "definition": BOUGHT}
    fake_api.segments.members["vip"] = [
        (f"c{number}", "2026-04-02T12:00:00Z") for number in range(1_001)
    ]
    result = footfall("segments", "members", "vip")
    assert result.output.splitlines() == [
        f"c{number}  2026-04-02T12:00:00Z" for number in range(1_001)
    ]


def test_deleting_asks_first(footfall: Footfall, fake_api: FakeApi) -> None:
    fake_api.segments.stored |= {
        "vip": {"name": "VIP", "definition": BOUGHT},
        "gone": {"name": "Not VIP", "definition": {"not": {"segment": "vip"}}},
    }
    assert footfall("segments", "delete", "gone").exit_code == 1
    assert fake_api.segments.calls == []
    refused = footfall("segments", "delete", "vip", "--yes")
    assert refused.exit_code == 2
    assert "Segment vip is not deleted: Segments refer to it: gone. (409)" in refused.stderr
    assert footfall("segments", "delete", "gone", "--yes").exit_code == 0
    again = footfall("segments", "delete", "gone", "--yes")
    assert again.exit_code == 2
    assert "The store has no segment gone." in again.stderr
