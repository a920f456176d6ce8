"""Writes docs/openapi.json."""

from openapi.document import PATH, openapi_text

PATH.write_text(openapi_text(), encoding="utf-8")
