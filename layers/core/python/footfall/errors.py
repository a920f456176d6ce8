"""The error tree. Permanent or transient decides everything that follows.

FootfallError
 +-- PermanentError   this input can never succeed: refuse it, or dead-letter it with its reason
 |    +-- MissingError   what was asked for is not there (any more)
 +-- TransientError   the same call may succeed later: retry, and never drop data
      +-- ConflictError   another writer was faster: read again and decide again
"""


class FootfallError(Exception):
    """Root of every error that Footfall raises on purpose."""


class PermanentError(FootfallError):
    """The input can never succeed; the message is the reason shown to people, without values."""


class MissingError(PermanentError):
    """What was asked for is not there: it never was, or somebody has deleted it."""


class TransientError(FootfallError):
    """The call may succeed when it is repeated: throttling, time-outs, faults of a service."""


class ConflictError(TransientError):
    """A conditional write found something else than what was read before it."""
