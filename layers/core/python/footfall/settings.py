"""The settings of the functions: every environment variable is named and read here, nowhere else.

infra/function.py sets those of `Setting`; a test compares both sides.
"""

import os
from collections.abc import Mapping
from enum import StrEnum

from footfall.errors import FootfallError


class Setting(StrEnum):
    """The environment variables, by what they hold."""

    KEYS_TABLE = "KEYS_TABLE"
    IDENTITIES_TABLE = "IDENTITIES_TABLE"
    CUSTOMERS_TABLE = "CUSTOMERS_TABLE"
    UNIQUE_IDS_TABLE = "UNIQUE_IDS_TABLE"
    EVENTS_TABLE = "EVENTS_TABLE"
    EVENT_NAMES_TABLE = "EVENT_NAMES_TABLE"
    SEGMENTS_TABLE = "SEGMENTS_TABLE"
    SEGMENT_STATES_TABLE = "SEGMENT_STATES_TABLE"
    MEMBERS_TABLE = "MEMBERS_TABLE"
    EVENTS_QUEUE_URL = "EVENTS_QUEUE_URL"
    DEAD_LETTER_QUEUE_URL = "DEAD_LETTER_QUEUE_URL"
    DUE_QUEUE_URL = "DUE_QUEUE_URL"
    BACKFILL_QUEUE_URL = "BACKFILL_QUEUE_URL"
    EVENT_BUS_NAME = "EVENT_BUS_NAME"
    BODIES_BUCKET = "BODIES_BUCKET"
    MAX_RECEIVES = "MAX_RECEIVES"


_NAME_IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"


class MissingSettingError(FootfallError):
    """The function was deployed without a setting it needs."""


def read_setting(setting: Setting, environ: Mapping[str, str] = os.environ) -> str:
    """Return the value of a setting.

    Raises:
        MissingSettingError: when it is not set; there are no defaults.
    """
    value = environ.get(setting)
    if not value:
        raise MissingSettingError(f"the environment variable {setting} is not set")
    return value


def is_set(setting: Setting, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether the function was given a setting that a stage may leave out."""
    return bool(environ.get(setting))


def runs_in_lambda(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether this process is a function, not a test or a command that uses its code."""
    return _NAME_IN_LAMBDA in environ
