"""The listener: opens, moves and closes the proxy's server, and shows its record; and the two that the proxy has."""

import asyncio
import errno
from collections.abc import Awaitable, Callable, Container, Sequence

import msgspec

from ollama_panel.core.alerts import PORT_TAKEN
from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.addresses import without_brackets
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.engine.pace import until_next
from ollama_panel.proxy.listening import addresses_of, is_free
from ollama_panel.proxy.server import ProxyServer

RETRY_S = 2.0
"""How often it is tried to listen where that was not possible, and how soon a change of addresses is noticed."""

_PORTS_TRIED = 100


async def next_free_port(host: str, after: int, avoid: Container[int]) -> int:
    """Return the first free port above `after` that is not to be avoided. Raises PanelError if there is none."""
    last = min(after + _PORTS_TRIED, 65535)
    try:
        for port in range(after + 1, last + 1):
            if port not in avoid and await is_free(host, port):
                return port
    except OSError as error:
        raise PanelError(notice("proxy.no_address", host=host, port=after, reason=reason_of(error))) from error
    raise PanelError(notice("proxy.no_free_port", host=host, first=after + 1, last=last))


class Listener:
    """Runs at most one open server; closed ones drain in tasks of `group`.

    `show` gets its record whenever that changes. `urls_for_others` returns those of a port for other
    machines, by the families of which the server listens on all addresses. `addresses_of` returns those that a host
    means now; it raises OSError.
    """

    def __init__(
        self,
        group: asyncio.TaskGroup,
        make_server: Callable[[ProxySettings], ProxyServer],
        show: Callable[[ProxyRecord], None],
        drain_s: float,
        urls_for_others: Callable[[int, Sequence[int]], tuple[str, ...]] = lambda *_: (),
        addresses_of: Callable[[str], Awaitable[frozenset[str]]] = addresses_of,
    ) -> None:
        self._group = group
        self._make_server = make_server
        self._show = show
        self._record = ProxyRecord()
        self._drain_s = drain_s
        self._urls_for_others = urls_for_others
        self._addresses_of = addresses_of
        self._wanted: ProxySettings | None = None
        self._server: ProxyServer | None = None
        self._options: ProxySettings | None = None
        self._lock = asyncio.Lock()
        self._forced = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Try again where it was not possible to listen, and follow the machine's addresses, until cancelled."""
        while True:
            await asyncio.sleep(until_next(RETRY_S))
            async with self._lock:
                if self._wanted is None:
                    continue
                if self._record.problem is not None:
                    await self._move(self._wanted)
                elif self._server is not None:
                    await self._follow(self._server, self._wanted)

    async def open(self, options: ProxySettings) -> None:
        """Open the server, or reconfigure or move the open one. On failure the old one stays open, and `run` goes on.

        Does not raise PanelError: the reason is the `problem` of its record.
        """
        async with self._lock:
            self._wanted = options
            if self._server is not None and self._options is not None and _address(options) == _address(self._options):
                self._server.configure(options)
                self._options = options
                self._set_record(msgspec.structs.replace(self._record, problem=None))
            else:
                await self._move(options)

    async def close(self) -> None:
        """Stop listening; the server drains in the background."""
        async with self._lock:
            self._wanted = None
            await self._close_server()
            self._set_record(ProxyRecord())

    async def wait_closed(self) -> None:
        """Wait until every closed server has drained."""
        while self._closing:
            await asyncio.wait(self._closing)

    async def abort(self) -> None:
        """Close the open server without draining, whatever else is in progress."""
        server, self._server, self._options, self._wanted = self._server, None, None, None
        if server is not None:
            await server.stop(0.0)

    def force_close(self) -> None:
        """Abort what is being drained, and drain nothing from now on."""
        self._forced.set()

    async def _follow(self, server: ProxyServer, options: ProxySettings) -> None:
        """Move if the machine has lost the address on which the server listens, or its host means another one now."""
        record = self._record
        try:
            found = await self._addresses_of(options.host)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                told = notice("proxy.no_address", host=options.host, port=record.port, reason=reason_of(error))
                self._set_record(msgspec.structs.replace(record, problem=told))
            return  # else a name that cannot be looked up just now
        if found != server.addresses:
            await self._move(options)
        else:
            others = self._urls_for_others(server.port, server.open_families)
            self._set_record(msgspec.structs.replace(record, others=others))

    async def _move(self, options: ProxySettings) -> None:
        """Open a new server, then close the old one, which stays open if that fails."""
        server = self._make_server(options)
        try:
            url = await self._start(server, options)
        except PanelError as error:
            still = self._record if self._server is not None else ProxyRecord()
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
        self._record = record
        self._show(record)


def _address(options: ProxySettings) -> tuple[str, int]:
    return options.host, options.port


class Listeners:
    """The listeners of the proxy: that of its own address, and that of the second one, which it may have, too."""

    def __init__(self, first: Listener, second: Listener) -> None:
        self._first = first
        self._second = second

    async def run(self) -> None:
        """Try again where it was not possible to listen, and follow the machine's addresses, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._first.run(), name="first listener")
            group.create_task(self._second.run(), name="second listener")

    async def open(self, options: ProxySettings) -> None:
        """Open, reconfigure or move the servers; see `Listener.open`."""
        wants_second = options.second_port not in (0, options.port)
        if not wants_second:
            await self._second.close()  # before: the first one may want its port
        await self._first.open(options)
        if wants_second:
            await self._second.open(second_of(options))

    async def close(self) -> None:
        """Stop listening; the servers drain in the background."""
        await self._first.close()
        await self._second.close()

    async def wait_closed(self) -> None:
        """Wait until every closed server has drained."""
        await self._first.wait_closed()
        await self._second.wait_closed()

    async def abort(self) -> None:
        """Close the open servers without draining, whatever else is in progress."""
        await self._first.abort()
        await self._second.abort()

    def force_close(self) -> None:
        """Abort what is being drained, and drain nothing from now on."""
        self._first.force_close()
        self._second.force_close()


def second_of(options: ProxySettings) -> ProxySettings:
    """Return the options of the server at the second address."""
    host = without_brackets(options.second_host)
    return msgspec.structs.replace(options, host=host, port=options.second_port)
