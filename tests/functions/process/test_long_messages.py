"""A message with more events than one turn has time for is sent on in parts."""

import pytest

from footfall.aws.clients import sqs
from footfall.settings import Setting, read_setting
from tests.aws_calls import Killed, recorded_calls
from tests.builders import STORE, deliver, email, message, purchase, raw_message
from tests.moto_cloud import all_items

pytestmark = pytest.mark.usefixtures("cloud")

EVENTS = [purchase(number, email(f"{number % 7}@example.com")) for number in range(450)]


def _drain() -> list[int]:
    """Deliver what is in the queue until it is empty; return how many events each message held."""
    sizes: list[int] = []
    url = read_setting(Setting.EVENTS_QUEUE_URL)
    while found := sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in found:
            sizes.append(one["Body"].count('"eventId"'))
            assert deliver(raw_message(one["Body"], one["MessageId"])) == []
            sqs().delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return sizes


def _stored() -> set[str]:
    items = all_items(Setting.EVENTS_TABLE)
    ids = {str(item["sk"]).partition("#")[2] for item in items}
    assert len(ids) == len(items)
    return ids


def test_its_events_are_stored_from_the_parts() -> None:
    assert deliver(message(*EVENTS), message(purchase(999))) == []

    assert _stored() == {purchase(999).event_id}
    assert sorted(_drain()) == [50, 200, 200]
    assert _stored() == {one.event_id for one in [*EVENTS, purchase(999)]}


def test_a_message_of_the_size_of_a_part_is_stored_at_once() -> None:
    assert deliver(message(*EVENTS[:200])) == []

    assert len(_stored()) == 200
    assert _drain() == []


@pytest.mark.parametrize("sent", [1, 2, 3])
def test_sent_on_in_part_and_delivered_again_it_is_stored_once(sent: int) -> None:
    with pytest.raises(Killed), recorded_calls(die_after=sent):
        deliver(message(*EVENTS))

    assert deliver(message(*EVENTS)) == []
    assert sum(_drain()) == 450 + min(200 * sent, 450)
    assert _stored() == {one.event_id for one in EVENTS}


def test_while_the_queue_does_not_take_the_parts_it_comes_again() -> None:
    sqs().delete_queue(QueueUrl=read_setting(Setting.EVENTS_QUEUE_URL))
    long = message(*EVENTS)

    assert deliver(long, message(purchase(999))) == [long["messageId"]]
    assert _stored() == {purchase(999).event_id}


def test_each_part_is_of_the_same_store() -> None:
    deliver(message(*EVENTS))
    _drain()

    keys = {str(item["pk"]).partition("#")[0] for item in all_items(Setting.EVENTS_TABLE)}
    assert keys == {STORE}
