"""A profile names functions as readers know them, and tells who takes the most."""

from bench.profiling import own_times, readable_name, top_of


def test_functions_have_the_names_that_readers_know() -> None:
    assert readable_name("<method 'get' of 'dict' objects>") == "dict.get"
    assert readable_name("<built-in method builtins.len>") == "len"
    assert readable_name("to_event") == "to_event"


def test_who_works_most_stands_first() -> None:
    own = own_times(lambda: (_work(300_000), sorted(range(10))))
    first, *_ = top_of(own)
    assert first["name"] == f"{__name__}._work"
    assert 0.5 < first["share"] <= 1


def _work(turns: int) -> int:
    total = 0
    for turn in range(turns):
        total ^= turn
    return total
