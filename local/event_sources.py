"""Hands events to functions as promptly as Lambda does, where MiniStack 1.5 takes its time.

MiniStack has one thread for all event source mappings. It looks once a second when nothing wakes
it, and waits for the function of each stream before it looks any further, at the queues as well.
"""

import threading
import time
from typing import Any

from ministack.core.concurrency import esm_wake  # type: ignore[import-untyped]  # without types
from ministack.services import dynamodb, eventbridge, lambda_svc  # type: ignore[import-untyped]

_SECONDS_BETWEEN_LOOKS = 0.1
_SECONDS_TO_CATCH_UP = 10
_QUIET_LOOKS = 3


def read_streams_side_by_side() -> None:
    """Read each mapping's stream in a thread of its own, one batch after the other.

    Otherwise a store's members would wait for the catalogue, and its events for both. A batch of
    which something is to come again comes again whole; MiniStack would forget that it is to.
    """
    every_mapping = lambda_svc._iter_all_esms  # noqa: SLF001
    poll = lambda_svc._poll_dynamodb_streams  # noqa: SLF001
    execute = lambda_svc._execute_function  # noqa: SLF001
    reader = threading.local()

    def mappings_of_this_thread() -> list[tuple[str, str, dict[str, Any]]]:
        only = getattr(reader, "mapping", None)
        return [one for one in every_mapping() if only in {None, one[2]["UUID"]}]

    def read(mapping: str) -> None:
        reader.mapping = mapping
        poll()

    def execute_for_reader(function: dict[str, Any], event: object) -> dict[str, Any]:
        result: dict[str, Any] = execute(function, event)
        return _failed_whole(result) if hasattr(reader, "mapping") else result

    def start_readers() -> bool:
        waiting = [one["UUID"] for _, _, one in every_mapping() if _has_news(one)]
        for mapping in waiting:
            lambda_svc._dispatch_esm_batch(mapping, read, mapping)  # noqa: SLF001
        return bool(waiting)

    lambda_svc._iter_all_esms = mappings_of_this_thread  # noqa: SLF001
    lambda_svc._poll_dynamodb_streams = start_readers  # noqa: SLF001
    lambda_svc._execute_function = execute_for_reader  # noqa: SLF001


def _failed_whole(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a batch as a failure, if the function asks for any of it again."""
    body = result.get("body")
    if not isinstance(body, dict) or not body.get("batchItemFailures"):
        return result
    failure = {"errorType": "BatchItemFailures", "errorMessage": "some of it is to come again"}
    return {"error": True, "body": failure, "log": result.get("log", "")}


def look_often() -> None:
    """Look ten times a second, not once: nothing wakes MiniStack when a message's delay is over.

    The same for scheduled rules, which MiniStack looks at every ten seconds.
    """
    wait = esm_wake.wait
    esm_wake.wait = lambda seconds: wait(min(seconds, _SECONDS_BETWEEN_LOOKS))
    eventbridge._SCHEDULER_TICK_INTERVAL = 1  # noqa: SLF001


def run_rules_after_a_restart() -> None:
    """Run scheduled rules right after a restart, since their time has passed meanwhile.

    MiniStack means to, but does not know when CloudFormation has created a rule.
    """
    load = eventbridge.load_persisted_state

    def load_with_dates(state: dict[str, Any]) -> None:
        load(state)
        for rule in eventbridge._rules.all_values():  # noqa: SLF001
            rule.setdefault("CreationTime", 0)

    eventbridge.load_persisted_state = load_with_dates


def catch_up() -> None:
    """Take no more messages, and wait until the readers have seen all of their streams.

    A stream keeps a record for a day, and this machine may sleep for longer. Whatever fails all the
    time, or takes too long, is not waited for.
    """
    lambda_svc._poll_sqs = lambda: False  # noqa: SLF001
    deadline = time.monotonic() + _SECONDS_TO_CATCH_UP
    quiet = 0
    while quiet < _QUIET_LOOKS and time.monotonic() < deadline:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        quiet = 0 if _is_at_work() else quiet + 1


def _is_at_work() -> bool:
    mappings = [one for _, _, one in lambda_svc._iter_all_esms()]  # noqa: SLF001
    return bool(lambda_svc._esm_inflight) or any(map(_has_news, mappings))  # noqa: SLF001


def _has_news(mapping: dict[str, Any]) -> bool:
    """Tell whether a stream has records for a mapping that may be handed to its function now."""
    uuid, source = mapping["UUID"], mapping["EventSourceArn"]
    if ":dynamodb:" not in source or not mapping.get("Enabled", True):
        return False
    if lambda_svc._esm_inflight.get(uuid):  # noqa: SLF001
        return False
    if lambda_svc._esm_backoff_until.get(uuid, 0) > time.time():  # noqa: SLF001
        return False
    end: int = dynamodb.stream_end_position(source.split("/")[1])
    return end > lambda_svc._dynamodb_stream_positions.get(uuid, 0)  # type: ignore[no-any-return]  # noqa: SLF001
