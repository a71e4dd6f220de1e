"""Opening, moving and closing the proxy; what the window shows of it."""

import asyncio
from collections.abc import Callable

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.engine.store import Store
from ollama_panel.proxy.server import ProxyServer


class Listener:
    """At most one open server; those that close drain as tasks of `group`.

    `announce` is told each new address, "" when there is none.
    """

    def __init__(
        self,
        group: asyncio.TaskGroup,
        make_server: Callable[[ProxySettings], ProxyServer],
        store: Store,
        announce: Callable[[str], None],
        drain_s: float,
    ) -> None:
        self._group = group
        self._make_server = make_server
        self._store = store
        self._announce = announce
        self._drain_s = drain_s
        self._server: ProxyServer | None = None
        self._options: ProxySettings | None = None
        self._lock = asyncio.Lock()
        self._forced = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self, options: ProxySettings) -> None:
        """Open with `options`, or move to them. Failing leaves what was open before, and a sentence in the record.

        Never raises PanelError: the reason is `store.proxy.problem`.
        """
        async with self._lock:
            if self._server is not None and self._options is not None and _address(options) == _address(self._options):
                self._server.configure(options)
                self._options = options
                self._set_record(msgspec.structs.replace(self._store.proxy, problem=""))
            else:
                await self._move(options)

    async def close(self) -> None:
        """Accept nothing more; running answers end in the background."""
        async with self._lock:
            await self._close_server()
            self._set_record(ProxyRecord())

    async def wait_closed(self) -> None:
        """Return when the answers of every closed door have ended."""
        while self._closing:
            await asyncio.wait(self._closing)

    async def abort(self) -> None:
        """Close without waiting for anybody, whatever else is under way."""
        server, self._server, self._options = self._server, None, None
        if server is not None:
            await server.stop(0.0)

    def force_close(self) -> None:
        """Cut off what closed doors still wait for, and wait for nothing from now on."""
        self._forced.set()

    async def _move(self, options: ProxySettings) -> None:
        """Open the new door before the old one closes; on one port the old one has to close first."""
        if self._options is not None and options.port == self._options.port:
            await self._close_server()
        server = self._make_server(options)
        try:
            url = await server.start()
        except PanelError as error:
            still = self._store.proxy if self._server is not None else ProxyRecord()
            self._set_record(msgspec.structs.replace(still, problem=str(error)))
            return
        await self._close_server()
        self._server, self._options = server, options
        self._set_record(ProxyRecord(on=True, url=url, port=server.port))

    async def _close_server(self) -> None:
        """Let the open server close; it has stopped listening when this returns."""
        server, self._server, self._options = self._server, None, None
        if server is not None:
            task = self._group.create_task(self._drain(server), name="closing the proxy")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
            await asyncio.sleep(0)  # its first step closes the listener
            await asyncio.sleep(0)

    async def _drain(self, server: ProxyServer) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                stopping = group.create_task(server.stop(self._drain_s), name="draining")
                forced = group.create_task(self._forced.wait(), name="forced")
                await asyncio.wait({stopping, forced}, return_when=asyncio.FIRST_COMPLETED)
                stopping.cancel()
                forced.cancel()
        finally:
            await server.stop(0.0)  # does nothing after a stop that came to its end

    def _set_record(self, record: ProxyRecord) -> None:
        if record.url != self._store.proxy.url:
            self._announce(record.url)
        self._store.set_proxy(record)


def _address(options: ProxySettings) -> tuple[str, int]:
    return options.host, options.port
