"""The options that several commands share: which stack, which store, and how to get in."""

from typing import Annotated

import typer

StackOption = Annotated[
    str | None,
    typer.Option(
        "--stack",
        envvar="FOOTFALL_STACK",
        metavar="NAME",
        help="The deployed stack, such as footfall-prod.",
        show_default="the one that `make run` started",
    ),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar="FOOTFALL_STORE",
        metavar="ID",
        help="The store.",
        show_default="the demo store of `make run`",
    ),
]
UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="FOOTFALL_URL",
        metavar="URL",
        help="Where the API is.",
        show_default="the stack's",
    ),
]
ApiKeyOption = Annotated[
    str | None,
    typer.Option(
        "--api-key",
        envvar="FOOTFALL_API_KEY",
        metavar="KEY",
        help="A key of the store; the variable keeps it out of the shell's history.",
        show_default="the demo store's",
    ),
]
