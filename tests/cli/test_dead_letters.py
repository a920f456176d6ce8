"""`footfall dlq`: letters are shown without being touched, and go back as they came."""

import os

import boto3
import pytest

from cli import dead_letter_queue
from footfall.aws.clients import sqs
from footfall.domain.strict_json import dump_json
from footfall.settings import Setting
from tests.cli.conftest import Footfall

STORE = "64e5a8a1af49a89df37e4ee7"
POINTER = dump_json({"version": 1, "storeId": STORE, "object": "messages/a.json"})


def _envelope(*event_ids: str) -> str:
    events = [
        {
            "eventId": event_id,
            "eventName": "ordered",
            "identifiers": {"email": "jane@example.com"},
            "value": 1.10,
        }
        for event_id in event_ids
    ]
    return dump_json({"version": 1, "storeId": STORE, "events": events})


def _bury(body: str, reason: str | None = "the number is too long") -> str:
    attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
    answer = sqs().send_message(
        QueueUrl=os.environ[Setting.DEAD_LETTER_QUEUE_URL],
        MessageBody=body,
        MessageAttributes=attributes,  # type: ignore[arg-type]
    )
    return answer["MessageId"]


def _visible(queue: Setting) -> list[str]:
    bodies = []
    while (
        messages := sqs()
        .receive_message(QueueUrl=os.environ[queue], MaxNumberOfMessages=10)
        .get("Messages", [])
    ):
        bodies += [message["Body"] for message in messages]
    return sorted(bodies)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty queue is known to be empty at once."""
    monkeypatch.setattr(dead_letter_queue, "_SECONDS_WAITED", 0)


@pytest.mark.usefixtures("stack")
def test_letters_are_listed_with_their_reasons_and_without_customer_data(
    footfall: Footfall,
) -> None:
    _bury(_envelope("event-1"))
    moved = _bury(_envelope("event-2", "event-3"), reason=None)
    unreadable = _bury("no JSON", reason="no envelope")
    _bury(POINTER)
    output = footfall("dlq", "list").output
    assert "event-1" in output
    assert "the number is too long" in output
    assert "2 events: ordered" in output
    assert moved in output
    assert "moved by SQS" in output
    assert unreadable in output
    assert "(unreadable)" in output
    assert "(large, in S3)" in output
    assert "jane" not in output


@pytest.mark.usefixtures("stack")
def test_listing_leaves_every_letter_visible(footfall: Footfall) -> None:
    bodies = sorted(_envelope(f"event-{number}") for number in range(25))
    for body in bodies:
        _bury(body)
    for _ in range(2):
        output = footfall("dlq", "list").output
        assert all(f"event-{number} " in output for number in range(25))
    assert _visible(Setting.DEAD_LETTER_QUEUE_URL) == bodies


@pytest.mark.usefixtures("stack")
def test_chosen_letters_go_back_as_they_came(footfall: Footfall) -> None:
    chosen, kept = _envelope("event-1"), _envelope("event-2")
    _bury(chosen)
    _bury(kept)
    pointer_id = _bury(POINTER)
    result = footfall("dlq", "redrive", "event-1", pointer_id)
    assert result.exit_code == 0, result.output
    assert "2 letters sent back" in result.output
    assert _visible(Setting.EVENTS_QUEUE_URL) == sorted([chosen, POINTER])
    assert _visible(Setting.DEAD_LETTER_QUEUE_URL) == [kept]


@pytest.mark.usefixtures("stack")
def test_all_letters_go_back(footfall: Footfall) -> None:
    bodies = sorted([*(_envelope(f"event-{number}") for number in range(25)), "no JSON"])
    for body in bodies:
        _bury(body)
    assert "26 letters sent back" in footfall("dlq", "redrive", "--all").output
    assert _visible(Setting.EVENTS_QUEUE_URL) == bodies
    assert _visible(Setting.DEAD_LETTER_QUEUE_URL) == []
    assert "No dead letters." in footfall("dlq", "list").output


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("which", ["--all", "event-1"])
def test_a_letter_that_dies_again_meanwhile_waits_for_the_next_redrive(
    footfall: Footfall, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    send_back = dead_letter_queue.send_back

    def send_back_and_die(letter: dead_letter_queue.DeadLetter) -> None:
        send_back(letter)
        _bury(letter.body)

    monkeypatch.setattr("cli.dead_letters.send_back", send_back_and_die)
    _bury(_envelope("event-1"))
    assert "1 letter sent back" in footfall("dlq", "redrive", which).output
    assert len(_visible(Setting.DEAD_LETTER_QUEUE_URL)) == 1


@pytest.mark.usefixtures("stack")
def test_an_id_that_no_letter_has_is_said_so(footfall: Footfall) -> None:
    _bury(_envelope("event-1"))
    result = footfall("dlq", "redrive", "event-9")
    assert result.exit_code == 2
    assert "No dead letter has the id event-9." in result.stderr
    assert len(_visible(Setting.DEAD_LETTER_QUEUE_URL)) == 1


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("arguments", [[], ["event-1", "--all"]])
def test_redrive_wants_either_ids_or_all(footfall: Footfall, arguments: list[str]) -> None:
    assert footfall("dlq", "redrive", *arguments).exit_code == 2


@pytest.mark.usefixtures("stack")
def test_failed_stream_batches_are_mentioned(footfall: Footfall) -> None:
    queue = boto3.client("sqs").get_queue_url(QueueName="stream-failures")["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    assert "Failed stream batches: 1" in footfall("dlq", "list").output
