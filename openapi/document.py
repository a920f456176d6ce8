"""Puts the OpenAPI document together."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from footfall.domain.strict_json import dump_indented_json
from footfall.http.problems import PROBLEM_MEDIA_TYPE
from footfall.http.route import Route
from footfall.http.routes import OWN_ROUTES
from footfall.segments.definitions import SEGMENT_ID
from openapi.answers import ANSWERS, EventFates, GatewayProblem, Problem
from openapi.examples import FATES, PROBLEM
from openapi.operations import OPERATIONS, PAGE_HEADERS, Operation, Parameter

PATH = Path(__file__).parent.parent / "docs" / "openapi.json"

Json = dict[str, object]

_PATH_PARAMETER = re.compile(r"{(\w+)}")
_PATH_SCHEMAS: Mapping[str, Json] = {"segmentId": {"pattern": SEGMENT_ID}}
_PROBLEMS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "The request is not what is asked for.",
    HTTPStatus.UNAUTHORIZED: "There is no valid API key in the Authorization header.",
    HTTPStatus.FORBIDDEN: "The API key belongs to another store, or lacks the scope.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.CONFLICT: "What is stored does not allow it now.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than 5 MB.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not sent as uncompressed UTF-8 JSON.",
    HTTPStatus.TOO_MANY_REQUESTS: "The store has used up its requests of this second.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Footfall failed.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Nothing was accepted for certain; send the request again.",
}
_RETRY_LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_BY_THE_GATEWAY_ALONE = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
_NEVER_BY_THE_GATEWAY = {HTTPStatus.CONFLICT}
_NEED_BODY = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}


def openapi_text() -> str:
    """Return the text of docs/openapi.json."""
    return f"{dump_indented_json(openapi_document())}\n"


def openapi_document() -> Json:
    """Return the description of every route."""
    paths: dict[str, Json] = {}
    for route in OWN_ROUTES:
        item = paths.setdefault(route.path, {"parameters": _path_parameters(route)})
        item[route.method.lower()] = _operation(route, OPERATIONS[route])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Footfall",
            "version": "1",
            "description": "Customer events and segments on your own AWS account.",
        },
        "servers": [{"url": "http://127.0.0.1:8787", "description": "`make run`"}],
        "security": [{"apiKey": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key of the store, made by `footfall keys create`.",
                }
            },
            "schemas": _schemas(),
            "responses": {_key(status): _problem(status) for status in _PROBLEMS},
        },
    }


def _operation(route: Route, operation: Operation) -> Json:
    parameters = [*operation.parameters, *(PAGE_HEADERS if operation.is_paged else ())]
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"{operation.description}\n\nNeeds the scope `{route.scope}`; "
        f"{route.requests_per_second} requests a second per store.",
        "parameters": [_parameter(parameter) for parameter in parameters],
        "responses": {
            str(int(status)): _success(status, models, operation)
            for status, models in operation.successes.items()
        }
        | {
            str(int(status)): {"$ref": f"#/components/responses/{_key(status)}"}
            for status in _PROBLEMS
            if _is_possible(status, operation)
        },
    }
    if operation.request is not None:
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _reference(operation.request),
                    "example": operation.request_example,
                }
            },
        }
    return described


def _is_possible(status: HTTPStatus, operation: Operation) -> bool:
    if status in _NEED_BODY:
        return operation.request is not None
    if status is HTTPStatus.CONFLICT:
        return operation.can_conflict
    return status is not HTTPStatus.NOT_FOUND or operation.can_miss


def _success(status: HTTPStatus, models: Sequence[type[BaseModel]], operation: Operation) -> Json:
    if not models:
        return {"description": status.phrase}
    schemas = [_reference(model) for model in models]
    media_type: Json = {"schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas}}
    success: Json = {"description": status.phrase, "content": {"application/json": media_type}}
    if EventFates in models:
        media_type["example"] = FATES
        success["description"] = (
            "Accepted: the queue has confirmed the events. The body is empty, unless the caller "
            "prefers `return=representation`."
        )
        success["headers"] = {
            "Preference-Applied": {
                "description": "`return=representation` where it was preferred.",
                "schema": {"type": "string"},
            }
        }
    if operation.is_paged:
        success["headers"] = {
            "X-Page-Next": {
                "description": "For X-Page-Continue; not there on the last page.",
                "schema": {"type": "string"},
            }
        }
    return success


def _problem(status: HTTPStatus) -> Json:
    media_type: Json = {"schema": _problem_schema(status)}
    if status is HTTPStatus.BAD_REQUEST:
        media_type["example"] = PROBLEM
    problem: Json = {"description": _PROBLEMS[status], "content": {PROBLEM_MEDIA_TYPE: media_type}}
    if status in _RETRY_LATER:
        problem["headers"] = {
            "Retry-After": {
                "description": "Seconds to wait before the request is sent again.",
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    return problem


def _problem_schema(status: HTTPStatus) -> Json:
    """Return the schema of a problem, which the gateway words in its own way."""
    if status in _BY_THE_GATEWAY_ALONE:
        return _reference(GatewayProblem)
    if status in _NEVER_BY_THE_GATEWAY:
        return _reference(Problem)
    return {"anyOf": [_reference(Problem), _reference(GatewayProblem)]}


def _path_parameters(route: Route) -> list[Json]:
    return [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "string", **_PATH_SCHEMAS.get(name, {})},
        }
        for name in _PATH_PARAMETER.findall(route.path)
    ]


def _parameter(parameter: Parameter) -> Json:
    return {
        "in": parameter.place,
        "name": parameter.name,
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _schemas() -> Json:
    requests = [one.request for one in OPERATIONS.values() if one.request is not None]
    _, definitions = TypeAdapter.json_schemas(
        [(model.__name__, "validation", TypeAdapter(model)) for model in (*requests, *ANSWERS)],
        ref_template="#/components/schemas/{model}",
    )
    schemas = definitions["$defs"]
    return {name: _tidy(schemas[name]) for name in sorted(schemas)}


def _tidy(schema: object) -> object:
    """Leave out what pydantic adds to every field: a title made of its name, a default of null."""
    if isinstance(schema, Mapping):
        return {
            key: _tidy(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
            and not (key == "default" and value is None)
        }
    return [_tidy(one) for one in schema] if isinstance(schema, list) else schema


def _reference(model: type[object]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _key(status: HTTPStatus) -> str:
    return f"Problem{int(status)}"
