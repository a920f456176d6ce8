"""The bench hands over what the stack would, and plays back what was there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bench.pipeline.cloud import Pipeline, pipeline
from bench.pipeline.playback import call_again, invoke_again, played_back
from bench.pipeline.workload import Shop, touched_segments
from footfall.http.routes import CREATE_EVENTS
from footfall.settings import Setting
from tests.builders import NOON
from tests.moto_cloud import all_items
from tests.segment_cloud import put_segments


@pytest.fixture(scope="module")
def busy() -> Iterator[Pipeline]:
    """A store with segments, in which two requests came all the way."""
    with pipeline() as cloud:
        put_segments(touched_segments(2))
        shop = Shop(3, NOON - timedelta(days=1))
        for _ in range(2):
            assert cloud.accept(CREATE_EVENTS, shop.bulk(6))["statusCode"] == 202
            cloud.drain()
        yield cloud


def test_events_come_all_the_way(busy: Pipeline) -> None:
    assert len(all_items(Setting.EVENTS_TABLE)) == 12
    assert len(all_items(Setting.SEGMENT_STATES_TABLE)) == 3
    functions = {one.function for one in busy.invocations}
    assert functions == {"ingest", "process", "catalogue", "segment", "publish"}


def test_an_invocation_can_be_played_back(busy: Pipeline) -> None:
    for function in ("ingest", "process", "catalogue", "segment", "publish"):
        invocations = busy.of(function)[-1:]
        with played_back(invocations):
            invoke_again(*invocations)
        with played_back(invocations):
            call_again(*invocations)


def test_nothing_is_stored_by_playing_back(busy: Pipeline) -> None:
    before = all_items(Setting.EVENTS_TABLE)
    with played_back(busy.of("process")):
        for invocation in busy.of("process"):
            call_again(invocation)
    assert all_items(Setting.EVENTS_TABLE) == before


def test_a_function_that_asks_for_less_is_noticed(busy: Pipeline) -> None:
    with pytest.raises(AssertionError, match="not every"), played_back(busy.of("process")):
        call_again(busy.of("process")[0])


def test_a_function_that_asks_for_more_is_noticed(busy: Pipeline) -> None:
    first, second = busy.of("process")
    with played_back([first]):
        call_again(first)
        with pytest.raises(AssertionError, match="more is asked"):
            call_again(second)
