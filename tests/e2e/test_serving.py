"""What the person and the programs beside a running local cloud can rely on."""

import signal
import ssl
import subprocess

import httpx

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.store import Store


def test_the_url_the_store_the_keys_and_a_command_are_shown_in_this_order(
    cloud: LocalCloud,
) -> None:
    stack = cloud.file("stack.json")
    screen = cloud.screen()
    told = (stack["url"], stack["storeId"], stack["apiKey"], stack["publicKey"])
    shown = [screen.index(text) for text in told]
    assert sorted(shown) == shown
    assert screen[shown[-1] :].splitlines()[2].startswith("curl ")


def test_the_command_works_when_it_is_pasted(cloud: LocalCloud) -> None:
    screen = cloud.screen()
    command = screen[screen.index("curl") :]
    answer = subprocess.run(  # noqa: S602 - the command is our own
        command, shell=True, capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith("HTTP/1.1 202")


def test_the_api_answers_over_tls(cloud: LocalCloud, store: Store) -> None:
    stack = cloud.file("stack.json")
    answer = httpx.get(
        f"{stack['tlsUrl']}/stores/{store.store_id}/event-names",
        headers={"Authorization": f"Bearer {store.api_key}"},
        verify=ssl.create_default_context(cafile=stack["caFile"]),
        trust_env=False,
    )
    assert answer.json() == {"eventNames": []}


def test_a_second_cloud_is_told_who_has_the_port(cloud: LocalCloud) -> None:
    second = cloud.run_beside()
    assert second.returncode == 1
    assert "-m local` (process " in second.stderr
    assert "make run PORT=<port>" in second.stderr


def test_events_and_keys_survive_a_restart(cloud: LocalCloud, store: Store) -> None:
    before = cloud.file("stack.json")
    visit = {"eventName": "Visited", "customer": {"email": "ada@example.com"}}
    store.send(visit | {"uniqueId": "before"})
    assert cloud.stop(signal.SIGTERM) == 0
    assert cloud.processes() == []
    cloud.start()

    assert cloud.file("stack.json") == before
    store.send(visit | {"uniqueId": "after"})
    timeline = store.timeline_of(2, email="ada@example.com")
    assert sorted(event["uniqueId"] for event in timeline) == ["after", "before"]
    assert store.counted("Visited", 2)
