"""The queues: one message a request, what is too large in the bucket, nothing unconfirmed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from footfall.aws.clients import sqs
from footfall.aws.queue import MAX_MESSAGE_BYTES, read_message, send_dead_letter, send_envelope
from footfall.domain.strict_json import dump_json
from footfall.domain.values import JsonObject
from footfall.errors import PermanentError, TransientError
from footfall.settings import Setting, read_setting
from tests.aws_calls import recorded_calls
from tests.moto_cloud import moto_cloud

DIED_AT = datetime(2026, 4, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


@pytest.fixture(autouse=True)
def queues(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # it comes first
    """Give every test queues of its own."""
    for setting in (Setting.EVENTS_QUEUE_URL, Setting.DEAD_LETTER_QUEUE_URL):
        monkeypatch.setenv(setting, sqs().create_queue(QueueName=str(uuid4()))["QueueUrl"])


def envelope(text: str = "x") -> JsonObject:
    return {"version": 1, "storeId": "store-1", "events": [{"eventId": "e-1", "text": text}]}


def received(queue: Setting) -> dict[str, object]:
    """Return the only message of a queue."""
    (message,) = sqs().receive_message(
        QueueUrl=read_setting(queue),
        MaxNumberOfMessages=10,
        MessageAttributeNames=["All"],
        MessageSystemAttributeNames=["All"],
    )["Messages"]
    return dict(message)


def test_an_envelope_travels_as_one_message_in_its_stores_group() -> None:
    with recorded_calls() as calls:
        send_envelope(envelope())
    assert [operation for operation, _ in calls] == ["SendMessage"]
    message = received(Setting.EVENTS_QUEUE_URL)
    assert read_message(str(message["Body"])) == envelope()
    assert calls[0][1]["MessageGroupId"] == "store-1"


@pytest.mark.parametrize("text", ["\x00\x1f", "\ufffe\uffff", "\u2028\x7f\x85", "😀é"])
def test_every_character_that_json_can_hold_gets_through(text: str) -> None:
    send_envelope(envelope(text))
    body = str(received(Setting.EVENTS_QUEUE_URL)["Body"])
    assert read_message(body) == envelope(text)
    assert not {"\x00", "\x1f", "\ufffe", "\uffff"} & set(body), "SQS would refuse these"


def test_an_envelope_too_large_for_sqs_goes_to_the_bucket() -> None:
    room = MAX_MESSAGE_BYTES - len(dump_json(envelope("")))
    with recorded_calls() as calls:
        send_envelope(envelope("x" * room))
        send_envelope(envelope("x" * (room + 1)))
    assert [name for name, _ in calls] == ["SendMessage", "PutObject", "SendMessage"]
    pointer = str(calls[2][1]["MessageBody"])
    assert len(pointer) < 500
    assert read_message(pointer) == envelope("x" * (room + 1))


def test_a_pointer_to_nothing_can_never_be_read() -> None:
    with pytest.raises(PermanentError):
        read_message(dump_json({"version": 1, "storeId": "store-1", "object": "messages/none"}))


@pytest.mark.parametrize("body", ["", "no json", '{"a":1,"a":2}'])
def test_a_message_that_is_no_json_can_never_be_read(body: str) -> None:
    with pytest.raises(PermanentError):
        read_message(body)


def test_a_dead_letter_tells_its_reason() -> None:
    send_dead_letter(envelope(), "a key component is empty", DIED_AT)
    message = received(Setting.DEAD_LETTER_QUEUE_URL)
    assert read_message(str(message["Body"])) == envelope()
    attributes = message["MessageAttributes"]
    assert isinstance(attributes, dict)
    assert {name: value["StringValue"] for name, value in attributes.items()} == {
        "reason": "a key component is empty",
        "diedAt": "2026-04-02T12:00:00Z",
    }


def test_a_message_that_nobody_can_read_dies_as_it_came() -> None:
    send_dead_letter("no json", "it is no JSON", DIED_AT)
    assert received(Setting.DEAD_LETTER_QUEUE_URL)["Body"] == "no json"


def test_the_letter_of_one_event_does_not_replace_the_envelope_it_came_in() -> None:
    large = "x" * MAX_MESSAGE_BYTES
    whole: JsonObject = {**envelope(), "events": [{"eventId": "e-1", "text": large}, {"b": 1}]}
    with recorded_calls() as calls:
        send_envelope(whole)
        send_dead_letter(envelope(large), "it is dead", DIED_AT)
    pointers = [str(sent["MessageBody"]) for name, sent in calls if name == "SendMessage"]
    assert [read_message(pointer) for pointer in pointers] == [whole, envelope(large)]


def test_what_is_not_confirmed_is_a_transient_error() -> None:
    sqs().delete_queue(QueueUrl=read_setting(Setting.EVENTS_QUEUE_URL))
    with pytest.raises(TransientError):
        send_envelope(envelope())


def test_nothing_is_queued_when_the_bucket_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(Setting.BODIES_BUCKET, "no-such-bucket")
    with recorded_calls() as calls, pytest.raises(TransientError):
        send_envelope(envelope("x" * MAX_MESSAGE_BYTES))
    assert "SendMessage" not in [name for name, _ in calls]
