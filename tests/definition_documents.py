"""Generates definitions of the segment language, as the JSON that a client sends."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import strategies as st

from footfall.domain.timestamps import format_timestamp

_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
_numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
_instants = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001  # hypothesis adds the time zone
    datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(format_timestamp)
_durations = st.builds("{}{}".format, st.integers(1, 500), st.sampled_from("mhdw"))
_scalars = _texts | _numbers | st.booleans()
_ignoring_case = {"ignoreCase": st.booleans()}
_paths = st.sampled_from(["value", "source", "data.a", "data.a b.c", "data.items[].type"])
_attributes = st.sampled_from(
    ["email", "createdAt", "location.city", "customFields.Loyalty Tier", "customFields.a.b"]
)
_bounds = ("gte", "gt", "lte", "lt", "eq")


def _one_of(*operators: str) -> st.SearchStrategy[str]:
    return st.sampled_from(operators)


def _tests(key: str, paths: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    def test(
        operators: st.SearchStrategy[str],
        value: st.SearchStrategy[object] | None,
        **optional: st.SearchStrategy[Any],
    ) -> st.SearchStrategy[dict[str, Any]]:
        values = {} if value is None else {"value": value}
        return st.fixed_dictionaries({key: paths, "op": operators, **values}, optional=optional)

    return st.one_of(
        test(_one_of("eq", "ne"), _scalars, **_ignoring_case),
        test(_one_of("in", "not_in"), st.lists(_scalars, min_size=1, max_size=3), **_ignoring_case),
        test(_one_of("gt", "gte", "lt", "lte"), _numbers | _instants),
        test(_one_of("between"), _pairs(_numbers) | _pairs(_instants)),
        test(_one_of("contains", "not_contains", "starts_with"), _texts, **_ignoring_case),
        test(_one_of("exists", "not_exists"), None),
    )


def _pairs(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=2, max_size=2)


def _trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def node(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        some = st.lists(parts, min_size=1, max_size=3)
        return st.one_of(
            st.fixed_dictionaries({"all": some}),
            st.fixed_dictionaries({"any": some}),
            st.fixed_dictionaries({"not": parts}),
        )

    return st.one_of(leaves, node(leaves), node(node(leaves)))


def _comparisons(
    bounds: st.SearchStrategy[Any], **others: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    single = [st.fixed_dictionaries({**others, bound: bounds}) for bound in _bounds]
    return st.one_of(*single, st.fixed_dictionaries({**others, "between": _pairs(bounds)}))


_parts = {
    "where": _trees(_tests("property", _paths)),
    "within": st.fixed_dictionaries({"last": _durations})
    | st.fixed_dictionaries({}, optional={"from": _instants, "to": _instants}),
}
_events = st.one_of(
    _names,
    st.fixed_dictionaries({"like": _names}),
    st.fixed_dictionaries({"any_of": st.lists(_names, min_size=1, max_size=3)}),
)
_behaviours = st.fixed_dictionaries(
    {"event": _events}, optional={**_parts, "count": _comparisons(st.integers(0, 1_000))}
) | st.fixed_dictionaries(
    {"event": _events}, optional={**_parts, "sum": _comparisons(_numbers, of=_paths)}
)
_relative_tests = st.fixed_dictionaries(
    {
        "attribute": _attributes,
        "op": _one_of("within_last", "not_within_last", "within_next"),
        "value": _durations,
    }
)

DEFINITIONS: st.SearchStrategy[dict[str, Any]] = _trees(
    _behaviours | _tests("attribute", _attributes) | _relative_tests
)
"""Definitions of every shape, without references to other segments."""


def shuffled(document: Any, chance: Random) -> Any:  # noqa: ANN401  # JSON
    """Return the same JSON with the keys of every object in another order."""
    match document:
        case dict():
            keys = list(document)
            chance.shuffle(keys)
            return {key: shuffled(document[key], chance) for key in keys}
        case list():
            return [shuffled(one, chance) for one in document]
        case _:
            return document
