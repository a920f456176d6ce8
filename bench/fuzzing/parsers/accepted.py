"""What has to hold for everything that a contract accepts: the functions behind it can read it."""

from collections.abc import Sequence

from footfall.aws.items import from_item, to_item
from footfall.domain.envelope import read_instruction, split_envelope, to_envelope
from footfall.domain.events import Event
from footfall.domain.instructions import Instruction
from footfall.domain.strict_json import dump_json, parse_json


def check_readable(instructions: Sequence[Instruction]) -> None:
    """Fail unless what is queued is read as what was accepted, and its values can be stored."""
    assert instructions, "something was accepted that says nothing"
    text = dump_json(to_envelope(instructions))
    text.encode()
    read = [read_instruction(one) for one in split_envelope(parse_json(text))]
    assert read == list(instructions), "process reads something else than ingest has accepted"
    for one in instructions:
        if isinstance(one, Event):
            _check_storable(one)


def _check_storable(event: Event) -> None:
    item = {"value": event.value, "profile": dict(event.profile)}
    assert from_item(to_item(item)) == {
        name: value for name, value in item.items() if value is not None
    }
