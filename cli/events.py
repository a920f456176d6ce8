"""`footfall events`: send one to see that everything works, and watch events arrive."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.text import Text

from cli.api import Access, ApiError, StoreApi, read_access, read_object, read_problem, store_api
from cli.cloud import Output, open_cloud
from cli.event_stream import EventStream, StoredEvent
from cli.options import ApiKeyOption, StackOption, StoreOption, UrlOption
from cli.screen import console, print_hint
from footfall.domain.strict_json import InvalidJsonError, dump_json, parse_json
from footfall.domain.values import JsonObject, JsonValue

app = typer.Typer(no_args_is_help=True)

_SECONDS_TO_STORE = 30
_REQUESTS_PER_SECOND = 5


@app.command()
def send(  # noqa: PLR0913  one parameter for each option
    event_name: Annotated[str, typer.Argument(help="What happened.")] = "Footfall Test",
    *,
    customer_id: Annotated[str | None, typer.Option("--id", help="The customer's id.")] = None,
    email: Annotated[
        str | None, typer.Option(help="The customer's address.", show_default="test@example.com")
    ] = None,
    phone: Annotated[str | None, typer.Option(help="The customer's phone number.")] = None,
    value: Annotated[str | None, typer.Option(metavar="NUMBER", help="What it was worth.")] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="The currency of the value.")
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A property; JSON values keep their type."),
    ] = None,
    unique_id: Annotated[
        str | None, typer.Option(metavar="ID", help="Its uniqueId.", show_default="a new one")
    ] = None,
    url: UrlOption = None,
    store: StoreOption = None,
    api_key: ApiKeyOption = None,
    stack: StackOption = None,
) -> None:
    """Send one event, and wait until it is stored."""
    customer = {
        "id": customer_id,
        "email": email if email or customer_id or phone else "test@example.com",
        "phoneNumber": phone,
    }
    event = {
        "eventName": event_name,
        "customer": _without_none(customer),
        "value": None if value is None else _json_or_text(value),
        "valueCurrency": currency,
        "data": _properties(data or []) or None,
        "uniqueId": unique_id or f"test-{uuid.uuid4()}",
    }
    asyncio.run(_send(read_access(stack, url, store, api_key), _without_none(event)))


@app.command()
def tail(
    store: Annotated[
        str | None, typer.Option(metavar="ID", help="Only events of this store.")
    ] = None,
    stack: StackOption = None,
) -> None:
    """Show events as they are stored, from now on. Ends with Ctrl-C."""
    cloud = open_cloud(stack)
    stream = EventStream(cloud.output(Output.EVENTS_STREAM_ARN))
    print_hint("Waiting for events; Ctrl-C ends it.")
    with suppress(KeyboardInterrupt):
        for event in stream.follow():
            if store in {None, event.store_id}:
                _print_event(event)


async def _send(access: Access, event: JsonObject) -> None:
    async with store_api(access, _REQUESTS_PER_SECOND) as api:
        begin = time.monotonic()
        response = await api.request(
            "POST",
            "/events",
            headers={"Prefer": "return=representation"},
            content=dump_json(event),
        )
        if response.status_code != HTTPStatus.ACCEPTED:
            raise ApiError(f"The event is refused: {read_problem(response)}")
        console.print(f"[green]Accepted[/] as {escape(str(event['uniqueId']))}.")
        with console.status("Waiting until it is stored"):
            fate = await _fate(api, str(event["uniqueId"]), begin + _SECONDS_TO_STORE)
        if fate["status"] == "dead":
            raise ApiError(f"The event cannot be stored: {fate['reason']}")
        seconds = time.monotonic() - begin
        console.print(f"[green]Stored[/] after {seconds:.1f} s on customer {fate['customerId']}")


async def _fate(api: StoreApi, unique_id: str, deadline: float) -> JsonObject:
    while time.monotonic() < deadline:
        response = await api.request("GET", f"/events/{quote(unique_id, safe='')}")
        if response.status_code == HTTPStatus.OK:
            return read_object(response)
    raise ApiError(
        f"The event is accepted, but not stored after {_SECONDS_TO_STORE} seconds; it is still"
        " queued, and `footfall dlq list` shows it if it fails."
    )


def _print_event(event: StoredEvent) -> None:
    happened = Text.assemble(
        (event.timestamp, "cyan"), "  ", (event.event_name, "bold"), "  ", (event.value, "green")
    )
    parts = (
        happened,
        Text(f"store {event.store_id}  customer {event.customer_id}", style="dim"),
        Text(f"event {event.event_id}", style="dim"),
    )
    fits = Text("  ").join(parts).cell_len <= console.width
    console.print(*parts, sep="  " if fits else "\n  ", soft_wrap=True)


def _properties(options: Sequence[str]) -> dict[str, JsonValue]:
    pairs = [option.partition("=") for option in options]
    for option, (name, sign, _) in zip(options, pairs, strict=True):
        if not (name and sign):
            raise typer.BadParameter(f"{option!r} is not NAME=VALUE.", param_hint="--data")
    return {name: _json_or_text(text) for name, _, text in pairs}


def _json_or_text(text: str) -> JsonValue:
    with suppress(InvalidJsonError):
        return parse_json(text)
    return text


def _without_none(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value is not None}
