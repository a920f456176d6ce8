"""Bodies as bytes: documents as JSON or as forms, torn, mixed up, badly encoded, and packed."""

import gzip
import zlib
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from hypothesis import strategies as st

from bench.fuzzing.inputs.json_values import any_of
from bench.fuzzing.inputs.mutations import near
from footfall.domain.limits import MAX_BODY_BYTES
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonValue

_INSERTIONS = (
    *(b"1e999999", b"-1E-999999999999", b"9" * 5_000, b"NaN", b"-Infinity", b"01", b"1.", b"- 1"),
    *(b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\ud83d\\ude00"', b"\xed\xa0\x80", b"\xff", b"\0"),
    *(b"\xef\xbb\xbf", b"\xef\xbf\xbd", b'"\\u0000"', b"\\", b'"', b"{", b"]", b",", b":", b"//"),
    *(b'{"a":1,"a":2}', b"[" * 500, b'{"a":' * 900, b"[" * 100_000, b"&a[b][]=c", b"%00", b"%ff"),
)
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1")


@st.composite
def torn(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Return bytes with something put in, left out or repeated in a few places."""
    content = draw(whole)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 20)))
        put = draw(any_of(_INSERTIONS) | st.binary(max_size=10))
        content = content[:start] + put + content[end:]
    return content


def json_bodies(examples: Sequence[JsonValue]) -> st.SearchStrategy[bytes]:
    """Return bodies that are, or that were once, the JSON of documents near the examples."""
    sound = near(examples).map(_json)
    encoded = st.builds(_encoded, near(examples), st.sampled_from(_ENCODINGS))
    return sound | sound | torn(sound) | encoded | st.binary(max_size=200)


def form_bodies(fields: Sequence[str]) -> st.SearchStrategy[bytes]:
    """Return bodies that are, or that were once, forms with some of these fields."""
    names = st.sampled_from(fields) | st.text(max_size=20)
    steps = st.lists(st.sampled_from(["", "[]", "[a]", "[a][]", "[", "]", "[a][b][c]"]), max_size=6)
    brackets = st.builds(lambda name, parts: name + "".join(parts), names, steps)
    values = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    sound = st.lists(st.tuples(brackets, values), max_size=12).map(_form)
    return sound | torn(sound)


@st.composite
def packed(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> bytes:
    """Return bodies as gzip: sound, torn, twice, in two members, and of far more than it may be."""
    return draw(st.sampled_from(_PACKINGS))(draw(bodies))


def _json(document: JsonValue) -> bytes:
    return dump_json(document).encode()


def _encoded(document: JsonValue, encoding: str) -> bytes:
    return dump_json(document).encode(encoding, errors="replace")


def _form(fields: Sequence[tuple[str, str]]) -> bytes:
    return urlencode(fields, errors="surrogatepass").encode()


def _packed(content: bytes) -> bytes:
    return gzip.compress(content)


def _twice(content: bytes) -> bytes:
    return gzip.compress(gzip.compress(content))


def _torn(content: bytes) -> bytes:
    return gzip.compress(content)[:-9]


def _in_two_members(content: bytes) -> bytes:
    return gzip.compress(content) + gzip.compress(content)


def _as_zlib(content: bytes) -> bytes:
    return b"\x1f\x8b" + zlib.compress(content)


def _far_too_much(_: bytes) -> bytes:
    return _BOMB


_BOMB = gzip.compress(b" " * (10 * MAX_BODY_BYTES))
_PACKINGS: Sequence[Callable[[bytes], bytes]] = (
    *(_packed, _twice, _torn, _in_two_members, _as_zlib, _far_too_much),
)
