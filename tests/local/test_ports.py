"""Ports: taken before anything starts, or a word on who has them."""

import os
import socket

import pytest

from local.ports import PortTakenError, take_port
from local.settings import HOST, read_settings


def test_a_free_port_is_taken() -> None:
    with take_port(0, "PORT") as taken:
        assert taken.getsockname()[0] == HOST


def test_a_taken_port_is_named_with_its_occupant_and_the_way_out() -> None:
    with socket.create_server((HOST, 0)) as occupant:
        port = occupant.getsockname()[1]
        with pytest.raises(PortTakenError) as raised:
            take_port(port, "PORT")
    message = str(raised.value)
    assert message.startswith(f"Port {port} is taken by `")
    assert f"(process {os.getpid()})" in message
    assert message.endswith("make run PORT=<port>")


@pytest.mark.parametrize("port", ["", "http", "0", "65535", "-1"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(SystemExit, match="PORT is"):
        read_settings({"PORT": port})


def test_tls_is_next_to_plain() -> None:
    settings = read_settings({"PORT": "9000"})
    assert (settings.url, settings.tls_url) == ("http://127.0.0.1:9000", "https://127.0.0.1:9001")
