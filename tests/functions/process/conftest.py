"""What the tests of process share."""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any, cast

import pytest
from botocore.client import BaseClient

from tests.moto_cloud import moto_cloud


@pytest.fixture
def cloud() -> Iterator[None]:
    with moto_cloud():
        yield


@pytest.fixture
def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make moto as atomic as AWS: threads interleave between calls, never inside one."""
    lock = Lock()
    make_call = cast("Any", BaseClient)._make_api_call

    def locked(self: BaseClient, operation: str, parameters: Mapping[str, Any]) -> object:
        with lock:
            return make_call(self, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", locked)
