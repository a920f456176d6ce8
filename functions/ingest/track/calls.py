"""The calls of version 1, by their routes."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from footfall.contracts.customerio_events import Occasion
from footfall.contracts.customerio_identifiers import identifier_in_path
from footfall.contracts.customerio_track import (
    deletion,
    device_deletion,
    read_anonymous_event,
    read_device,
    read_event,
    read_identify,
    read_merge,
    suppression,
)
from footfall.domain.identifiers import Identifier
from footfall.domain.instructions import Instruction
from footfall.http.customerio_routes import (
    DELETE_DEVICE,
    DELETE_PERSON,
    IDENTIFY_PERSON,
    MERGE_PEOPLE,
    PUT_DEVICE,
    SUPPRESS_PERSON,
    TRACK_ANONYMOUS,
    TRACK_PERSON,
    UNSUPPRESS_PERSON,
)
from footfall.http.requests import Request
from footfall.http.route import Route
from ingest.track.bodies import read_document

_Read: TypeAlias = Callable[[Request, Occasion], Instruction]


def instruction_of(route: Route, request: Request, occasion: Occasion) -> Instruction:
    """Return what a call tells.

    Raises:
        ProblemError, FaultyDocumentError: when it cannot be read, or is not what it has to be.
    """
    return _CALLS[route](request, occasion)


def _person(request: Request) -> Identifier:
    return identifier_in_path(request.path_parameters["identifier"])


# What the bodies of the calls without a document hold does not matter: some clients send `{}`.
_CALLS: Mapping[Route, _Read] = {
    IDENTIFY_PERSON: lambda request, occasion: read_identify(
        read_document(request), _person(request), occasion
    ),
    DELETE_PERSON: lambda request, occasion: deletion(_person(request), occasion),
    TRACK_PERSON: lambda request, occasion: read_event(
        read_document(request), _person(request), occasion
    ),
    TRACK_ANONYMOUS: lambda request, occasion: read_anonymous_event(
        read_document(request), occasion
    ),
    PUT_DEVICE: lambda request, occasion: read_device(
        read_document(request), _person(request), occasion
    ),
    DELETE_DEVICE: lambda request, occasion: device_deletion(
        request.path_parameters["deviceId"], _person(request), occasion
    ),
    SUPPRESS_PERSON: lambda request, occasion: suppression(
        _person(request), occasion, is_suppressed=True
    ),
    UNSUPPRESS_PERSON: lambda request, occasion: suppression(
        _person(request), occasion, is_suppressed=False
    ),
    MERGE_PEOPLE: lambda request, occasion: read_merge(read_document(request), occasion),
}
