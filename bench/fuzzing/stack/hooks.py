"""What schemathesis runs beside its own checks.

It stands in an environment of its own, so this module imports nothing of the project's.
`SCHEMATHESIS_HOOKS` names it; the counts go to the file that `FUZZING_COUNTS` names.
"""

import atexit
import json
import os
import threading
from collections import Counter
from http import HTTPStatus
from pathlib import Path
from typing import Any

import schemathesis  # type: ignore[import-not-found]  # it stands in an environment of its own
from schemathesis.specs.openapi.checks import (  # type: ignore[import-not-found]
    response_schema_conformance,
)

_counts: dict[str, Counter[str]] = {}
_counting = threading.Lock()


@schemathesis.check  # type: ignore[untyped-decorator]  # schemathesis has no types here
def body_as_described(ctx: Any, response: Any, case: Any) -> bool | None:  # noqa: ANN401
    """Hold the body against its schema, and count the answer.

    An empty 202 is as described: that the body may be empty stands there in words, as OpenAPI has
    no other way to say it.
    """
    with _counting:
        statuses = _counts.setdefault(case.operation.label, Counter())
        statuses[str(response.status_code)] += 1
    if response.status_code == HTTPStatus.ACCEPTED and not response.content:
        return None
    is_skipped: bool | None = response_schema_conformance(ctx, response, case)
    return is_skipped


@atexit.register
def _write_counts() -> None:
    if name := os.environ.get("FUZZING_COUNTS"):
        Path(name).write_text(json.dumps(_counts), encoding="utf-8")
