"""Clients that repeat what was not answered, and write down what they know of its fate."""

import base64
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from bench.survival.journal import Journal
from bench.survival.load import Call, Chain, Family

_CLIENTS = 8
_SECONDS_TO_ANSWER = 40
_SECONDS_BETWEEN_ATTEMPTS = 0.4
_ATTEMPTS = 60
_ACCEPTED = frozenset({HTTPStatus.OK, HTTPStatus.ACCEPTED})
_AGAIN = frozenset({429, 500, 502, 503, 504})


class RefusedError(Exception):
    """The API says that a request is wrong: so is the measure."""


@dataclass(slots=True)
class Sent:
    """What was sent.

    Attributes:
        answers: how many requests were answered so, by status; 0 for those without an answer.
    """

    journal: Journal = field(default_factory=Journal)
    answers: Counter[int] = field(default_factory=Counter)


class Sender:
    """Sends the chains of a load, each at its time.

    Args:
        url: the root of the API.
    """

    def __init__(self, url: str, store_id: str, api_key: str) -> None:
        self.sent = Sent()
        self._writing = threading.Lock()
        self._url = url
        self._paths = {
            Family.REDO: f"/stores/{store_id}",
            Family.YOTPO: f"/core/v3/stores/{store_id}",
        }
        self._credentials = _credentials(api_key)

    def send(self, chains: Sequence[Chain]) -> None:
        """Send all of them; return when every one was accepted, or given up."""
        begin = time.monotonic()

        def send_in_time(chain: Chain) -> None:
            time.sleep(max(0.0, begin + chain.begins - time.monotonic()))
            self._send_chain(chain)

        limits = httpx.Limits(max_connections=None)
        with (
            httpx.Client(base_url=self._url, limits=limits, trust_env=False) as self._http,
            ThreadPoolExecutor(_CLIENTS) as clients,
        ):
            for sending in [clients.submit(send_in_time, chain) for chain in chains]:
                sending.result()

    def _send_chain(self, chain: Chain) -> None:
        for call in chain.calls:
            if not self._send_call(call):
                return

    def _send_call(self, call: Call) -> bool:
        """Tell whether the call was accepted, as far as its client knows."""
        with self._writing:
            self.sent.journal.sent(call.told, call.union)
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_SECONDS_BETWEEN_ATTEMPTS)
            patience = call.patience if attempt == 0 and call.patience else _SECONDS_TO_ANSWER
            status = self._attempt(call, patience)
            if status in _ACCEPTED:
                with self._writing:
                    self.sent.journal.confirmed(call.told, call.union)
                return True
        return False

    def _attempt(self, call: Call, patience: float) -> int:
        headers = dict(self._credentials[call.family])
        if call.idempotency_key is not None:
            headers["Idempotency-Key"] = call.idempotency_key
        path = self._paths.get(call.family, "") + call.path
        try:
            answer = self._http.post(path, json=call.document, headers=headers, timeout=patience)
        except httpx.TransportError:
            status = 0
        else:
            status = answer.status_code
            if status not in _ACCEPTED | _AGAIN:
                raise RefusedError(f"{path}: {status} {answer.text}")
        with self._writing:
            self.sent.answers[status] += 1
        return status


def _credentials(api_key: str) -> Mapping[Family, Mapping[str, str]]:
    def basic(user: str, password: str) -> Mapping[str, str]:
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    return {
        Family.REDO: {"Authorization": f"Bearer {api_key}"},
        Family.TRACK: basic("a-site", api_key),
        Family.PIPELINES: basic(api_key, ""),
        Family.YOTPO: {"X-Yotpo-Token": api_key},
    }
