"""The file to import: what it is, and what its rows leave unsaid."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from footfall.domain.values import JsonObject, JsonValue

REJECTED_LINE = "rejectedLine"
REJECTED_BECAUSE = "rejectedBecause"
"""What a file of rejected rows says of each; left out when that file is imported itself."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of events.

    Attributes:
        event_name: of the rows that name none.
        currency: of the rows that have a value and no currency.
        mapping: CSV headings to paths.
    """

    path: Path
    event_name: str | None = None
    currency: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_csv(self) -> bool:
        """Whether rows are cells under a header row; otherwise each line is a JSON object."""
        return self.path.suffix.lower() == ".csv"

    def fingerprint(self) -> str:
        """Return what stands for this content as events of this name: a digest of both."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        digest.update(f"\0{self.event_name or ''}".encode())
        return digest.hexdigest()[:32]

    def complete(self, event: JsonObject, unique_id: str) -> JsonObject:
        """Return the event with what it leaves unsaid."""
        unsaid: dict[str, JsonValue] = {"uniqueId": unique_id}
        if self.event_name is not None:
            unsaid["eventName"] = self.event_name
        if self.currency is not None and event.get("value") is not None:
            unsaid["valueCurrency"] = self.currency
        return unsaid | {key: value for key, value in event.items() if value is not None}
