"""Calls of Customer.io's Pipelines API, in the words of each SDK.

The Python clients of Customer.io and of Segment take named arguments, Node's takes an object.
"""

from tests.sdks.sdk import PIPELINES_NODE, Call, Sdk, call


def say(sdk: Sdk, method: str, **parts: object) -> Call:
    """Return the call of a method, whose arguments are named as in Python."""
    if sdk is not PIPELINES_NODE:
        return call(method, **parts)
    return call(method, {_camel_case(name): value for name, value in parts.items()})


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
