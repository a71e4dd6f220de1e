"""The listener: opens, moves and closes the proxy's server, and keeps its record in the store."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.engine.store import Store
from ollama_panel.proxy.server import PORT_TAKEN, ProxyServer


class Listener:
    """Runs at most one open server; closed ones drain in tasks of `group`.

    `announce` is called with each new URL, or "" if there is none. `urls_for_others` returns those of a port for other
    machines, by the families of which the server listens on all addresses.
    """

    def __init__(
        self,
        group: asyncio.TaskGroup,
        make_server: Callable[[ProxySettings], ProxyServer],
        store: Store,
        announce: Callable[[str], None],
        drain_s: float,
        urls_for_others: Callable[[int, Sequence[int]], tuple[str, ...]] = lambda *_: (),
    ) -> None:
        self._group = group
        self._make_server = make_server
        self._store = store
        self._announce = announce
        self._drain_s = drain_s
        self._urls_for_others = urls_for_others
        self._server: ProxyServer | None = None
        self._options: ProxySettings | None = None
        self._lock = asyncio.Lock()
        self._forced = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()

    async def open(self, options: ProxySettings) -> None:
        """Open the server, or reconfigure or move the open one. On failure the old one stays open.

        Does not raise PanelError: the reason is `store.proxy.problem`.
        """
        async with self._lock:
            if self._server is not None and self._options is not None and _address(options) == _address(self._options):
                self._server.configure(options)
                self._options = options
                self._set_record(msgspec.structs.replace(self._store.proxy, problem=None))
            else:
                await self._move(options)

    async def close(self) -> None:
        """Stop listening; the server drains in the background."""
        async with self._lock:
            await self._close_server()
            self._set_record(ProxyRecord())

    async def wait_closed(self) -> None:
        """Wait until every closed server has drained."""
        while self._closing:
            await asyncio.wait(self._closing)

    async def abort(self) -> None:
        """Close the open server without draining, whatever else is in progress."""
        server, self._server, self._options = self._server, None, None
        if server is not None:
            await server.stop(0.0)

    def force_close(self) -> None:
        """Abort what is being drained, and drain nothing from now on."""
        self._forced.set()

    async def _move(self, options: ProxySettings) -> None:
        """Open a new server, then close the old one, which stays open if that fails."""
        server = self._make_server(options)
        try:
            url = await self._start(server, options)
        except PanelError as error:
            still = self._store.proxy if self._server is not None else ProxyRecord()
            self._set_record(msgspec.structs.replace(still, problem=error.notice))
            return
        await self._close_server()
        self._server, self._options = server, options
        others = self._urls_for_others(server.port, server.open_families)
        self._set_record(ProxyRecord(on=True, url=url, port=server.port, others=others))

    async def _start(self, server: ProxyServer, options: ProxySettings) -> str:
        """Start a server; if it needs the port of the old one, that one stops listening, and goes on if it was in vain.

        Raises PanelError.
        """
        old = self._server
        try:
            return await server.start()
        except PanelError as error:
            if old is None or old.port != options.port or error.notice.code != PORT_TAKEN:
                raise
        port = old.port
        old.stop_listening()
        try:
            return await server.start()
        except PanelError:
            await self._resume(old, port)
            raise

    async def _resume(self, server: ProxyServer, port: int) -> None:
        try:
            await server.resume(port)
        except PanelError:  # another program has taken the port meanwhile
            await self._close_server()

    async def _close_server(self) -> None:
        """Start to close the open server; it no longer listens when this returns."""
        server, self._server, self._options = self._server, None, None
        if server is not None:
            server.stop_listening()
            task = self._group.create_task(self._drain(server), name="closing the proxy")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _drain(self, server: ProxyServer) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                stopping = group.create_task(server.stop(self._drain_s), name="draining")
                forced = group.create_task(self._forced.wait(), name="forced")
                await asyncio.wait({stopping, forced}, return_when=asyncio.FIRST_COMPLETED)
                stopping.cancel()
                forced.cancel()
        finally:
            await server.stop(0.0)  # does nothing if the first call has completed

    def _set_record(self, record: ProxyRecord) -> None:
        if record.url != self._store.proxy.url:
            self._announce(record.url)
        self._store.set_proxy(record)


def _address(options: ProxySettings) -> tuple[str, int]:
    return options.host, options.port
