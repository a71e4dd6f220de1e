"""The upstream client: kept connections to instances, one request each at a time; what a connection is says `wire`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import lru_cache
from urllib.parse import urlsplit

from ollama_panel.core.records import FailureKind
from ollama_panel.proxy.body import BodyError
from ollama_panel.proxy.headers import RawHeaders
from ollama_panel.proxy.upstream import Payload, Reply, UpstreamError
from ollama_panel.proxy.wire import StaleError, Wire, WireReply

CONNECT_TIMEOUT_S = 5.0
IDLE_S = 60.0

_CHUNKED = b"Transfer-Encoding: chunked\r\n"


class WirePool:
    """`UpstreamClient` over wires; those that are free are kept for `IDLE_S` seconds. Lives on one loop."""

    def __init__(self) -> None:
        self._wires: set[Wire] = set()
        self._idle: dict[tuple[str, int], list[Wire]] = {}

    async def open(self, method: str, base: str, path: str, headers: RawHeaders, body: Payload) -> Reply:
        """See `UpstreamClient.open`."""
        address = _address(base)
        head = _head(method, path, base, headers, body)
        replayable = body is None or isinstance(body, bytes)
        wire = self._free(address) if replayable else None
        if wire is not None:
            try:
                return await self._ask(wire, head, body, head_only=method == "HEAD")
            except StaleError:
                # The instance had closed it meanwhile: a new connection tells whether it lives. It has closed the
                # others, too, or it dies of this request: then it is not to get it once more for each of them.
                self._drop(address)
        return await self._ask(await self._connect(address), head, body, head_only=method == "HEAD")

    def _free(self, address: tuple[str, int]) -> Wire | None:
        idle = self._idle.get(address)
        now = asyncio.get_running_loop().time()
        while idle:
            wire = idle.pop()
            if not wire.closed and not wire.transport.is_closing() and wire.idle_since > now - IDLE_S:
                wire.reused_at = now
                return wire
            wire.transport.abort()
        return None

    def _drop(self, address: tuple[str, int]) -> None:
        for wire in self._idle.pop(address, ()):
            wire.transport.abort()

    async def _connect(self, address: tuple[str, int]) -> Wire:
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                loop = asyncio.get_running_loop()
                _, wire = await loop.create_connection(lambda: Wire(self, address), *address)
        except (OSError, TimeoutError) as error:
            reason = str(error) or "no answer in time"
            raise UpstreamError(FailureKind.CONNECT, f"no connection to the instance ({reason})") from error
        return wire

    async def _ask(self, wire: Wire, head: bytes, body: Payload, *, head_only: bool) -> WireReply:
        reply = WireReply(wire, head_only=head_only)
        wire.serve(reply)
        try:
            if body is None or isinstance(body, bytes):
                wire.transport.write(head + body if body else head)
            else:
                await self._send(wire, reply, head, body)
            await reply.head()
        except BaseException:
            reply.close()
            raise
        return reply

    async def _send(self, wire: Wire, reply: WireReply, head: bytes, body: AsyncIterator[bytes]) -> None:
        """Send a body as it comes; an answer before its end means that nobody wants the rest."""
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(self._pieces(wire, reply, head, body))
            with suppress(UpstreamError, BodyError, ConnectionError):  # raised again to who waits for the head
                await reply.head()
            if not sender.done():
                reply.keep = False  # whatever is sent next on this wire would be taken for the rest of the body
                sender.cancel()

    @staticmethod
    async def _pieces(wire: Wire, reply: WireReply, head: bytes, body: AsyncIterator[bytes]) -> None:
        chunked = head.endswith(_CHUNKED + b"\r\n")
        wire.transport.write(head)
        try:
            async for piece in body:
                await wire.room.wait()
                if reply.answered:
                    break
                wire.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        except (BodyError, ConnectionError) as error:  # the client's fault, not the instance's
            reply.fail(error)
        if reply.answered:  # perhaps on a wire that is closed by now
            reply.keep = False
        elif chunked:
            wire.transport.write(b"0\r\n\r\n")

    def keep(self, wire: Wire) -> None:
        """Put a wire aside for the next request, and close those that have been aside for too long."""
        wire.idle_since = asyncio.get_running_loop().time()
        idle = self._idle.setdefault(wire.address, [])
        idle.append(wire)
        while idle[0].idle_since <= wire.idle_since - IDLE_S:
            idle.pop(0).transport.abort()

    def made(self, wire: Wire) -> None:
        """Note a new wire."""
        self._wires.add(wire)

    def lost(self, wire: Wire) -> None:
        """Forget a closed wire."""
        self._wires.discard(wire)
        idle = self._idle.get(wire.address)
        if idle and wire in idle:
            idle.remove(wire)

    async def close(self) -> None:
        """See `UpstreamClient.close`."""
        for wire in tuple(self._wires):
            wire.transport.abort()
        self._idle.clear()


@lru_cache(maxsize=256)
def _address(base: str) -> tuple[str, int]:
    parts = urlsplit(base)
    return parts.hostname or "127.0.0.1", parts.port or 80


def _head(method: str, path: str, base: str, headers: RawHeaders, body: Payload) -> bytes:
    lines = [f"{method} {path} HTTP/1.1\r\nHost: {base.partition('://')[2]}\r\n".encode("utf-8", "surrogateescape")]
    lines += [b"%b: %b\r\n" % pair for pair in headers]
    if isinstance(body, bytes):
        lines.append(b"Content-Length: %d\r\n" % len(body))
    elif body is not None and not any(name == b"Content-Length" for name, _ in headers):
        lines.append(_CHUNKED)
    elif body is None and method in ("POST", "PUT", "PATCH"):
        lines.append(b"Content-Length: 0\r\n")
    lines.append(b"\r\n")
    return b"".join(lines)
