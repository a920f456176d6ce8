"""Unpacks request bodies as API Gateway does, before a function sees them.

AWS: docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-
payload.html. Without any setting, the gateway unpacks what `Content-Encoding` says is packed, and
answers 415 where that is not so or it does not know the coding.
"""

import zlib

_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
"""What zlib wants to hear for the two codings that API Gateway takes."""


class NotPackedError(Exception):
    """The body is not packed as its header says, or in a way that is not known here."""


class TooMuchPackedError(Exception):
    """The body is larger than the limit once it is unpacked."""


def unpacked(body: bytes, content_encoding: str, limit: int) -> bytes:
    """Return the body as it was before it was packed, of at most `limit` bytes.

    Raises:
        NotPackedError: when it is not what the header Content-Encoding says.
        TooMuchPackedError: when it is larger than the limit.
    """
    coding = content_encoding.strip().lower()
    if not body or coding in {"", "identity"}:
        return body
    if coding not in _WINDOWS:
        raise NotPackedError
    unpacking = zlib.decompressobj(_WINDOWS[coding])
    try:
        content = unpacking.decompress(body, limit + 1)
    except zlib.error:
        raise NotPackedError from None
    if len(content) > limit:
        raise TooMuchPackedError
    if not unpacking.eof:
        raise NotPackedError
    return content
