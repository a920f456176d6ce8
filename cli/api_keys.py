"""`footfall keys`: a store's API keys, each shown once and kept as its hash."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.cloud import Cloud, open_cloud
from cli.options import StackOption, StoreOption
from cli.screen import console, print_hint, print_table
from cli.stores import check_store, choose_store
from footfall.aws.api_keys import ApiKey, KeyStatus, list_api_keys, put_api_key, revoke_api_key
from footfall.domain.stores import KEY_PREFIX, PUBLIC_KEY_PREFIX, PUBLIC_SCOPES, Scope, key_hash
from footfall.errors import PermanentError

app = typer.Typer(no_args_is_help=True)

_KEY_BYTES = 32
_ID_CHARACTERS = 12
"""How much of its hash a key is called by: enough to tell the keys of a store apart."""

_MAX_LIVE = 2

LabelArgument = Annotated[str, typer.Argument(help="What the key is called: who uses it.")]


_PUBLIC_OPTION = "--public"


class KeyChoiceError(PermanentError):
    """The keys of the store do not allow what was asked; the message says what does."""


@app.command()
def create(
    label: LabelArgument = "default",
    *,
    scopes: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="What it may do; repeat for more.", show_default="all"),
    ] = None,
    public: Annotated[
        bool,
        typer.Option(_PUBLIC_OPTION, help="For pages and apps: it may be seen, and only writes."),
    ] = False,
    store: StoreOption = None,
    stack: StackOption = None,
) -> None:
    """Create an API key. It is shown now, and never again."""
    if public and scopes:
        raise KeyChoiceError(
            f"A public key has one scope, {', '.join(PUBLIC_SCOPES)}: leave --scope out."
        )
    cloud = open_cloud(stack)
    store_id = choose_store(cloud, store)
    if _live_keys(store_id, label):
        raise KeyChoiceError(
            f"A key called {label!r} is live: replace it with `footfall keys rotate`,"
            " or choose another name."
        )
    _show_once(
        create_public_key(cloud, store_id, label)
        if public
        else create_key(cloud, store_id, label, scopes or Scope)
    )


@app.command()
def rotate(
    label: LabelArgument = "default", store: StoreOption = None, stack: StackOption = None
) -> None:
    """Create a new key beside the one of the same name, so that its user can change over."""
    cloud = open_cloud(stack)
    store_id = choose_store(cloud, store)
    live = _live_keys(store_id, label)
    if not live:
        raise KeyChoiceError(f"No key called {label!r} is live: create one.")
    if len(live) >= _MAX_LIVE:
        raise KeyChoiceError(
            f"Two keys called {label!r} are live already: first revoke the one that nobody uses,"
            f" {' or '.join(map(_key_id, live))}."
        )
    _show_once(
        create_public_key(cloud, store_id, label)
        if live[0].is_public
        else create_key(cloud, store_id, label, live[0].scopes)
    )
    command = f"footfall keys revoke {_key_id(live[0])} --store {store_id}{cloud.option}"
    print_hint(f"Once nobody uses the old key: {command}")


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Its id, or its name where only one is live.")],
    store: StoreOption = None,
    stack: StackOption = None,
) -> None:
    """Revoke a key. Requests with it are refused within a minute."""
    store_id = choose_store(open_cloud(stack), store)
    chosen = _choose_live_key(store_id, key)
    revoke_api_key(chosen.hash)
    console.print(f"Key [bold]{_key_id(chosen)}[/] is revoked. It opens nothing a minute from now.")


@app.command("list")
def show(store: StoreOption = None, stack: StackOption = None) -> None:
    """List the keys of a store."""
    cloud = open_cloud(stack)
    store_id = choose_store(cloud, store)
    keys = list_api_keys(store_id)
    if not keys:
        print_hint(f"No key yet: footfall keys create --store {store_id}{cloud.option}")
        return
    print_table(
        ("Id", "Name", "Kind", "Status", "Created", "Scopes"),
        [
            (
                _key_id(key),
                key.label,
                "public" if key.is_public else "secret",
                key.status,
                f"{key.created_at:%Y-%m-%d %H:%M}",
                "all" if key.scopes == frozenset(Scope) else ", ".join(sorted(key.scopes)),
            )
            for key in keys
        ],
    )


def create_key(cloud: Cloud, store_id: str, label: str, scopes: Iterable[Scope]) -> str:
    """Store a new secret key of a store that exists, and return it: it is known only now."""
    return _create(cloud, store_id, label, frozenset(scopes), is_public=False)


def create_public_key(cloud: Cloud, store_id: str, label: str) -> str:
    """Store a new key for pages and apps of a store that exists, and return it likewise."""
    return _create(cloud, store_id, label, PUBLIC_SCOPES, is_public=True)


def _create(
    cloud: Cloud, store_id: str, label: str, scopes: frozenset[Scope], *, is_public: bool
) -> str:
    check_store(cloud, store_id)
    prefix = PUBLIC_KEY_PREFIX if is_public else KEY_PREFIX
    api_key = prefix + secrets.token_urlsafe(_KEY_BYTES)
    put_api_key(
        ApiKey(
            hash=key_hash(api_key),
            store_id=store_id,
            scopes=scopes,
            status=KeyStatus.ACTIVE,
            label=label,
            created_at=datetime.now(UTC),
            is_public=is_public,
        )
    )
    return api_key


def _show_once(api_key: str) -> None:
    console.print(api_key, style="bold", soft_wrap=True)
    print_hint("Keep it where it is needed: it is not stored, and cannot be shown again.")


def _live_keys(store_id: str, label: str) -> list[ApiKey]:
    return [
        key
        for key in list_api_keys(store_id)
        if key.status is KeyStatus.ACTIVE and key.label == label
    ]


def _choose_live_key(store_id: str, wanted: str) -> ApiKey:
    live = [key for key in list_api_keys(store_id) if key.status is KeyStatus.ACTIVE]
    found = [key for key in live if key.hash.startswith(wanted) or key.label == wanted]
    match found:
        case [key]:
            return key
        case []:
            raise KeyChoiceError(f"The store {store_id} has no live key {wanted!r}.")
        case _:
            ids = ", ".join(map(_key_id, found))
            raise KeyChoiceError(f"More than one live key answers to {wanted!r}: {ids}.")


def _key_id(key: ApiKey) -> str:
    return key.hash[:_ID_CHARACTERS]
