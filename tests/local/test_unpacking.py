"""Packed request bodies, as API Gateway unpacks them."""

import gzip
import itertools
import zlib

import pytest

from local.unpacking import NotPackedError, TooMuchPackedError, unpacked

LIMIT = 1_000
BODY = b'{"a": 1}'
PACKED = gzip.compress(BODY)
PACKED_TWICE = gzip.compress(PACKED)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        *((BODY, coding) for coding in ("", "identity", " Identity ")),
        *((PACKED, coding) for coding in ("gzip", "GZIP", " gzip ")),
        (zlib.compress(BODY), "deflate"),
    ],
    ids=itertools.count(),  # gzip notes the time, and the name of a test must not
)
def test_a_body_is_what_it_was(body: bytes, coding: str) -> None:
    assert unpacked(body, coding, LIMIT) == BODY


def test_nothing_is_nothing_however_it_is_packed() -> None:
    assert unpacked(b"", "gzip", LIMIT) == b""


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (BODY, "gzip"),
        (PACKED[:-1], "gzip"),
        (PACKED[:12], "gzip"),
        (PACKED, "deflate"),
        (BODY, "br"),
        (PACKED_TWICE, "gzip, gzip"),
    ],
    ids=itertools.count(),
)
def test_what_is_not_packed_as_it_says_is_refused(body: bytes, coding: str) -> None:
    with pytest.raises(NotPackedError):
        unpacked(body, coding, LIMIT)


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert len(unpacked(gzip.compress(b" " * LIMIT), "gzip", LIMIT)) == LIMIT
    for size in (LIMIT + 1, 1_000 * LIMIT):
        with pytest.raises(TooMuchPackedError):
            unpacked(gzip.compress(b" " * size), "gzip", LIMIT)
