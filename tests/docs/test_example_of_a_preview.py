"""The example of a preview: what is sent is answered as the page shows it."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from footfall.domain.strict_json import parse_json
from footfall.http.routes import FIND_CUSTOMER, PREVIEW_SEGMENT, PUT_SEGMENT
from query import segment_preview
from query.verdicts import BUDGET_SECONDS
from tests.builders import NOON, deliver, message, own_id, purchase
from tests.docs.documents import API, blocks, section
from tests.functions.query.calls import Caller
from tests.moto_cloud import moto_cloud

if TYPE_CHECKING:
    from footfall.domain.values import ProfileValue

SECTION = section(API, "Trying a definition")
CALLER = Caller()
VIP = {"event": "purchase_completed", "sum": {"of": "value", "gte": 1000}}


def test_the_answer_is_that_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, _tz: object = None) -> datetime:  # type: ignore[override]
            return NOON + timedelta(days=1)

    monkeypatch.setattr(segment_preview, "datetime", Clock)
    (command,) = blocks(SECTION, "sh")
    (shown,) = blocks(SECTION, "json")
    (body,) = re.findall(r"-d '(.*?)'", command, re.DOTALL)
    request = cast("dict[str, Any]", parse_json(body))
    expected = cast("dict[str, Any]", parse_json(shown))
    gold: dict[str, ProfileValue] = {"customFields.Loyalty Tier": "Gold"}
    with moto_cloud():
        deliver(message(*(purchase(number, own_id("c-1"), profile=gold) for number in range(3))))
        customer_id = CALLER.call(FIND_CUSTOMER, query={"id": "c-1"}).body["id"]
        CALLER.call(PUT_SEGMENT, body={"name": "VIP", "definition": VIP}, segmentId="vip")
        request["customerIds"][0] = customer_id
        answer = CALLER.call(PREVIEW_SEGMENT, body=request)
    expected["at"] = "2026-04-03T12:00:00Z"
    expected["customers"][0] |= {"id": customer_id, "customerId": customer_id}
    assert answer.body == expected


def test_the_time_is_that_of_the_code() -> None:
    assert f"there are {BUDGET_SECONDS:.0f} seconds" in " ".join(SECTION.split())
