"""Serves the front over HTTP and over TLS, in threads beside the one that waits for Ctrl-C."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme
import uvicorn
from starlette.applications import Starlette

from local.front import create_front
from local.gateway import Gateway
from local.key_owners import KeyOwners
from local.settings import HOST, Settings
from local.throttle import Throttle

_SECONDS_TO_FINISH = 5
_SECONDS_BETWEEN_LOOKS = 0.01


class FrontError(Exception):
    """The front does not serve; its own words are on the screen."""


@contextmanager
def serve_front(
    settings: Settings, gateway: Gateway, plain: socket.socket, tls: socket.socket
) -> Iterator[None]:
    """Serve the stage on the two sockets while the block runs."""
    certificate = issue_certificate(settings.ca_file)
    throttle = Throttle(gateway.limits, gateway.stage_limits)
    find_store = KeyOwners().store_of
    with (
        serve(create_front(gateway, throttle, find_store), plain),
        serve(create_front(gateway, throttle, find_store), tls, certificate),
    ):
        yield


@contextmanager
def serve(
    front: Starlette, bound: socket.socket, certificate: Path | None = None
) -> Iterator[None]:
    """Serve an application on a socket while the block runs; with a certificate, over TLS."""
    server = uvicorn.Server(
        uvicorn.Config(
            front,
            log_level="error",  # an access log would hold the identifiers of customers
            server_header=False,
            proxy_headers=False,  # whatever a client says, the scheme is the one it came by
            ssl_certfile=certificate,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
    )
    thread = threading.Thread(target=server.run, args=([bound],), name="front")
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        if not server.started:
            raise FrontError("the front did not start")
        yield
    finally:
        server.should_exit = True
        thread.join()


def issue_certificate(ca_file: Path) -> Path:
    """Write a new authority's certificate for clients; return the file that the server needs."""
    authority = trustme.CA(organization_name="Footfall", organization_unit_name="this machine")
    certificate = authority.issue_cert(HOST, "localhost")
    ca_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority.cert_pem.write_to_path(str(ca_file))
    server_file = ca_file.with_name("server.pem")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(server_file))
    return server_file
