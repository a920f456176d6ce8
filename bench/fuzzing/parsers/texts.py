"""The parsers of text: JSON, forms, filters, tokens, credentials, instants, addresses, numbers."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import strategies as st

from bench.fuzzing.inputs.bodies import form_bodies, json_bodies, torn
from bench.fuzzing.inputs.examples import REDO_EVENTS
from bench.fuzzing.inputs.json_values import HARD_TEXTS, TEXTS
from bench.fuzzing.parsers.parser import Parser
from footfall.contracts.customerio_identifiers import identifier_by_shape
from footfall.contracts.forms import InvalidFormError, parse_form
from footfall.contracts.klaviyo_revisions import read_revision
from footfall.contracts.unix_time import instant_or_now
from footfall.domain.identifiers import normalise_email, normalise_phone
from footfall.domain.stores import is_api_key
from footfall.domain.strict_json import InvalidJsonError, dump_json, parse_json
from footfall.domain.timestamps import (
    format_timestamp,
    parse_iso_timestamp,
    parse_timestamp,
    sortable_timestamp,
)
from footfall.http.credentials import find_key
from footfall.http.paging import page_size_of, page_token, place_of_token
from footfall.http.problems import ProblemError
from footfall.http.route import Credential
from query.klaviyo.event_ids import from_klaviyo_id, to_klaviyo_id
from query.klaviyo.filters import FilterSyntaxError, parse_filter
from query.klaviyo.periods import period_of

_NOW = datetime(2026, 4, 2, 12, 30, tzinfo=UTC)
_MOST_PAGES = 500

_FILTERS = st.sampled_from(
    [
        b'equals(email,"jane@example.com")',
        b"greater-than(datetime,2026-04-02T12:00:00Z),less-or-equal(timestamp,1775131200)",
        b"any(profile_id,[\"a\",'b\\'c']),has(metric)",
        b"equals(a.b['c'],\"\\ud83d\\u0000\")",
    ]
)
_TIMES = st.sampled_from(
    [
        *("2026-04-02T12:00:00Z", "2026-04-02t12:00:00.123456789+05:30", "2026-04-02 12:00:00z"),
        *("2026-04-02", "2026-04-02T12:00", "2026-04-02T12:00:00,5+0530", "9999-12-31T23:59:60Z"),
    ]
)
_PHONES = st.from_regex(r"\+?[0-9 ()\-./,;extp#*]{1,40}", fullmatch=True)
_EMAILS = st.from_regex(r"[a-z0-9.+\-]{0,70}@[a-z0-9.\-]{0,260}", fullmatch=True)
_TOKENS = st.text("ABCDEFabcdef0123456789+/-_=", max_size=60)
_KEYS = st.sampled_from([f"footfall_{'k' * 43}", f"footfall_public_{'p' * 43}"])
_ANY_TEXTS = TEXTS | st.text(max_size=60)


def _lossily(content: bytes) -> str:
    """Return the text as a gateway decodes it, or, of any bytes, with lone surrogates in it."""
    return content.decode("utf-8", "surrogateescape")


def _json(text: str) -> bool:
    try:
        document = parse_json(text)
    except InvalidJsonError as refusal:
        str(refusal).encode()
        return False
    assert parse_json(dump_json(document)) == document
    return True


def _form(text: str) -> bool:
    try:
        parse_form(text)
    except InvalidFormError:
        return False
    return True


def _filter(text: str) -> bool:
    try:
        conditions = parse_filter(text)
    except FilterSyntaxError:
        return False
    for one in conditions:
        if one.values:
            with suppress(ProblemError):
                period_of([one], [])
            with suppress(ProblemError):
                period_of([], [one])
    return True


def _token(text: str) -> bool:
    place = place_of_token(text)
    assert place is None or place_of_token(page_token(place)) == place
    size = page_size_of(text, _MOST_PAGES)
    assert size is None or 1 <= size <= _MOST_PAGES
    event = from_klaviyo_id(text)
    assert event is None or from_klaviyo_id(to_klaviyo_id(event)) == event
    read_revision(text)
    return place is not None or size is not None or event is not None


def _credentials(text: str) -> bool:
    found = False
    for credential in Credential:
        headers = {"authorization": text, "x-yotpo-token": text}
        key = find_key(credential, headers, {"company_id": text})
        assert key is None or is_api_key(key)
        found = found or key is not None
    return found


def _time(text: str) -> bool:
    read = [parse_timestamp(text), parse_iso_timestamp(text)]
    for instant in (*read, instant_or_now(text, now=_NOW)):
        if instant is not None:
            assert parse_timestamp(format_timestamp(instant)) == instant
            assert parse_timestamp(sortable_timestamp(instant)) == instant
    return any(read)


def _identifier(text: str) -> bool:
    found = False
    for normalise in (normalise_email, normalise_phone):
        normalised = normalise(text)
        assert normalised is None or normalise(normalised) == normalised
        found = found or normalised is not None
    if stripped := text.strip():
        assert identifier_by_shape(stripped).value
    return found


_JSON_TEXTS = json_bodies(REDO_EVENTS).map(_lossily) | _ANY_TEXTS

TEXT_PARSERS: Mapping[str, Parser] = {
    "strict JSON": Parser(_JSON_TEXTS, _json),
    "forms": Parser(
        form_bodies(["data", "name", "id", "timestamp"]).map(_lossily) | _ANY_TEXTS, _form
    ),
    "filters": Parser(torn(_FILTERS).map(_lossily) | _ANY_TEXTS, _filter),
    "page tokens and ids": Parser(_TOKENS | HARD_TEXTS.map(page_token) | _ANY_TEXTS, _token),
    "credentials": Parser(
        st.builds(
            "{}{}{}".format,
            st.sampled_from(["Bearer ", "Basic ", "klaviyo-api-key  ", ""]),
            _KEYS | _TOKENS | _ANY_TEXTS,
            st.sampled_from(["", " ", "\0", "="]),
        ),
        _credentials,
    ),
    "timestamps": Parser(_TIMES | torn(_TIMES.map(str.encode)).map(_lossily) | _ANY_TEXTS, _time),
    "e-mail addresses and phone numbers": Parser(_PHONES | _EMAILS | _ANY_TEXTS, _identifier),
}
