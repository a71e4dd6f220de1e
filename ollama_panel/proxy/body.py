"""Reads a request's body before the request queues: while a body is unread, a disconnect would go unnoticed."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from ollama_panel.core.notices import notice
from ollama_panel.proxy.body_storage import Body, BodyBuffer, BodyError, BodyStore
from ollama_panel.proxy.patient_timer import PARTS

BYTES_PER_TIMEOUT = 65_536
"""How much of a body must arrive per time-out: half a kilobyte a second with the default of 120 s."""


async def read_body(request: web.BaseRequest, store: BodyStore, *, limit: int, timeout_s: float) -> Body:
    """Return the whole body of `request`, kept in `store`.

    Raises `BodyError` if it is longer than `limit` bytes, if it arrives too slowly (see `iter_body`; `timeout_s` 0 =
    no limit), if its framing is broken, or if there is no room for it.
    """
    buffer = BodyBuffer(store, limit)
    if not request.body_exists:
        return buffer.body()
    buffer.check(request.content_length or 0)
    content = request.content
    try:
        if content.is_eof() and not content.exception():
            buffer.add(content.read_nowait(-1))
        else:
            async for piece in iter_body(request, timeout_s):
                buffer.add(piece)
        return buffer.body()
    except BaseException:
        buffer.discard()
        raise


async def iter_body(request: web.BaseRequest, timeout_s: float) -> AsyncIterator[bytes]:
    """Yield the body piece by piece. Raises `BodyError` if it arrives too slowly or its framing is broken.

    The client has `timeout_s` for each `BYTES_PER_TIMEOUT`, whatever came before: neither one byte now and then is
    enough, nor a fast beginning. The time that the caller spends on a piece does not count.
    """
    waited, size = 0.0, 0
    try:
        while True:
            piece, took = await _piece(request, timeout_s - waited if timeout_s else None)
            if not piece:
                return
            waited += took
            size += len(piece)
            if size >= BYTES_PER_TIMEOUT:
                waited, size = 0.0, 0
            yield piece
    except TimeoutError as error:
        raise BodyError(408, notice("body.late", limit=timeout_s)) from error
    except web.RequestPayloadError as error:
        reason = str(error)
        raise BodyError(400, notice("body.invalid", reason=reason) if reason else notice("body.framing")) from error


async def _piece(request: web.BaseRequest, limit_s: float | None) -> tuple[bytes, float]:
    """Return the next piece and how long it took; raise TimeoutError after `limit_s`, None = never.

    In parts, of which a standstill of the machine makes one late (see `PatientTimer`).
    """
    clock, waited = asyncio.get_running_loop().time, 0.0
    part = None if limit_s is None else limit_s / PARTS
    while True:
        begun = clock()
        try:
            async with asyncio.timeout(part):
                piece = await request.content.readany()
            return piece, waited + min(clock() - begun, part or 0.0)
        except TimeoutError:
            waited += part or 0.0
            if limit_s is None or waited > limit_s - (part or 0.0) / 2:
                raise
