"""The Python example of the README does what the README says: nothing lost, nothing doubled."""

import re
from pathlib import Path

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.store import Store

_README = Path(__file__).parents[2] / "README.md"


def test_the_python_example_stores_its_event_once(cloud: LocalCloud, store: Store) -> None:
    example, _ = re.findall(r"```python\n(.*?)```", _README.read_text(), re.DOTALL)
    code = (
        example.replace("http://127.0.0.1:8787", cloud.file("stack.json")["url"])
        .replace("YOUR STORE", store.store_id)
        .replace("YOUR API KEY", store.api_key)
    )

    for _ in range(2):
        exec(code, {})  # noqa: S102  # the code is our own README's

    assert store.settled("order-456")["status"] == "stored"
    (event,) = store.timeline_of(1, email="jane@example.com")
    assert event["eventName"] == "purchase_completed"
    assert event["value"] == 149.99
