"""The events queue and its dead-letter queue: one message out, one message in.

A text too large for SQS goes to the bucket, and the message points to it:

    {"version": 1, "storeId": ..., "object": <key in the bucket>}
"""

import hashlib
from datetime import datetime

from footfall.aws.bodies import read_body, write_body
from footfall.aws.clients import sqs, translated_errors
from footfall.aws.keys import message_object_key
from footfall.domain.envelope import VERSION
from footfall.domain.strict_json import InvalidJsonError, dump_json, parse_json
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue
from footfall.errors import PermanentError
from footfall.settings import Setting, read_setting

MAX_MESSAGE_BYTES = 1_000_000
"""SQS takes 1 MiB, attributes included."""

REASON_ATTRIBUTE = "reason"
DIED_AT_ATTRIBUTE = "diedAt"

# The two characters that JSON leaves as they are and SQS refuses.
_ESCAPES = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})


def send_envelope(envelope: JsonObject) -> None:
    """Queue the events of one request as one message: all of them are accepted, or none.

    The store is the message group, by which SQS gives every store its fair turn.

    Raises:
        TransientError: when SQS has not confirmed the message; it may be there all the same.
    """
    body = _checked_in(_message(dump_json(envelope)), envelope["storeId"])
    with translated_errors("sqs.SendMessage"):
        sqs().send_message(
            QueueUrl=read_setting(Setting.EVENTS_QUEUE_URL),
            MessageBody=body,
            MessageGroupId=str(envelope["storeId"]),
        )


def read_message(body: str) -> JsonValue:
    """Return the document that a message holds or points to.

    Raises:
        PermanentError: when it is no JSON, or points to nothing.
        TransientError: when the bucket does not answer.
    """
    document = _parse(body)
    match document:
        case {"version": int(version), "object": str(key)} if version == VERSION:
            return _parse(read_body(key))
        case _:
            return document


def send_dead_letter(letter: JsonObject | str, reason: str, died_at: datetime) -> None:
    """Send what can never be processed to the dead-letter queue.

    Args:
        letter: an envelope, or the text of a message that is none.
        reason: why it died, without any value of it.
        died_at: when.

    Raises:
        TransientError: when SQS has not confirmed it.
    """
    if isinstance(letter, str):
        body = _checked_in(letter, None)
    else:
        body = _checked_in(_message(dump_json(letter)), letter.get("storeId"))
    with translated_errors("sqs.SendMessage"):
        sqs().send_message(
            QueueUrl=read_setting(Setting.DEAD_LETTER_QUEUE_URL),
            MessageBody=body,
            MessageAttributes={
                REASON_ATTRIBUTE: {"DataType": "String", "StringValue": reason},
                DIED_AT_ATTRIBUTE: {
                    "DataType": "String",
                    "StringValue": format_timestamp(died_at),
                },
            },
        )


def _parse(text: str) -> JsonValue:
    try:
        return parse_json(text)
    except InvalidJsonError:
        # What exactly is wrong may quote the document, and the reason is logged.
        raise PermanentError("the message is not valid JSON") from None


def _message(json_text: str) -> str:
    if "\ufffe" in json_text or "\uffff" in json_text:
        return json_text.translate(_ESCAPES)
    return json_text


def _checked_in(body: str, store_id: JsonValue) -> str:
    """Return the body, or the message that points to where it is now, if it is too large."""
    content = body.encode()
    if len(content) <= MAX_MESSAGE_BYTES:
        return body
    key = message_object_key(hashlib.sha256(content).hexdigest())
    write_body(key, body)
    return _message(dump_json({"version": VERSION, "storeId": store_id, "object": key}))
