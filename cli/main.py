"""The root of the `footfall` command: its groups, and what happens when one fails."""

import typer

from cli import api_keys, dead_letters, events, segments, stores
from cli.cost.command import cost
from cli.failures import explained_failures
from cli.importing.command import import_events

app = typer.Typer(
    help="Footfall: customer events on your own AWS account.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
)
app.add_typer(stores.app, name="stores", help="Create and list stores.")
app.add_typer(api_keys.app, name="keys", help="Create, rotate, revoke and list API keys.")
app.add_typer(events.app, name="events", help="Send a test event, and watch events arrive.")
app.add_typer(segments.app, name="segments", help="Keep segments as files, and see who is in them.")
app.add_typer(dead_letters.app, name="dlq", help="See what could not be stored, and try again.")
app.command("import")(import_events)
app.command("cost")(cost)


@app.callback()
def footfall(context: typer.Context) -> None:
    """Explain every failure of a command in one sentence."""
    context.with_resource(explained_failures())
