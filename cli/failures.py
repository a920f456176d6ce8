"""One clear sentence for everything that is expected to go wrong, instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore import exceptions
from rich.console import Console
from rich.text import Text

from footfall.errors import FootfallError

FAILURE_EXIT_CODE = 2


@contextmanager
def explained_failures() -> Iterator[None]:
    """End the command with a sentence and exit code 2 where the block fails as expected.

    Raises:
        typer.Exit: in place of the failure.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read the output has seen enough; the command's framework ends quietly
    except (FootfallError, exceptions.BotoCoreError, exceptions.ClientError, OSError) as failure:
        console = Console(stderr=True)
        console.print(Text.assemble(("Error: ", "bold red"), _explain(failure)), soft_wrap=True)
        raise typer.Exit(FAILURE_EXIT_CODE) from failure


def _explain(failure: Exception) -> str:
    cause = failure.__cause__ if isinstance(failure, FootfallError) else failure
    match cause:
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            return (
                "No AWS credentials were found: sign in with `aws configure` or `aws sso login`,"
                " or set AWS_PROFILE."
            )
        case exceptions.NoRegionError():
            return "No AWS region is set: set AWS_DEFAULT_REGION, or name one with `aws configure`."
        case exceptions.EndpointConnectionError() as error:
            return f"Nothing answers at {error.kwargs['endpoint_url']}: is `make run` running?"
        case exceptions.ClientError() as error if not isinstance(failure, FootfallError):
            details = error.response["Error"]
            return f"AWS refused {error.operation_name}: {details['Message']} ({details['Code']})."
        case _:
            return str(failure)
