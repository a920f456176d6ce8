"""Much evidence in few bytes: the conditions of a customer tell of the same events again and again.

Fifty conditions are 10 KB, which is ten write units; compressed they are two. The pieces stand one
behind the other, each with its name: 2 bytes for the length of the name, 1 that tells text from
bytes, 4 for the length of the content, then both; and all of it is compressed by zlib.
"""

import zlib
from collections.abc import Iterator, Mapping
from struct import Struct

_HEAD = Struct(">H?I")


def compress(pieces: Mapping[str, bytes | str]) -> bytes:
    """Return the pieces in as few bytes as they need."""
    return zlib.compress(b"".join(_written(name, pieces[name]) for name in sorted(pieces)))


def decompress(compressed: bytes) -> dict[str, bytes | str]:
    """Return the pieces of these bytes.

    Raises:
        ValueError, struct.error: when they are none.
    """
    try:
        written = zlib.decompress(compressed)
    except zlib.error:
        raise ValueError("this is not compressed evidence") from None
    return dict(_read(written))


def _written(name: str, content: bytes | str) -> bytes:
    is_text = isinstance(content, str)
    named, packed = name.encode(), content.encode() if isinstance(content, str) else content
    return _HEAD.pack(len(named), is_text, len(packed)) + named + packed


def _read(written: bytes) -> Iterator[tuple[str, bytes | str]]:
    place = 0
    while place < len(written):
        length_of_name, is_text, length = _HEAD.unpack_from(written, place)
        begin = place + _HEAD.size + length_of_name
        name = written[place + _HEAD.size : begin].decode()
        place = begin + length
        content = written[begin:place]
        yield name, content.decode() if is_text else content
