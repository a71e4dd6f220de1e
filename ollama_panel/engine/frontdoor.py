"""Opening, moving and closing the proxy; what the window shows of it."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol

from ollama_panel.core.errors import PanelError
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.engine.store import Store
from ollama_panel.proxy.options import ProxyOptions


class Server(Protocol):
    """The part of `proxy.server.ProxyServer` that this module needs."""

    async def start(self) -> str:
        """Listen; return the URL."""
        ...

    def configure(self, options: ProxyOptions) -> None:
        """Take new options."""
        ...

    async def stop(self, drain_s: float) -> None:
        """Stop listening, let answers end."""
        ...


class FrontDoor:
    """At most one open server; `announce` is told each new address, "" when there is none."""

    def __init__(
        self, make: Callable[[ProxyOptions], Server], store: Store, announce: Callable[[str], None], drain_s: float
    ) -> None:
        self._make = make
        self._store = store
        self._announce = announce
        self._drain_s = drain_s
        self._server: Server | None = None
        self._options: ProxyOptions | None = None
        self._busy = asyncio.Lock()
        self._hurry = asyncio.Event()

    async def open(self, options: ProxyOptions) -> None:
        """Open with `options`, or move to them. Failing leaves what was open before, and a sentence in the record.

        Never raises PanelError: the reason is `store.proxy.problem`.
        """
        async with self._busy:
            if self._server is not None and self._options is not None and _address(options) == _address(self._options):
                self._server.configure(options)
                self._options = options
                return
            await self._move(options)

    async def close(self) -> None:
        """Accept nothing more and let running answers end."""
        async with self._busy:
            server, self._server, self._options = self._server, None, None
            self._told(ProxyRecord())
            if server is not None:
                await self._stop(server)

    def hurry(self) -> None:
        """Cut off what a close still waits for."""
        self._hurry.set()

    async def _move(self, options: ProxyOptions) -> None:
        """Open the new door before the old one closes; on one port the old one has to close first."""
        old, before = self._server, self._options
        async with asyncio.TaskGroup() as group:
            if old is not None and before is not None and options.port == before.port:
                group.create_task(self._stop(old), name="closing the old door")
                await asyncio.sleep(0)
                old = self._server = None
            server = self._make(options)
            try:
                url = await server.start()
            except PanelError as error:
                record = self._store.proxy if self._server is not None else ProxyRecord()
                self._told(ProxyRecord(on=self._server is not None, url=record.url, problem=str(error)))
                return
            self._server, self._options = server, options
            self._told(ProxyRecord(on=True, url=url))
            if old is not None:
                group.create_task(self._stop(old), name="closing the old door")

    async def _stop(self, server: Server) -> None:
        async with asyncio.TaskGroup() as group:
            stopping = group.create_task(server.stop(self._drain_s), name="draining")
            hurry = group.create_task(self._hurry.wait(), name="hurry")
            await asyncio.wait({stopping, hurry}, return_when=asyncio.FIRST_COMPLETED)
            hurry.cancel()
            if not stopping.done():
                stopping.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await stopping
                await server.stop(0.0)

    def _told(self, record: ProxyRecord) -> None:
        if record.url != self._store.proxy.url or not record.url:
            self._announce(record.url)
        self._store.set_proxy(record)


def _address(options: ProxyOptions) -> tuple[str, int]:
    return options.host, options.port
