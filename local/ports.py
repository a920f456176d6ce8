"""The ports of the local cloud: taken before anything starts, or a word on who has them."""

import socket
from pathlib import Path

from local.settings import HOST

_LISTENING = "0A"


class PortTakenError(Exception):
    """Another program listens where the local cloud wants to."""

    def __init__(self, port: int, variable: str) -> None:
        occupant = _find_occupant(port) or "another program"
        super().__init__(
            f"Port {port} is taken by {occupant}. Stop it, or choose another port: "
            f"make run {variable}=<port>"
        )


def take_port(port: int, variable: str) -> socket.socket:
    """Return a socket bound to the port; clients are refused until somebody listens on it.

    Raises:
        PortTakenError: when another program has it; `variable` chooses another port.
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
    except OSError as error:
        taken.close()
        raise PortTakenError(port, variable) from error
    return taken


def _find_occupant(port: int) -> str | None:
    """Return the command and id of the process that listens on the port, where Linux tells."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(descriptor.readlink()) not in sockets:
                continue
            process = descriptor.parents[1]
            command = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue  # a process that has just ended, or belongs to somebody else
        return f"`{' '.join(command.split(chr(0))).strip()}` (process {process.name})"
    return None


def _listening_inodes(port: int) -> list[str]:
    table = Path("/proc/net/tcp")
    if not table.exists():
        return []
    rows = [line.split() for line in table.read_text().splitlines()[1:]]
    return [row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == _LISTENING]
