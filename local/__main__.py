"""`make run`: starts the cloud on this machine, and stops all of it again."""

import os
import signal
import sys
from contextlib import ExitStack

from rich.console import Console

from cli.cloud import Output, open_cloud
from local.demo import prepare_demo
from local.deploy import deploy
from local.draining import wait_until_stored
from local.emulator import run_emulator, warm_up
from local.gateway import read_gateway
from local.greeting import greeting, write_stack_file
from local.ports import PortTakenError, take_port
from local.serving import serve_front
from local.settings import Settings, read_settings
from local.state import StateTakenError, claimed_state
from local.steps import StepFailedError, Steps


def main() -> int:
    """Run the cloud until Ctrl-C; return the exit code."""
    progress = Console(stderr=True, highlight=False, soft_wrap=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        run(read_settings(os.environ), progress)
    except KeyboardInterrupt:
        progress.print("Stopped. Events and keys are kept for the next `make run`.")
        return 0
    except (PortTakenError, StateTakenError) as error:
        progress.print(f"[red]✗[/] {error}")
    except StepFailedError as error:
        progress.print(error.last_lines(), style="dim", markup=False)
        progress.print(f"[red]✗[/] {error}")
    return 1


def run(settings: Settings, progress: Console) -> None:
    """Start everything in order and wait; whatever ends the wait stops everything in reverse.

    Raises:
        PortTakenError: when another program listens on one of the ports.
        StateTakenError: when another local cloud uses the same directory.
        StepFailedError: when a step fails, or MiniStack ends by itself.
    """
    steps = Steps(progress, settings.logs)
    with ExitStack() as running:
        running.enter_context(claimed_state(settings.state))
        settings.stack_file.unlink(missing_ok=True)
        plain = running.enter_context(take_port(settings.port, "PORT"))
        tls = running.enter_context(take_port(settings.tls_port, "PORT"))
        emulator = running.enter_context(run_emulator(settings, steps))
        outputs = deploy(settings, steps)
        with steps.step("Creating the demo store", "demo"):
            cloud = open_cloud(None)
            demo = prepare_demo(cloud, settings.demo_file)
        with steps.step("Serving the API", "front"):
            gateway = read_gateway(settings, outputs)
            running.callback(wait_until_stored, cloud.output(Output.EVENTS_QUEUE_URL))
            running.enter_context(serve_front(settings, gateway, plain, tls))
        write_stack_file(settings, demo)
        running.callback(settings.stack_file.unlink, missing_ok=True)
        running.callback(progress.print, "Stopping: what has been accepted is stored first.")
        print(greeting(settings, demo), flush=True)
        warm_up(emulator)
        emulator.wait()
        raise StepFailedError("Running MiniStack", settings.logs / "ministack.log")


if __name__ == "__main__":
    sys.exit(main())
