"""The events by which Customer.io's Pipelines API does what it has no call for.

Source: Customer.io's reference of its semantic events. Those about objects and relationships, and
reports of deliveries, mean nothing to Footfall: they are events like any other.
"""

from collections.abc import Mapping

from footfall.contracts.customerio_calls import TrackCall
from footfall.contracts.customerio_limits import MAX_ATTRIBUTE_BYTES
from footfall.contracts.customerio_people import SUPPRESSED, device_field
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.values import JsonObject, StatedValue

DELETION = "User Deleted"
_SUPPRESSION = "User Suppressed"
_UNSUPPRESSION = "User Unsuppressed"
_DEVICE = "Device Created or Updated"
_DEVICE_DELETION = "Device Deleted"
_ABOUT_CUSTOMERS = frozenset({DELETION, _SUPPRESSION, _UNSUPPRESSION})
_ABOUT_DEVICES = frozenset({_DEVICE, _DEVICE_DELETION})

_NO_TOKEN = f"Must be the token of a device, of 1 to {MAX_ATTRIBUTE_BYTES} bytes."
_UNKNOWN_PLATFORM = "unknown"


def writes_customers(call: TrackCall) -> bool:
    """Tell whether the call needs a key that may do more than send events."""
    return call["event"] in _ABOUT_CUSTOMERS


def stated_by(call: TrackCall) -> Mapping[str, StatedValue] | None:
    """Return what such an event says about its person, by path; None of any other event.

    Raises:
        FaultyDocumentError: when it is about a device and names none.
    """
    event = call["event"]
    if event == _SUPPRESSION:
        return {SUPPRESSED: True}
    if event == _UNSUPPRESSION:
        return {SUPPRESSED: None}
    if event in _ABOUT_DEVICES:
        device = _device(call)
        platform = None if event == _DEVICE_DELETION else _platform(device)
        return {device_field(_token(device)): platform}
    return None


def _device(call: TrackCall) -> JsonObject:
    """Return the description of the device: it stands in the context, or in the properties.

    Source: the reference puts it into the context, its example into the properties.
    """
    for place in (call.get("context"), call.get("properties")):
        device = place.get("device") if isinstance(place, Mapping) else None
        if isinstance(device, Mapping) and "token" in device:
            return device
    return {}


def _token(device: JsonObject) -> str:
    token = device.get("token")
    if not isinstance(token, str) or not 1 <= len(token.encode()) <= MAX_ATTRIBUTE_BYTES:
        raise FaultyDocumentError([Fault("/context/device/token", _NO_TOKEN)])
    return token


def _platform(device: JsonObject) -> str:
    """Return the platform, such as `ios`; a device of which none is told is there all the same."""
    platform = device.get("type")
    return platform if isinstance(platform, str) and platform else _UNKNOWN_PLATFORM
