"""A store's segments over the HTTP API."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self, cast
from urllib.parse import quote

import httpx

from cli.api import ApiError, StoreApi, read_object, read_problem
from footfall.domain.faults import FaultyDocumentError
from footfall.domain.strict_json import dump_json, parse_json
from footfall.domain.values import JsonObject, JsonValue
from footfall.segments.definitions import Node
from footfall.segments.reading import read_definition
from footfall.segments.segment import canonical_text

_PAGE_SIZE = 500
_BUILDING = "building"


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment as the API shows it.

    Attributes:
        done, total: how many customers are decided on it, of how many; None where nobody counted.
    """

    segment_id: str
    name: str
    definition: Node
    status: str
    version: str
    members: int | None
    created_at: str
    updated_at: str
    done: int | None = None
    total: int | None = None

    @property
    def is_building(self) -> bool:
        """Whether customers are still being decided on it."""
        return self.status == _BUILDING

    @classmethod
    def of_document(cls, document: JsonObject) -> Self:
        """Return the segment that the API's document describes.

        Raises:
            ApiError: when its definition says what this version of the command does not know.
        """
        try:
            definition = read_definition(document.get("definition"))
        except FaultyDocumentError as error:
            raise ApiError(
                f"Segment {document['id']} says what this version of the command does not know:"
                " install the version of the stack."
            ) from error
        progress = document.get("progress")
        steps = progress if isinstance(progress, Mapping) else {}
        return cls(
            segment_id=str(document["id"]),
            name=str(document["name"]),
            definition=definition,
            status=str(document["status"]),
            version=str(document.get("version", "")),
            members=_number(document.get("memberCount")),
            created_at=str(document.get("createdAt", "")),
            updated_at=str(document.get("updatedAt", "")),
            done=_number(steps.get("done")),
            total=_number(steps.get("total")),
        )


class UnknownSegmentError(ApiError):
    """The store has no such segment."""


class SegmentApi:
    """The segment routes of one store."""

    def __init__(self, api: StoreApi) -> None:
        self._api = api

    async def every(self) -> list[StoredSegment]:
        """Return all segments of the store, by id."""
        found = [
            StoredSegment.of_document(document)
            async for document in self._pages("/segments", "segments")
        ]
        return sorted(found, key=lambda segment: segment.segment_id)

    async def find(self, segment_id: str) -> StoredSegment:
        """Return a segment.

        Raises:
            UnknownSegmentError: when there is none of that id.
            ApiError: when the API cannot say.
        """
        return StoredSegment.of_document(read_object(await self._get(_path(segment_id))))

    async def put(self, segment_id: str, name: str, definition: Node) -> None:
        """Store a segment, or change it.

        Raises:
            ApiError: when the API refuses it; the message says where and why.
        """
        content = dump_json({"name": name, "definition": document_of(definition)})
        response = await self._api.request("PUT", _path(segment_id), content=content)
        if not response.is_success:
            raise ApiError(f"Segment {segment_id} is refused: {read_problem(response)}")

    async def delete(self, segment_id: str) -> None:
        """Delete a segment.

        Raises:
            UnknownSegmentError: when there is none of that id.
            ApiError: when the API refuses, as another segment refers to it.
        """
        response = await self._api.request("DELETE", _path(segment_id))
        if response.status_code == HTTPStatus.NOT_FOUND:
            raise UnknownSegmentError(f"The store has no segment {segment_id}.")
        if not response.is_success:
            raise ApiError(f"Segment {segment_id} is not deleted: {read_problem(response)}")

    async def members(self, segment_id: str) -> AsyncIterator[tuple[str, str]]:
        """Yield the members of a segment, each with the instant since when it is one."""
        async for member in self._pages(f"{_path(segment_id)}/customers", "customers"):
            yield str(member["id"]), str(member["since"])

    async def _pages(self, path: str, name: str) -> AsyncIterator[JsonObject]:
        headers = {"X-Page-Size": str(_PAGE_SIZE)}
        while True:
            response = await self._get(path, headers)
            for one in cast("Sequence[JsonObject]", read_object(response)[name]):
                yield one
            if "X-Page-Next" not in response.headers:
                return
            headers["X-Page-Continue"] = response.headers["X-Page-Next"]

    async def _get(self, path: str, headers: Mapping[str, str] = {}) -> httpx.Response:
        response = await self._api.request("GET", path, headers=headers)
        if response.status_code == HTTPStatus.NOT_FOUND:
            raise UnknownSegmentError(f"The store has no such segment: {read_problem(response)}")
        if response.status_code != HTTPStatus.OK:
            raise ApiError(f"The API does not tell: {read_problem(response)}")
        return response


def document_of(definition: Node) -> JsonValue:
    """Return the document of a definition: one document for one content."""
    return parse_json(canonical_text(definition))


def _path(segment_id: str) -> str:
    return f"/segments/{quote(segment_id, safe='')}"


def _number(value: JsonValue) -> int | None:
    return value if isinstance(value, int) else None
