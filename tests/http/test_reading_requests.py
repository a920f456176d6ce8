"""What the HTTP building blocks take as a request body, and what they refuse with which status."""

import base64
import gzip

import pytest

from footfall.domain.limits import MAX_BODY_BYTES
from footfall.http.problems import ProblemError
from footfall.http.requests import read_json_body, read_request
from footfall.http.routes import CREATE_EVENT
from tests.proxy_events import proxy_event


def body_of(content: bytes, **headers: str) -> object:
    """Read a body as the gateway passes it on: as text, with U+FFFD where it is not UTF-8."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event = proxy_event(
        CREATE_EVENT,
        content.decode(errors="replace"),
        headers={"Content-Length": str(len(content)), **named},
    )
    return read_json_body(read_request(event))


def encoded_body_of(text: str) -> object:
    return read_json_body(read_request(proxy_event(CREATE_EVENT, text, is_base64=True)))


def refusal_of(content: bytes, **headers: str) -> ProblemError:
    with pytest.raises(ProblemError) as refused:
        body_of(content, **headers)
    return refused.value


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
    ],
)
def test_json_in_utf_8_is_read(media_type: str) -> None:
    assert body_of('{"city":"Zürich"}'.encode(), content_type=media_type) == {"city": "Zürich"}


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"],
)
def test_any_other_media_type_is_415(media_type: str) -> None:
    assert refusal_of(b"{}", content_type=media_type).status == 415


def test_header_names_are_case_insensitive() -> None:
    assert refusal_of(b"{}", CONTENT_TYPE="text/plain").status == 415


def packed_body_of(content: bytes) -> object:
    """Read a body as a gateway that does not unpack passes it on: as base64."""
    text = base64.b64encode(content).decode()
    event = proxy_event(CREATE_EVENT, text, headers={"Content-Encoding": "gzip"}, is_base64=True)
    return read_json_body(read_request(event))


def test_gzip_is_unpacked_unless_the_gateway_has_done_it() -> None:
    assert packed_body_of(gzip.compress(b'{"a":1}')) == {"a": 1}
    assert body_of(b'{"a":1}', content_encoding="gzip") == {"a": 1}
    assert body_of(b"{}", content_encoding="identity") == {}


@pytest.mark.parametrize("encoding", ["br", "deflate", "compress", "gzip, gzip"])
def test_any_other_compression_is_415(encoding: str) -> None:
    assert refusal_of(b"{}", content_encoding=encoding).status == 415


@pytest.mark.parametrize("cut", [12, -1])
def test_what_is_no_whole_gzip_is_400(cut: int) -> None:
    with pytest.raises(ProblemError) as refused:
        packed_body_of(gzip.compress(b'{"a":1}')[:cut])
    assert refused.value.status == 400


def test_a_body_that_unpacks_to_more_than_the_limit_is_413() -> None:
    assert packed_body_of(gzip.compress(b" " * (MAX_BODY_BYTES - 2) + b"{}")) == {}
    with pytest.raises(ProblemError) as refused:
        packed_body_of(gzip.compress(b" " * (MAX_BODY_BYTES - 1) + b"{}"))
    assert refused.value.status == 413


def test_a_replacement_character_in_a_packed_body_is_what_its_sender_meant() -> None:
    text = '{"a":"�"}'
    assert body_of(text.encode(), content_encoding="gzip", content_length="7") == {"a": "�"}


@pytest.mark.parametrize("content", [b"", b"  \n"])
def test_an_empty_body_is_400(content: bytes) -> None:
    problem = refusal_of(content)
    assert problem.status == 400
    assert [fault.pointer for fault in problem.faults] == [""]


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1,"a":2}',
        b'{"a":"\\ud800"}',
        b'{"a":1}}',
        b"[" * 100_000,
        b"9" * 5_000,
        b'{"a":1e99999999999999999999}',
    ],
)
def test_what_is_not_strict_json_is_400(content: bytes) -> None:
    problem = refusal_of(content)
    assert problem.status == 400
    assert [fault.pointer for fault in problem.faults] == [""]


def test_bad_utf_8_is_400_even_though_the_gateway_has_replaced_it() -> None:
    assert refusal_of(b'{"city":"Z\xfcrich"}').status == 400


def test_a_replacement_character_that_was_sent_is_data() -> None:
    assert body_of('{"a":"\ufffd"}'.encode()) == {"a": "\ufffd"}


@pytest.mark.parametrize("length", ["0" * 5_000, "9" * 5_000, "\N{ARABIC-INDIC DIGIT THREE}"])
def test_an_announced_length_that_no_number_can_hold_breaks_nothing(length: str) -> None:
    assert refusal_of('{"a":"\ufffd"}'.encode(), content_length=length).status == 400


def test_bad_utf_8_in_a_base64_body_is_400() -> None:
    with pytest.raises(ProblemError) as refused:
        encoded_body_of(base64.b64encode(b'{"city":"Z\xfcrich"}').decode())
    assert refused.value.status == 400


def test_base64_bodies_are_decoded_and_must_be_base64() -> None:
    assert encoded_body_of(base64.b64encode('{"a":"ü"}'.encode()).decode()) == {"a": "ü"}
    with pytest.raises(ProblemError):
        encoded_body_of("*")


def test_the_body_may_be_as_long_as_the_limit_and_no_longer() -> None:
    padding = MAX_BODY_BYTES - len('{"a":""}')
    assert body_of(b'{"a":"%s"}' % (b"x" * padding)) == {"a": "x" * padding}
    assert refusal_of(b'{"a":"%s"}' % (b"x" * (padding + 1))).status == 413
    assert refusal_of(b'{"a":"%s"}' % ("é".encode() * padding)).status == 413


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    detail = refusal_of(b'{"secret jane@example.com": tru}').faults[0].detail
    assert "jane" not in detail
    assert "tru" not in detail
