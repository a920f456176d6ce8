"""`make run`: starts the cloud on this machine, and stops all of it again."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from typing import NoReturn

from rich.console import Console

from cli.cloud import Cloud, use_cloud
from local.demo import prepare_demo
from local.deploy import deploy
from local.emulator import run_emulator, wait_until_stored
from local.greeting import greeting, write_stack_file
from local.ports import PortTakenError, take_port
from local.serving import serve_front
from local.settings import STACK_NAME, Settings, aws_environment, read_settings
from local.steps import StepFailedError, Steps


def main() -> int:
    """Run the cloud until Ctrl-C; return the exit code."""
    settings = read_settings(sys.argv[1:], os.environ)
    progress = Console(stderr=True, highlight=False, soft_wrap=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(settings, progress)
    except KeyboardInterrupt:
        progress.print("Stopped. Your events are kept: `make run` goes on with them.")
        return 0
    except PortTakenError as error:
        progress.print(f"[red]✗[/] {error}")
    except StepFailedError as error:
        progress.print(error.last_lines(), style="dim", markup=False)
        progress.print(f"[red]✗[/] {error}")
    return 1
