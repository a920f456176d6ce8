"""Deploys the real stack into the local cloud, with the CDK CLI that deploys it to AWS."""

import json
import os
import re
from pathlib import Path

from local.settings import (
    ACCOUNT,
    REGION,
    ROOT,
    STACK_NAME,
    STAGE,
    Settings,
    aws_environment,
    neutral_environment,
)
from local.steps import Step, Steps

_CDK = (
    ROOT / ".venv" / "bin" / "node",
    ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk",
)
_RESOURCES_DONE = re.compile(r"\| +(\d+)/\d+ \|")


def deploy(settings: Settings, steps: Steps) -> dict[str, str]:
    """Bootstrap a new account, deploy what has changed, and return the stack's outputs."""
    if not (settings.outputs_file.exists() and settings.saved_stacks_file.exists()):
        settings.outputs_file.unlink(missing_ok=True)
        with steps.step("Preparing the account (cdk bootstrap)", "bootstrap") as step:
            # Beside the state, not beside cdk.json: bootstrapping needs no synthesis of the app.
            _cdk(step, settings, settings.state, "bootstrap", f"aws://{ACCOUNT}/{REGION}")
    settings.aws_file.write_text(json.dumps(aws_environment(settings)) + "\n")
    with steps.step("Deploying the stack (cdk deploy)", "deploy") as step:
        _cdk(
            step,
            settings,
            ROOT,
            *("deploy", STACK_NAME, "--context", f"stage={STAGE}"),
            *("--require-approval", "never", "--progress", "events"),
            *("--output", str(settings.state / "cdk.out")),
            *("--outputs-file", str(settings.outputs_file)),
        )
        return _read_outputs(settings)


def _cdk(step: Step, settings: Settings, directory: Path, *arguments: str) -> None:
    def show_progress(line: str) -> None:
        if done := _RESOURCES_DONE.search(line):
            step.tell(f"{done[1]} resources")

    step.run(
        [*_CDK, *arguments, "--ci", "--no-notices", "--no-color"],
        directory=directory,
        environ=neutral_environment(os.environ)
        | aws_environment(settings)
        | {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_DISABLE_VERSION_CHECK": "true"},
        on_line=show_progress,
    )


def _read_outputs(settings: Settings) -> dict[str, str]:
    outputs: dict[str, str] = json.loads(settings.outputs_file.read_text())[STACK_NAME]
    return outputs
