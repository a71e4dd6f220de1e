"""Reads the bodies of replies that are short, and tells an instance's own errors from those to try again."""

from ollama_panel.core.ollama.api import failure_of, says_model_missing
from ollama_panel.core.ollama.stream import error_text
from ollama_panel.core.records import FailureKind
from ollama_panel.proxy.upstream import UpstreamError, error_of
from ollama_panel.proxy.upstream_connection import UpstreamReply

ERROR_BODY_BYTES = 1_048_576
"""So much of an error is read to classify it."""


async def read_all(reply: UpstreamReply, limit: int) -> bytes:
    """Return the body of a short reply, at most about `limit` bytes of it. Raises `UpstreamError` if it breaks."""
    pieces: list[bytes] = []
    await read_more(reply, pieces, limit)
    return b"".join(pieces)


async def read_error(reply: UpstreamReply, *, elsewhere: bool) -> bytes:
    """Return the body of an error that the client is to get, at most about `ERROR_BODY_BYTES` of it.

    Raises `UpstreamError` for one after which the request may be tried again; a missing model is one if instances
    `elsewhere` may have it.
    """
    body = await read_all(reply, ERROR_BODY_BYTES)
    text = error_text(body)
    kind = failure_of(reply.status, text)
    if kind is None and elsewhere and says_model_missing(reply.status, text):
        kind = FailureKind.NOT_FOUND
    if kind is not None:
        raise UpstreamError(kind, error_of(text))
    return body


async def read_more(reply: UpstreamReply, pieces: list[bytes], limit: int) -> None:
    """Append the next pieces of a reply until it is complete or they are longer than `limit` bytes."""
    size = sum(map(len, pieces))
    while size <= limit and (more := await reply.read()):
        pieces += more
        size += sum(map(len, more))
