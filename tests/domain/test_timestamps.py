from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.domain.timestamps import (
    format_timestamp,
    from_microseconds,
    parse_iso_timestamp,
    parse_timestamp,
    sortable_timestamp,
    to_microseconds,
)

INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  # Hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-04-02T12:00:00Z", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02t12:00:00z", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02 12:00:00Z", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02T14:00:00+02:00", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02T12:00:00.5Z", datetime(2026, 4, 2, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-04-02T12:00:00.123456999Z", datetime(2026, 4, 2, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2024-02-29T00:00:00-00:00", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_rfc_3339_is_read(text: str, instant: datetime) -> None:
    assert parse_timestamp(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-04-02",
        "2026-04-02T12:00:00",
        "2026-04-02T12:00Z",
        "2026-02-30T12:00:00Z",
        "2026-04-02T24:00:00Z",
        "2026-04-02T25:00:00Z",
        "2026-04-02T12:00:60Z",
        "2026-04-02T12:00:00+0200",
        "2026-04-02T12:00:00+01:60",
        "2026-04-02T12:00:00-24:00",
        "2026-04-02T12:00:00Z ",
        "٢٠٢٦-04-02T12:00:00Z",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:59:59-23:00",
        "1775131200",
    ],
)
def test_anything_else_is_no_timestamp(text: str) -> None:
    assert parse_timestamp(text) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-04-02", datetime(2026, 4, 2, tzinfo=UTC)),
        ("2026-04-02T12:00", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02 12:00:00", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02T12:00:00,5", datetime(2026, 4, 2, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-04-02t12:00:00.123456999z", datetime(2026, 4, 2, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-04-02T14:00:00+0200", datetime(2026, 4, 2, 12, tzinfo=UTC)),
        ("2026-04-02T09:00:00-03", datetime(2026, 4, 2, 12, tzinfo=UTC)),
    ],
)
def test_iso_8601_is_read_and_what_it_leaves_unsaid_is_zero(text: str, instant: datetime) -> None:
    assert parse_iso_timestamp(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "20260402",
        "2026-04",
        "2026-02-30",
        "12:00",
        "2026-04-02T12",
        "2026-04-02T",
        "2026-04-02T24:00",
        "2026-04-02T25:00",
        "2026-04-02T12:00+01:60",
        "2026-04-02T12:00+0160",
        "2026-04-02T12:00:60Z",
        "0001-01-01T00:00+23:00",
        "٢٠٢٦-04-02",
        "2026-04-02x12:00",
        "2026-W14-4",
        "1775131200",
        " 2026-04-02",
    ],
)
def test_any_other_text_is_no_date(text: str) -> None:
    assert parse_iso_timestamp(text) is None


@given(INSTANTS)
def test_what_rfc_3339_reads_is_iso_8601(instant: datetime) -> None:
    assert parse_iso_timestamp(format_timestamp(instant)) == instant


@given(INSTANTS)
def test_both_texts_name_the_same_instant(instant: datetime) -> None:
    assert parse_timestamp(format_timestamp(instant)) == instant
    assert parse_timestamp(sortable_timestamp(instant)) == instant
    assert from_microseconds(to_microseconds(instant)) == instant


@given(INSTANTS, INSTANTS)
def test_sortable_texts_sort_like_time(one: datetime, other: datetime) -> None:
    assert (sortable_timestamp(one) < sortable_timestamp(other)) == (one < other)


@given(INSTANTS, st.integers(min_value=-23, max_value=23))
def test_the_zone_of_an_instant_does_not_matter(instant: datetime, hours: int) -> None:
    elsewhere = instant.astimezone(timezone(timedelta(hours=hours)))
    assert format_timestamp(elsewhere) == format_timestamp(instant)
