"""Where each family's clients put the key: every place, and nothing beside it."""

from base64 import b64encode

import pytest

from footfall.http.credentials import find_key
from footfall.http.route import Credential

KEY = "footfall_" + "k" * 43
PUBLIC_KEY = "footfall_public_" + "p" * 43


def basic(credentials: str) -> str:
    return f"Basic {b64encode(credentials.encode()).decode()}"


@pytest.mark.parametrize("key", [KEY, PUBLIC_KEY])
def test_authorization(key: str) -> None:
    for value in (
        *(f"{scheme} {key}" for scheme in ("Bearer", "bEARER", "Klaviyo-API-Key", "Bearer ")),
        *(basic(f"{key}:"), basic(f"site:{key}"), basic(key), basic(f"caf\u00e9:{key}")),
    ):
        assert find_key(Credential.AUTHORIZATION, {"authorization": value}, {}) == key, value


@pytest.mark.parametrize(
    "value",
    [
        *("", "Bearer", f"Bearer {KEY}x", f"Digest {KEY}", f"Bearer  {KEY} {KEY}"),
        *(basic(f"site:{KEY}:"), basic("site:key"), "Basic ====", "Basic \u00e9"),
    ],
)
def test_no_key_in_authorization(value: str) -> None:
    assert find_key(Credential.AUTHORIZATION, {"authorization": value}, {}) is None


def test_the_token_of_yotpo() -> None:
    assert find_key(Credential.YOTPO_TOKEN, {"x-yotpo-token": KEY}, {}) == KEY
    assert find_key(Credential.YOTPO_TOKEN, {"authorization": f"Bearer {KEY}"}, {}) is None


def test_a_company_is_public() -> None:
    for company, found in ((PUBLIC_KEY, PUBLIC_KEY), (KEY, None), ("AbC123", None)):
        headers = {"authorization": f"Bearer {KEY}"}
        assert find_key(Credential.COMPANY_ID, headers, {"company_id": company}) == found
    assert find_key(Credential.COMPANY_ID, {}, {}) is None


def test_a_body_is_for_ingest_to_read() -> None:
    headers = {"authorization": f"Bearer {KEY}", "x-yotpo-token": KEY}
    assert find_key(Credential.BODY, headers, {"company_id": PUBLIC_KEY}) is None
