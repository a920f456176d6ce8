"""What a route of the API is: its place, whose contract it keeps, and who may call it how often."""

from dataclasses import dataclass
from enum import StrEnum

from footfall.domain.stores import Scope


class Family(StrEnum):
    """The contracts that routes keep: each has its own bodies, answers and errors."""

    OWN = "own"
    """Redo's contract for events and customers, and Footfall's own routes beside it."""

    KLAVIYO = "klaviyo"
    TRACK_1 = "customer.io track v1"
    TRACK_2 = "customer.io track v2"
    PIPELINES = "customer.io pipelines"
    YOTPO = "yotpo"


class Credential(StrEnum):
    """Where a family's clients put the API key."""

    AUTHORIZATION = "header Authorization"
    """`Bearer <key>`, `Klaviyo-API-Key <key>` or `Basic`, as user name or as password."""

    YOTPO_TOKEN = "header X-Yotpo-Token"  # noqa: S105  # where a token stands, not one
    COMPANY_ID = "query parameter company_id"
    """A public key: it stands in URLs."""

    BODY = "body"
    """No header that API Gateway could see: ingest looks for itself, and no usage plan counts."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path.

    Attributes:
        path: the resource path as API Gateway knows it.
        function: the folder under functions/ that answers it.
        scope: what a key needs to call it.
        requests_per_second: the store's share, kept by the usage plan.
        burst: how many may come at once; as many as in a second if None.
        is_for_browsers: whether pages of other origins may call it (CORS).
    """

    method: str
    path: str
    function: str
    scope: Scope
    requests_per_second: int
    burst: int | None = None
    family: Family = Family.OWN
    credential: Credential = Credential.AUTHORIZATION
    is_for_browsers: bool = False
