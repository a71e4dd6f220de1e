"""The framing of answers as in Go's server: short ones with a length, long and streamed ones in chunks."""

from collections.abc import Iterable

from aiohttp import web

from ollama_panel.sim.http import anthropic, openai
from ollama_panel.sim.http.body import Document, encode
from ollama_panel.sim.http.native import JSON_TYPE
from ollama_panel.sim.http.routes import Dialect

_LONG = 2048
"""Bytes; Go's server sends the length of an answer that fits into its buffer of 2 KiB."""


class RefusedError(Exception):
    """An error that a handler answers in the dialect of the path; `late`: found after the checks, while answering."""

    def __init__(self, status: int, message: str, *, late: bool = False) -> None:
        super().__init__(message)
        self.status, self.message, self.late = status, message, late


async def send(
    request: web.Request,
    body: bytes,
    content_type: str,
    status: int = 200,
    headers: Iterable[tuple[str, str]] = (),
    *,
    chunked: bool = False,
) -> web.StreamResponse:
    """Send a whole answer."""
    if not chunked and len(body) <= _LONG:
        found: web.StreamResponse = web.Response(body=body, status=status)
        found.headers["Content-Type"] = content_type
        for name, value in headers:
            found.headers.add(name, value)
        await found.prepare(request)
        await found.write_eof()
        return found
    found = await start(request, content_type, status, headers)
    if request.method != "HEAD":
        await found.write(body)
    await found.write_eof()
    return found


async def start(
    request: web.Request, content_type: str, status: int = 200, headers: Iterable[tuple[str, str]] = ()
) -> web.StreamResponse:
    """Begin an answer of unknown length: chunked, or with HTTP/1.0 until the connection is closed."""
    found = web.StreamResponse(status=status)
    found.headers["Content-Type"] = content_type
    for name, value in headers:
        found.headers.add(name, value)
    await found.prepare(request)
    return found


async def send_json(request: web.Request, document: Document, content_type: str = JSON_TYPE) -> web.StreamResponse:
    """Send a JSON object; in OpenAI's and Anthropic's dialects it ends with a newline."""
    return await send(request, encode(document) + (b"" if content_type == JSON_TYPE else b"\n"), content_type)


def error_document(dialect: Dialect, status: int, message: str) -> Document:
    """Return an error in a dialect."""
    if dialect is Dialect.OPENAI:
        return openai.error(status, message)
    if dialect is Dialect.ANTHROPIC:
        return anthropic.error(status, message)
    return {"error": message}


async def send_error(
    request: web.Request, dialect: Dialect, refused: RefusedError, *, stream: bool
) -> web.StreamResponse:
    """Send an error that a handler raised."""
    document = encode(error_document(dialect, refused.status, refused.message))
    if dialect is not Dialect.NATIVE:
        chunked = refused.late and stream
        return await send(request, document + b"\n", openai.JSON_TYPE, refused.status, chunked=chunked)
    if refused.late and stream:
        return await send(request, document, openai.JSON_TYPE, refused.status, chunked=True)
    return await send(request, document, JSON_TYPE, refused.status)
