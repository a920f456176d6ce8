"""An event that moves to another timeline is counted, and told of, where it stood first only."""

from footfall.domain.values import JsonObject
from footfall.settings import Setting
from tests.builders import anonymous, message, own_id
from tests.builders import deliver as process
from tests.functions.catalogue.stream import deliver
from tests.merging_people import merge, said_by
from tests.moto_cloud import all_items, moto_cloud
from tests.segment_cloud import Stream, segment_cloud


def _catalogue() -> JsonObject:
    (entry,) = all_items(Setting.EVENT_NAMES_TABLE)
    return {name: entry[name] for name in ("sk", "count")}


def test_moving_counts_nothing() -> None:
    old, new, browser = own_id("old"), own_id("new"), anonymous("browser")
    with moto_cloud():
        stream = Stream(Setting.EVENTS_TABLE)
        for one in (said_by(1, old), said_by(2, new), said_by(3, browser), merge(4, new, old)):
            assert process(message(one)) == []
        assert process(message(said_by(5, new, browser), said_by(6, old))) == []
        changes = stream.read()
        inserted = [one for one in changes if "OldImage" not in one["dynamodb"]]
        assert len(inserted) > 5, "the test moves nothing"

        assert deliver(inserted) == []  # type: ignore[arg-type]  # as Lambda has them

        assert _catalogue() == {"sk": "purchase_completed", "count": 5}


def test_moving_tells_nothing() -> None:
    with segment_cloud() as cloud:
        for one in (said_by(1, own_id("old")), said_by(2, own_id("new"))):
            assert process(message(one)) == []
        assert process(message(merge(3, own_id("new"), own_id("old")))) == []
        inserted = [one for one in cloud.events.read() if "OldImage" not in one["dynamodb"]]

        assert deliver(inserted, tells=True) == []  # type: ignore[arg-type]

        told = [detail["eventId"][-1] for kind, detail in cloud.told if kind == "event.stored"]
        assert told == ["1", "2"]
