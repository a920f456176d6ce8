"""Compressed evidence comes back as it was, and what is none is refused."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.segments.compressing import compress, decompress

CONTENTS = st.binary(max_size=60) | st.text(max_size=60)


@given(st.dictionaries(st.text(max_size=20), CONTENTS, max_size=8))
def test_pieces_come_back_as_they_were(pieces: dict[str, bytes | str]) -> None:
    assert decompress(compress(pieces)) == pieces


def test_the_order_of_the_pieces_does_not_matter() -> None:
    assert compress({"a": "1", "b": b"2"}) == compress({"b": b"2", "a": "1"})


@pytest.mark.parametrize("junk", [b"", b"junk", zlib.compress(b"\0"), zlib.compress(b"\xff" * 9)])
def test_what_is_no_evidence_is_refused(junk: bytes) -> None:
    with pytest.raises((ValueError, struct.error)):
        decompress(junk)
