"""`footfall segments watch`: entries and exits are told as they are decided."""

from collections.abc import Callable, Iterator

import boto3
import pytest

from cli import segments
from cli.segment_stream import TransitionStream
from footfall.aws.items import to_item
from footfall.domain.timestamps import to_microseconds
from footfall.segments.transitions import Cause, Decided, Transition, to_text
from footfall.settings import Setting
from tests.builders import NOON
from tests.cli.conftest import Footfall

_NOON = to_microseconds(NOON)


def _decide(store_id: str, version: int, *transitions: Transition) -> None:
    item: dict[str, str | int] = {"pk": f"{store_id}#c0ffee", "version": version}
    if transitions:
        item["transitions"] = to_text(Decided(version, _NOON + version, transitions))
    boto3.client("dynamodb").put_item(TableName=Setting.SEGMENT_STATES_TABLE, Item=to_item(item))


def _transition(segment_id: str, *, entered: bool, cause: Cause = Cause.EVENT) -> Transition:
    return Transition(segment_id, "0123456789abcdef", entered, _NOON - 5, cause)


@pytest.fixture
def watch(footfall: Footfall, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Runs the command while something happens, and returns what it told."""

    def run(*arguments: str) -> list[str]:
        moments = _happening()

        def sleep(_: float) -> None:
            if next(moments, "over") == "over":
                raise KeyboardInterrupt

        monkeypatch.setattr(segments, "TransitionStream", lambda arn: TransitionStream(arn, sleep))
        result = footfall("segments", "watch", *arguments)
        assert result.exit_code == 0, result.output
        return [line for line in result.output.splitlines() if "customer" in line]

    return run


def _happening() -> Iterator[None]:
    _decide("shop", 2)
    _decide("shop", 3, _transition("vip", entered=True), _transition("new", entered=False))
    yield
    _decide("other", 4, _transition("vip", entered=False, cause=Cause.TIME))
    boto3.client("dynamodb").delete_item(
        TableName=Setting.SEGMENT_STATES_TABLE, Key={"pk": {"S": "shop#c0ffee"}}
    )
    yield


@pytest.mark.usefixtures("stack")
def test_entries_and_exits_are_told_from_now_on(watch: Callable[..., list[str]]) -> None:
    _decide("shop", 1, _transition("earlier", entered=True))
    why = "cause event  effective 2026-04-02T11:59:59.999995Z"
    assert watch() == [
        f"2026-04-02T12:00:00.000003Z  entered  vip  store shop  customer c0ffee  {why}",
        f"2026-04-02T12:00:00.000003Z  exited   new  store shop  customer c0ffee  {why}",
        "2026-04-02T12:00:00.000004Z  exited   vip  store other  customer c0ffee  "
        + why.replace("event", "time"),
    ]


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize(
    ("arguments", "count"),
    [(("vip",), 2), (("vip", "new"), 3), (("--store", "shop"), 2), (("vip", "--store", "x"), 0)],
)
def test_only_what_is_asked_for_is_told(
    watch: Callable[..., list[str]], arguments: tuple[str, ...], count: int
) -> None:
    assert len(watch(*arguments)) == count
