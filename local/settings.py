"""Where the local cloud listens, and where it keeps what it owns."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.state import STATE

HOST = "127.0.0.1"
"""Every server of the local cloud listens here and nowhere else."""

ROOT = Path(__file__).parent.parent
STACK_NAME = "footfall-local"
STAGE = "local"
ACCOUNT = "000000000000"
REGION = "us-east-1"
_DEFAULT_PORT = 8787
_DEFAULT_GATEWAY_PORT = 4566
_HIGHEST_PORT = 65_534  # TLS takes the one above


@dataclass(frozen=True, slots=True)
class Settings:
    """What one local cloud is made of.

    Attributes:
        port: where the API answers; TLS answers on the next one.
        gateway_port: where MiniStack answers, in the place of AWS.
        state: the directory that holds everything, wiped by `make clean-local`.
    """

    port: int
    gateway_port: int
    state: Path

    @property
    def url(self) -> str:
        """The root of the API."""
        return f"http://{HOST}:{self.port}"

    @property
    def tls_port(self) -> int:
        """Where the API answers over TLS."""
        return self.port + 1

    @property
    def tls_url(self) -> str:
        """The root of the API over TLS."""
        return f"https://{HOST}:{self.tls_port}"

    @property
    def ca_file(self) -> Path:
        """The certificate of the authority that vouches for the API over TLS."""
        return self.state / "tls" / "ca.pem"

    @property
    def endpoint(self) -> str:
        """The endpoint of every AWS service; an IP address keeps S3 from using host names."""
        return f"http://{HOST}:{self.gateway_port}"

    @property
    def saved_state(self) -> Path:
        """Where MiniStack saves everything but objects when it ends."""
        return self.state / "ministack"

    @property
    def saved_stacks_file(self) -> Path:
        """The stacks as MiniStack saved them; not there if it was killed in its first run."""
        return self.saved_state / "cloudformation.json"

    @property
    def logs(self) -> Path:
        """The directory of the logs, one file per step."""
        return self.state / "logs"

    @property
    def demo_file(self) -> Path:
        """Remembers the keys of the demo store, which nothing else knows."""
        return self.state / "demo.json"

    @property
    def stack_file(self) -> Path:
        """Tells programs where the API is; it exists exactly while the API answers."""
        return self.state / "stack.json"

    @property
    def outputs_file(self) -> Path:
        """The outputs of the deployed stack, as the CDK CLI writes them."""
        return self.state / "outputs.json"

    @property
    def aws_file(self) -> Path:
        """The environment variables with which any AWS SDK reaches the local cloud."""
        return self.state / "aws.json"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings that the environment asks for.

    Raises:
        SystemExit: when a port is no number.
    """
    return Settings(
        port=_port(environ, "PORT", _DEFAULT_PORT),
        gateway_port=_port(environ, "GATEWAY_PORT", _DEFAULT_GATEWAY_PORT),
        state=STATE.resolve(),
    )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal() or not 0 < int(text) <= _HIGHEST_PORT:
        raise SystemExit(f"{name} is {text!r}, which is no port from 1 to {_HIGHEST_PORT}.")
    return int(text)


def aws_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that point an AWS SDK at the local cloud, whatever the user has set up.

    The credentials are dummies; the empty files keep the user's real profile out.
    """
    return {
        "AWS_ENDPOINT_URL": settings.endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def neutral_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the user's AWS settings, and with our node on the path."""
    neutral = {name: value for name, value in environ.items() if not name.startswith("AWS_")}
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), environ.get("PATH", os.defpath)])
    return neutral | {"PATH": path, "NO_PROXY": HOST, "no_proxy": HOST}
