"""Why a definition says what it says about a customer, as the API shows it."""

from datetime import datetime

from footfall.domain.limits import MAX_NAME_CHARACTERS
from footfall.domain.timestamps import format_timestamp
from footfall.domain.values import JsonObject, JsonValue
from footfall.segments.history import Reason


def reason_document(reason: Reason) -> JsonObject:
    """Return the reason as the API shows it."""
    document: dict[str, JsonValue] = {"pointer": reason.pointer, "says": reason.says}
    match reason.found:
        case datetime():
            document["found"] = format_timestamp(reason.found)
        case str(text) if len(text) > MAX_NAME_CHARACTERS:
            document |= {"found": text[:MAX_NAME_CHARACTERS], "foundCut": True}
        case found:
            document["found"] = found
    if reason.segment_id is not None:
        document["segment"] = reason.segment_id
        document["reasons"] = [reason_document(one) for one in reason.reasons]
    return document
