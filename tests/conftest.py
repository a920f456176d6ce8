"""What every test relies on: a made-up AWS identity, and no way out of this machine."""

import os

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

# Before anything imports boto3: no test may ever use the credentials of the person who runs it.
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    # moto answers streams only at the endpoint without the account's id in its name
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}
for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
    os.environ.pop(name, None)

# Nothing is timed: a slow machine is no fault.
settings.register_profile("footfall", deadline=None)
settings.load_profile("footfall")

# One cloud for all end-to-end tests: of two folders, each with its own, pytest would start two.
pytest_plugins = ["tests.e2e.fixtures"]


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--segment-cases",
        default="10000",
        help="how many random customers the segment engine is compared on",
    )
