"""How far an import came, so that an interrupted one goes on from there."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Position:
    """What is done of a file.

    Attributes:
        rows: every row up to this number is accepted or rejected.
        end: how many bytes of the file these rows take.
    """

    rows: int = 0
    end: int = 0
    accepted: int = 0
    rejected: int = 0


class Checkpoint:
    """The position of one import, in a file that is gone once the import is complete.

    Attributes:
        path: the file.
        key: stands for what is imported, and where to; the position of anything else is ignored.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self.key = key

    def load(self) -> Position:
        """Return the position of the import that was interrupted; the start when none was."""
        try:
            kept = json.loads(self.path.read_text())
        except FileNotFoundError:
            return Position()
        return Position(**kept["position"]) if kept["key"] == self.key else Position()

    def save(self, position: Position) -> None:
        """Remember the position; whenever the process dies, the file holds this or the last one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps({"key": self.key, "position": asdict(position)}))
        draft.replace(self.path)

    def clear(self) -> None:
        """Forget the import."""
        self.path.unlink(missing_ok=True)


def import_key(fingerprint: str, url: str, store_id: str) -> str:
    """Return what stands for the import of this content into this store."""
    return hashlib.sha256(f"{fingerprint}\n{url}\n{store_id}".encode()).hexdigest()[:32]
