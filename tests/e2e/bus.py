"""The event bus, heard through a rule and a queue of the test's own."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import boto3

from footfall.domain.strict_json import dump_json, parse_json
from tests.e2e.local_cloud import LocalCloud
from tests.e2e.polling import eventually
from tests.e2e.store import Json


class Bus:
    """What the bus has told of one store, each transition once; boto3 must reach the cloud."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url
        self._told: dict[str, Json] = {}

    def transitions(self, segment_id: str) -> list[Json]:
        """Return the entries and exits of a segment in the order in which they were decided."""
        self._listen()
        told = [one for one in self._told.values() if one["segmentId"] == segment_id]
        return sorted(told, key=lambda one: (one["at"], one["effectiveAt"]))

    def hears(self, segment_id: str, count: int, *, seconds: float = 30) -> list[Json]:
        """Wait until a segment has so many entries and exits, and return them."""

        def so_many_transitions() -> list[Json] | None:
            told = self.transitions(segment_id)
            return told if len(told) >= count else None

        told = eventually(so_many_transitions, seconds=seconds)
        assert len(told) == count, told
        return told

    def _listen(self) -> None:
        queue = boto3.client("sqs")
        while messages := queue.receive_message(
            QueueUrl=self._queue_url, MaxNumberOfMessages=10
        ).get("Messages"):
            for message in messages:
                queue.delete_message(
                    QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"]
                )
                entry = parse_json(message["Body"])
                assert isinstance(entry, dict)
                detail = {"type": entry["detail-type"], **entry["detail"]}
                assert self._told.setdefault(detail["id"], detail) == detail


@contextmanager
def heard_bus(cloud: LocalCloud, store_id: str) -> Iterator[Bus]:
    """Listen to what the bus tells of a store while the block runs."""
    name = f"tests-{store_id}"
    bus_name = cloud.outputs["EventBusName"]
    with cloud.reached_by_boto3():
        queue, events = boto3.client("sqs"), boto3.client("events")
        queue_url = queue.create_queue(QueueName=name)["QueueUrl"]
        queue_arn = queue.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])[
            "Attributes"
        ]["QueueArn"]
        events.put_rule(
            Name=name,
            EventBusName=bus_name,
            EventPattern=dump_json(
                {
                    "source": ["footfall"],
                    "detail-type": [{"prefix": "segment."}],
                    "detail": {"storeId": [store_id]},
                }
            ),
        )
        events.put_targets(
            Rule=name, EventBusName=bus_name, Targets=[{"Id": "queue", "Arn": queue_arn}]
        )
        try:
            yield Bus(queue_url)
        finally:
            events.remove_targets(Rule=name, EventBusName=bus_name, Ids=["queue"])
            events.delete_rule(Name=name, EventBusName=bus_name)
            queue.delete_queue(QueueUrl=queue_url)


def standing(transitions: Iterable[Json]) -> set[str]:
    """Return the customers that are in after these transitions of one segment."""
    last = {one["customerId"]: one["type"] for one in transitions}
    return {customer for customer, told in last.items() if told == "segment.entered"}


def alternate(transitions: Iterable[Json]) -> bool:
    """Tell whether each customer's are entries and exits in turn, from an entry on."""
    told: dict[str, list[str]] = defaultdict(list)
    for one in transitions:
        told[one["customerId"]].append(one["type"])
    turns = ["segment.entered", "segment.exited"]
    return all(types == (turns * len(types))[: len(types)] for types in told.values())
