"""The stack of the stage dev, for what the documents say of it."""

from tests.infra.conftest import dev

__all__ = ["dev"]
