"""What the local cloud tells when it is ready: to programs in stack.json, to people on screen."""

import shlex

from footfall.domain.strict_json import dump_json
from local.demo import Demo
from local.settings import Settings


def write_stack_file(settings: Settings, demo: Demo) -> None:
    """Tell programs where the API is and how to use it; a reader never sees half of it."""
    document = {
        "url": settings.url,
        "tlsUrl": settings.tls_url,
        "caFile": str(settings.ca_file),
        "storeId": demo.store_id,
        "apiKey": demo.api_key,
        "publicKey": demo.public_key,
    }
    written = settings.stack_file.with_suffix(".new")
    written.touch(mode=0o600)
    written.write_text(dump_json(document) + "\n")
    written.replace(settings.stack_file)


def greeting(settings: Settings, demo: Demo) -> str:
    """Return the URL, the store id, the keys, and a command that sends a first event."""
    return "\n".join(
        (
            f"URL         {settings.url}",
            f"Store       {demo.store_id}",
            f"API key     {demo.api_key}",
            f"Public key  {demo.public_key}  (for pages: it can only send events)",
            "",
            _first_event(settings, demo),
        )
    )


def _first_event(settings: Settings, demo: Demo) -> str:
    event = dump_json(
        {
            "eventName": "Order Placed",
            "customer": {"email": "ada@example.com", "firstName": "Ada"},
            "data": {"Order Total": 42.5, "Items": 3},
        }
    )
    return " \\\n  ".join(
        (
            f"curl -i {settings.url}/stores/{demo.store_id}/events",
            f"-H {shlex.quote(f'Authorization: Bearer {demo.api_key}')}",
            "-H 'Content-Type: application/json'",
            f"-d {shlex.quote(event)}",
        )
    )
