"""The page about the bus says what is told."""

import json
from collections.abc import Iterator

import pytest

from footfall.aws.event_bus import MAX_ENTRY_BYTES, DetailType
from footfall.aws.timeline import MAX_INLINE_BYTES
from footfall.segments.transitions import Cause
from tests.aws_calls import recorded_calls
from tests.docs.documents import ROOT, blocks
from tests.functions.publish.stream import customer, deliver, details, enters, record
from tests.moto_cloud import moto_cloud

PAGE = (ROOT / "docs" / "events-on-the-bus.md").read_text()
TOLD, PATTERN = (json.loads(block) for block in blocks(PAGE, "json"))


@pytest.fixture(autouse=True)
def _cloud() -> Iterator[None]:
    with moto_cloud():
        yield


def test_the_example_is_what_is_told() -> None:
    with recorded_calls() as calls:
        deliver([record(7, customer(1), enters("vip", 3))])

    (detail,) = details(calls)
    assert TOLD["detail"] == detail
    assert all(f"`{field}`" in PAGE for field in detail)


def test_the_pattern_asks_for_what_is_told() -> None:
    assert TOLD["source"] in PATTERN["source"]
    assert TOLD["detail-type"] in PATTERN["detail-type"]
    assert PATTERN["detail"].keys() < TOLD["detail"].keys()


@pytest.mark.parametrize("word", [*DetailType, *Cause])
def test_every_word_is_explained(word: str) -> None:
    assert f"`{word}`" in PAGE


@pytest.mark.parametrize("number", [MAX_ENTRY_BYTES, MAX_INLINE_BYTES])
def test_the_limits_are_those_of_the_code(number: int) -> None:
    assert f"{number:,} bytes" in PAGE
