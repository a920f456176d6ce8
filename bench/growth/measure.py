"""Lets one thing grow at a time, and measures the same events beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from bench.growth.cost import cost_of
from bench.growth.populations import live_through, multiply
from bench.pipeline.cloud import Pipeline, pipeline
from bench.pipeline.workload import Shop, other_segments, touched_segments
from bench.results import Results
from footfall.http.routes import CREATE_EVENTS
from tests.segment_cloud import put_segments

HISTORIES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
SEGMENTS = (5, 50, 200, 500, 1_000, 2_000)
TOUCHED = (0, 1, 5, 20, 50)
CUSTOMERS = (10, 100, 1_000, 10_000, 100_000)
BATCHES = (1, 5, 10, 25, 50, 100)

_FEW = 5
_REQUESTS = 5
_TO_WARM_UP = 2


def measure() -> Results:
    """Return the cost of an event over each of the sizes."""
    return {
        "history": _over(HISTORIES, _beside_a_history),
        "segments": _over(SEGMENTS, _beside_segments),
        "touched": _over(TOUCHED, _with_touched_segments),
        "customers": _over(CUSTOMERS, _beside_customers),
        "batch": _over(BATCHES, _in_bulks),
    }


def _over(sizes: Sequence[int], cost_at: Callable[[int], Results]) -> Mapping[str, Results]:
    return {str(size): cost_at(size) for size in sizes}


def _beside_a_history(length: int) -> Results:
    """One customer with so many purchases before the new ones; ten new ones in each request."""
    with _store(_FEW) as (cloud, shop_begin):
        live_through(cloud, "customer-0@example.com", length, until=shop_begin)
        return _cost(cloud, Shop(1, shop_begin), bulk=10)


def _beside_segments(number: int) -> Results:
    """So many segments, five of which ask for the events."""
    with _store(_FEW, others=number - _FEW) as (cloud, shop_begin):
        return _cost(cloud, Shop(10, shop_begin), bulk=100)


def _with_touched_segments(number: int) -> Results:
    """So many segments, all of which ask for the events."""
    with _store(number) as (cloud, shop_begin):
        return _cost(cloud, Shop(10, shop_begin), bulk=100)


def _beside_customers(number: int) -> Results:
    """So many customers of the store, ten of whom do something."""
    with _store(_FEW) as (cloud, shop_begin):
        shop = Shop(10, shop_begin)
        _send(cloud, shop, 10, 1, is_quiet=False)
        multiply(number - 10)
        return _cost(cloud, shop, bulk=100)


def _in_bulks(size: int) -> Results:
    """Requests of so many events, of ten customers in turn, each handed on by itself."""
    with _store(_FEW) as (cloud, shop_begin):
        return _cost(cloud, Shop(10, shop_begin), bulk=size, is_quiet=True)


@contextmanager
def _store(touched: int, *, others: int = 0) -> Iterator[tuple[Pipeline, datetime]]:
    with pipeline() as cloud:
        put_segments({**touched_segments(touched), **other_segments(others)})
        yield cloud, datetime.now(UTC) - timedelta(hours=6)


def _cost(cloud: Pipeline, shop: Shop, *, bulk: int, is_quiet: bool = False) -> Results:
    """Let customers become known, and return the cost of what they do after that."""
    _send(cloud, shop, bulk, max(_TO_WARM_UP, 20 // bulk), is_quiet=is_quiet)
    cloud.forget()
    _send(cloud, shop, bulk, _REQUESTS, is_quiet=is_quiet)
    return cost_of(cloud, bulk * _REQUESTS)


def _send(cloud: Pipeline, shop: Shop, bulk: int, requests: int, *, is_quiet: bool) -> None:
    for _ in range(requests):
        answer = cloud.accept(CREATE_EVENTS, shop.bulk(bulk))
        assert answer["statusCode"] == HTTPStatus.ACCEPTED, answer
        if is_quiet:
            cloud.drain()
    cloud.drain()
