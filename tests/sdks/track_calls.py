"""The same calls of Customer.io's Track API, in the words of the SDK for Python and of Node's."""

from collections.abc import Mapping
from typing import Protocol

from tests.sdks.sdk import TRACK_NODE, TRACK_PYTHON, Call, Sdk, call


class Words(Protocol):
    """What both SDKs can say."""

    def identify(self, person: str, **attributes: object) -> Call:
        """Return the call that says who a person is."""

    def track(self, person: str, name: str, data: object, **more: object) -> Call:
        """Return the call that tells what a person did; `more` is the `id` and `timestamp`."""

    def track_anonymous(self, anonymous_id: str, name: str, data: object) -> Call:
        """Return the call that tells what somebody did."""

    def page(self, person: str, name: str) -> Call:
        """Return the call that tells what page a person saw."""

    def add_device(self, person: str, device: str, platform: str) -> Call:
        """Return the call that gives a person a device."""

    def delete_device(self, person: str, device: str) -> Call:
        """Return the call that takes it away."""

    def suppress(self, person: str) -> Call:
        """Return the call that silences a person."""

    def unsuppress(self, person: str) -> Call:
        """Return the call that takes that back."""

    def merge(self, primary: str, secondary: str) -> Call:
        """Return the call that makes one person of two, by their ids."""

    def delete(self, person: str) -> Call:
        """Return the call that forgets a person."""


class _Python:
    def identify(self, person: str, **attributes: object) -> Call:
        return call("identify", person, **attributes)

    def track(self, person: str, name: str, data: object, **more: object) -> Call:
        return call("track", person, name, data, **more)

    def track_anonymous(self, anonymous_id: str, name: str, data: object) -> Call:
        return call("track_anonymous", anonymous_id, name, data)

    def page(self, person: str, name: str) -> Call:
        return call("pageview", person, name)

    def add_device(self, person: str, device: str, platform: str) -> Call:
        return call("add_device", person, device, platform)

    def delete_device(self, person: str, device: str) -> Call:
        return call("delete_device", person, device)

    def suppress(self, person: str) -> Call:
        return call("suppress", person)

    def unsuppress(self, person: str) -> Call:
        return call("unsuppress", person)

    def merge(self, primary: str, secondary: str) -> Call:
        return call("merge_customers", "id", primary, "id", secondary)

    def delete(self, person: str) -> Call:
        return call("delete", person)


class _Node:
    def identify(self, person: str, **attributes: object) -> Call:
        return call("identify", person, attributes)

    def track(self, person: str, name: str, data: object, **more: object) -> Call:
        return call("track", person, {"name": name, "data": data, **more})

    def track_anonymous(self, anonymous_id: str, name: str, data: object) -> Call:
        return call("trackAnonymous", anonymous_id, {"name": name, "data": data})

    def page(self, person: str, name: str) -> Call:
        return call("trackPageView", person, name)

    def add_device(self, person: str, device: str, platform: str) -> Call:
        return call("addDevice", person, device, platform)

    def delete_device(self, person: str, device: str) -> Call:
        return call("deleteDevice", person, device)

    def suppress(self, person: str) -> Call:
        return call("suppress", person)

    def unsuppress(self, person: str) -> Call:
        return call("unsuppress", person)

    def merge(self, primary: str, secondary: str) -> Call:
        return call("mergeCustomers", "id", primary, "id", secondary)

    def delete(self, person: str) -> Call:
        return call("destroy", person)


WORDS: Mapping[Sdk, Words] = {TRACK_PYTHON: _Python(), TRACK_NODE: _Node()}
"""How each SDK says it."""
