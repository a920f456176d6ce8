"""The segment routes of the HTTP API as far as the command uses them, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import httpx

from footfall.contracts.segments import read_segment
from footfall.domain.faults import Fault, FaultyDocumentError
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.values import JsonObject, JsonValue
from footfall.segments.definitions import Node
from footfall.segments.reading import read_definition
from footfall.segments.references import reference_faults, referring
from footfall.segments.segment import definition_version
from tests.cli.fake_problems import problem

CREATED = "2026-04-02T12:00:00Z"


@dataclass
class FakeSegments:
    """The segments of the store.

    Attributes:
        stored: the body of each segment as it was put, in the order of their arrival.
        calls: every change that was asked for, such as `PUT vip`.
        looks_until_live: how many more answers call a segment `building`.
        members: the customers of each segment, with the instants since when.
    """

    stored: dict[str, JsonObject] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    looks_until_live: dict[str, int] = field(default_factory=dict)
    members: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def answer(self, method: str, path: str, request: httpx.Request) -> httpx.Response:
        segment_id = path.removeprefix("/").removesuffix("/customers")
        if method in {"PUT", "DELETE"}:
            self.calls.append(f"{method} {segment_id}")
        match method:
            case "GET" if not segment_id:
                documents = [self._document(one) for one in sorted(self.stored)]
                return _page(request, "segments", documents)
            case "PUT":
                return self._put(segment_id, request)
            case _ if segment_id not in self.stored:
                return problem(404, "No such segment.")
            case "GET" if path.endswith("/customers"):
                members = self.members.get(segment_id, [])
                documents = [{"id": one, "since": since} for one, since in members]
                return _page(request, "customers", documents)
            case "GET":
                return httpx.Response(200, text=dump_json(self._document(segment_id)))
            case _:
                return self._delete(segment_id)

    def _put(self, segment_id: str, request: httpx.Request) -> httpx.Response:
        body = cast("JsonObject", parse_json(request.content.decode()))
        try:
            _, definition = read_segment(body)
        except FaultyDocumentError as error:
            return _refusal(error.faults)
        stored = {one: self._definition(one) for one in self.stored}
        if faults := reference_faults(segment_id, definition, stored):
            return _refusal(faults)
        is_new = segment_id not in self.stored
        self.stored[segment_id] = body
        return httpx.Response(201 if is_new else 200, text=dump_json(self._document(segment_id)))

    def _delete(self, segment_id: str) -> httpx.Response:
        stored = {one: self._definition(one) for one in self.stored}
        if others := referring(segment_id, stored):
            return problem(409, f"Segments refer to it: {', '.join(others)}.")
        del self.stored[segment_id]
        return httpx.Response(204)

    def _definition(self, segment_id: str) -> Node:
        return read_definition(self.stored[segment_id]["definition"])

    def _document(self, segment_id: str) -> JsonObject:
        body = self.stored[segment_id]
        document: dict[str, JsonValue] = {
            "id": segment_id,
            "name": body["name"],
            "definition": body["definition"],
            "status": "live",
            "version": definition_version(self._definition(segment_id)),
            "memberCount": len(self.members.get(segment_id, [])),
            "createdAt": CREATED,
            "updatedAt": CREATED,
        }
        looks = self.looks_until_live.get(segment_id, 0)
        if looks:
            self.looks_until_live[segment_id] = looks - 1
            document |= {"status": "building", "progress": {"done": 1_200, "total": 5_000}}
        return document


def _page(request: httpx.Request, name: str, documents: Sequence[JsonObject]) -> httpx.Response:
    start = int(request.headers.get("X-Page-Continue", 0))
    end = start + int(request.headers.get("X-Page-Size", 20))
    headers = {"X-Page-Next": str(end)} if end < len(documents) else {}
    return httpx.Response(200, text=dump_json({name: documents[start:end]}), headers=headers)


def _refusal(faults: Sequence[Fault]) -> httpx.Response:
    errors = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
    return problem(400, "Faulty.", errors)
