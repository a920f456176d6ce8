"""Customer.io's SDK for browsers sends to Footfall, from a page in Chromium."""

from pathlib import Path

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.segments import Segments
from tests.e2e.store import Store
from tests.sdks.browser.chromium import page
from tests.sdks.failing_gateway import FailingGateway, Refusals
from tests.sdks.sdk import UNKNOWN_KEY, Place, call
from tests.sdks.timelines import deeds

ADA = "ada@example.com"


def test_a_visitor_who_tells_the_name_is_on_the_timeline_and_in_a_segment(
    cloud: LocalCloud, place: Place, store: Store, segments: Segments, tmp_path: Path
) -> None:
    public_key = cloud.new_public_key(store.store_id)
    bought = {"event": "Bought", "sum": {"of": "data.total", "gte": 42}}
    segments.put("buyers", {"all": [{"event": "Viewed"}, bought]})
    visit = (
        call("page", "Shop", "Shoes", {"size": 38}),
        call("track", "Viewed", {"product": "boot"}),
        call("identify", "ada", {"email": ADA, "firstName": "Ada"}),
        call("track", "Bought", {"total": 42.5}),
        call("screen", "App", "Basket"),
        call("group", "analysts", {"size": 2}),
    )
    with page(place.url, public_key, visit, tmp_path) as outcome:
        assert outcome.error is None
        found = {event["eventName"]: event for event in deeds(store, 5, email=ADA)}

    assert found.keys() == {"page", "Viewed", "Bought", "screen", "group"}
    assert {event["source"] for event in found.values()} == {"pipelines"}
    assert found["Bought"]["data"] == {"total": 42.5}
    assert found["page"]["data"]["name"] == "Shoes"
    assert found["page"]["data"]["title"] == "A page of a shop"
    ada = store.customer(id="ada")
    assert (ada["email"], ada["firstName"]) == (ADA, "Ada")
    segments.come_to("buyers", ada["id"])


def test_an_alias_tells_who_a_visitor_is(
    cloud: LocalCloud, place: Place, store: Store, tmp_path: Path
) -> None:
    visit = (call("track", "Viewed", {"product": "boot"}), call("alias", "ada"))
    with page(place.url, cloud.new_public_key(store.store_id), visit, tmp_path) as outcome:
        assert outcome.error is None
        (viewed,) = deeds(store, 1, id="ada")
    assert viewed["data"] == {"product": "boot"}


def test_what_was_refused_is_sent_again(
    refusals: Refusals, cloud: LocalCloud, gateway: FailingGateway, store: Store, tmp_path: Path
) -> None:
    # The SDK takes every answer that the page may read for success. So the gateway lets no page
    # read these, and the SDK takes them for failures of the network.
    public_key = cloud.new_public_key(store.store_id)
    settings = f"/v1/projects/{public_key}/settings"
    gateway.refuse(*refusals, at="/v1/t")
    track = call("track", "Bought", {"total": 42.5})
    with page(gateway.place.url, public_key, (call("identify", "ada"), track), tmp_path) as outcome:
        assert outcome.error is None
        assert len(deeds(store, 1, id="ada")) == 1
    asked = [(one.method, one.path, one.status) for one in gateway.exchanges]
    assert ("GET", settings, 200) in asked
    assert [status for _, path, status in asked if path == "/v1/t"] == [429, 503, 200]


def test_an_unknown_key_is_told_before_anything_is_sent(place: Place, tmp_path: Path) -> None:
    with page(place.url, UNKNOWN_KEY, (call("track", "Bought"),), tmp_path) as outcome:
        assert outcome.error
        assert "API key" in outcome.error["text"]
