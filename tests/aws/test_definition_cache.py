"""The definitions that a process remembers: each is read once, and old ones make room."""

import gc
import weakref

from footfall.aws.definition_cache import DefinitionCache
from footfall.segments.definitions import Node

FIRST, SECOND, THIRD = ('{"event":"a"}', '{"event":"b"}', '{"event":"c"}')


def test_a_definition_is_read_once() -> None:
    cache = DefinitionCache()
    assert cache.definition_of(FIRST) is cache.definition_of(FIRST)


def test_the_one_asked_for_longest_ago_makes_room() -> None:
    cache = DefinitionCache(room=2 * len(FIRST))
    first, second = (weak(cache.definition_of(text)) for text in (FIRST, SECOND))
    cache.definition_of(FIRST)
    cache.definition_of(THIRD)

    gc.collect()
    assert first() is cache.definition_of(FIRST)
    assert second() is None


def test_one_that_is_too_long_is_read_all_the_same() -> None:
    cache = DefinitionCache(room=len(FIRST) - 1)
    definition = weak(cache.definition_of(FIRST))

    gc.collect()
    assert definition() is None
    assert cache.definition_of(FIRST) == cache.definition_of(FIRST)


def weak(definition: Node) -> weakref.ref[Node]:
    return weakref.ref(definition)
