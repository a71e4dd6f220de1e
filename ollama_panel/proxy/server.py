"""The proxy's HTTP server: listens, checks each request and routes it."""

import asyncio
import errno
import logging
import re
from collections import Counter
from collections.abc import Callable

from aiohttp import web

from ollama_panel.core.alerts import PORT_TAKEN
from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.api import Kind, classify
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.records import Job
from ollama_panel.core.settings.tree import ApiKey, ProxySettings
from ollama_panel.proxy import aggregate, panel_api
from ollama_panel.proxy.acceptor import Acceptor
from ollama_panel.proxy.body import iter_body, read_body
from ollama_panel.proxy.body_storage import Body, BodyError, BodyStore
from ollama_panel.proxy.connection import ClientServer, Connection
from ollama_panel.proxy.connection_limit import ConnectionLimit
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.credentials import presented_keys
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate
from ollama_panel.proxy.identity import LookUp, ProcessNames, is_own_ollama
from ollama_panel.proxy.jobs import build_job, is_cloud
from ollama_panel.proxy.listening import open_sockets, url_of
from ollama_panel.proxy.panel_api import PanelSource
from ollama_panel.proxy.parted_relay import PartedRelay
from ollama_panel.proxy.parting import parts_of
from ollama_panel.proxy.passthrough import forward, streams_body
from ollama_panel.proxy.relay import Relay
from ollama_panel.proxy.request_checks import RequestChecks
from ollama_panel.proxy.request_fields import RequestFields, read_fields
from ollama_panel.proxy.response import Response
from ollama_panel.proxy.sender import local_ends
from ollama_panel.proxy.senders import Senders
from ollama_panel.proxy.stop import Stop, stop

_ABORT_S = 0.05
"""How long an aborted connection may take to close; to aiohttp 0 would mean no limit."""

_URL_START = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_log = logging.getLogger(__name__)


class ProxyServer:
    """The proxy's server. Call its methods on the loop that runs it.

    Everything in `options` but host and port may change while it runs; port 0 = a free one, chosen at start. `clock`
    returns the gate's monotonic seconds; None = the loop's, which in uvloop are whole milliseconds. `look_up` finds
    which local process is behind a connection; None = unknown. `client_headers` returns the headers in which a program
    in front names its users. `own_secret` opens `/panel/...` without an API key; `own_key` is one that the panel has
    made for itself, and keeps nowhere. `bodies` keeps the bodies of the requests, those of several servers if they
    share it. `owner_of` returns the process that listens on a port.
    """

    def __init__(
        self,
        gate: Gate,
        options: ProxySettings,
        panel: PanelSource,
        clock: Callable[[], float] | None = None,
        *,
        own_secret: str = "",
        own_key: ApiKey | None = None,
        look_up: LookUp | None = None,
        bodies: BodyStore | None = None,
        client_headers: Callable[[], tuple[str, ...]] = tuple,
        owner_of: Callable[[int], Notice] = lambda _: notice("port.owner_unknown"),
        limit: ConnectionLimit | None = None,
        errors: Counter[str] | None = None,
    ) -> None:
        self._errors = errors
        self._gate = gate
        self._options = options
        self._panel = panel
        self._clock = clock
        self._look_up = look_up
        self._bodies = bodies or BodyStore()
        self._client_headers = client_headers
        self._owner_of = owner_of
        self._limit = limit or ConnectionLimit()
        self._own = own_secret, own_key
        self._checks = RequestChecks(options, *self._own)
        self.senders = Senders(gate, None, client_headers)
        self._pool: ConnectionPool = ConnectionPool(self._limit.upstream)
        self._client_server: ClientServer | None = None
        self._acceptor: Acceptor | None = None
        self._active: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False
        self._ending = asyncio.Event()

    @property
    def active(self) -> int:
        """Return how many requests are in progress, including those that wait."""
        return len(self._active)

    async def wait_idle(self) -> None:
        """Wait until no request is in progress."""
        await self._idle.wait()

    async def wait_all_disconnected(self) -> None:
        """Wait until no client is connected."""
        if self._client_server is not None:
            await self._client_server.all_disconnected.wait()

    def configure(self, options: ProxySettings) -> None:
        """Use new options from now on, except host and port, which change at the next start."""
        self._options = options
        self._checks = RequestChecks(options, *self._own)
        if self._client_server is not None:
            self._client_server.header_timeout_s = options.header_timeout_s
            self._client_server.connections_per_client = options.connections_per_client
            self._client_server.write_timeout_s = options.write_timeout_s

    @property
    def port(self) -> int:
        """Return the port that it listens on, or 0 while it does not."""
        return self._acceptor.port if self._acceptor else 0

    @property
    def open_families(self) -> tuple[int, ...]:
        """Return the families of addresses, as in `socket`, of which it listens on all of the machine."""
        return self._acceptor.open_families if self._acceptor is not None else ()

    @property
    def addresses(self) -> frozenset[str]:
        """Return the addresses that it listens on."""
        return self._acceptor.addresses if self._acceptor is not None else frozenset()

    async def start(self) -> str:
        """Start to listen and return the URL for clients on this machine.

        Raises `PanelError` if it cannot listen on host and port, whatever they are.
        """
        loop = asyncio.get_running_loop()
        self._now = self._clock or loop.time
        self._draining = False
        self._ending.clear()
        names = None
        if self._look_up is not None:
            names = ProcessNames(loop.time, self._look_up, lambda: self.port, lambda: self.senders.found())
        self.senders = Senders(self._gate, names, self._client_headers)
        self._client_server = ClientServer(self._handle, self.senders.disconnected, self._limit)
        self.configure(self._options)
        return await self._listen(self._client_server, self._options.port)

    async def resume(self, port: int) -> None:
        """Listen again on `port` after `stop_listening`. Raises `PanelError` if that is not possible any more."""
        if self._client_server is not None:
            await self._listen(self._client_server, port)

    async def _listen(self, clients: ClientServer, port: int) -> str:
        host = self._options.host
        try:
            sockets = await open_sockets(host, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                owner = await asyncio.to_thread(self._owner_of, port)
                raise PanelError(notice(PORT_TAKEN, host=host, port=port, owner=owner)) from error
            told = notice("proxy.no_address", host=host, port=port, reason=reason_of(error))
            raise PanelError(told) from error
        except (ValueError, OverflowError) as error:  # UnicodeError: a label of a name is empty or too long
            raise PanelError(notice("proxy.no_host", host=host, port=port)) from error
        self._acceptor = Acceptor(sockets, clients, self._limit, clients.make_room)
        try:
            await self._acceptor.open()
        except OSError as error:
            self._acceptor.close()
            told = notice("proxy.no_address", host=host, port=port, reason=reason_of(error))
            raise PanelError(told) from error
        return url_of(sockets)

    def stop_listening(self) -> None:
        """Accept no more connections; those that the kernel has completed are served."""
        if self._acceptor is not None:
            self._acceptor.close()

    async def stop(self, drain_s: float) -> None:
        """Stop listening, drain for at most `drain_s` seconds, then abort the requests that are left."""
        acceptor, clients = self._acceptor, self._client_server
        if acceptor is None or clients is None:
            return
        self._draining = True
        self._ending.set()
        acceptor.close()
        try:
            async with asyncio.timeout(drain_s):
                await acceptor.wait_started()
                await clients.begin_all()
                clients.close_idle()
                await self.wait_idle()
        except TimeoutError:
            if self.active:
                _log.warning("%d requests were cut off when the proxy stopped.", self.active)
        await acceptor.wait_started()
        clients.close_idle()
        await clients.shutdown(_ABORT_S)
        await self._pool.close()
        self._acceptor = None

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = _origin_form(request.raw_path)
        exchange = Exchange(request, classify(request.method, path), path, self._now(), self._errors)
        self._track(exchange)
        try:
            return await self._route(exchange)
        except BodyError as error:
            return await exchange.error(error.status, error.notice, retry_after_s=error.retry_after_s, close=True)
        except ConnectionError:
            raise  # the client has disconnected
        except Exception:  # noqa: BLE001 - whatever it was, the client gets a response, the log the traceback
            _log.exception("The proxy failed at %s %s.", request.method, path)
            return await self._internal_error(exchange)
        finally:
            self._untrack(exchange)
            if isinstance(request.protocol, Connection):
                request.protocol.silent_since = asyncio.get_running_loop().time()

    def _track(self, exchange: Exchange) -> None:
        while exchange.id in self._active:
            exchange.id = exchange.alternative_id()
        self._active.add(exchange.id)
        self._idle.clear()
        if self._draining:
            exchange.response.force_close()

    def _untrack(self, exchange: Exchange) -> None:
        self._active.discard(exchange.id)
        self.senders.ended(exchange.id)
        if not self._active:
            self._idle.set()

    @staticmethod
    async def _internal_error(exchange: Exchange) -> Response:
        if exchange.response.started:
            await exchange.response.abort()
            return exchange.response
        return await exchange.error(500, notice("panel.error"), close=True)

    async def _route(self, exchange: Exchange) -> Response:
        rejection = self._checks.check(exchange)
        if rejection is not None and rejection.status == 401 and await self._is_own_ollama(exchange.request):
            exchange.needs_key = False
            rejection = self._checks.check(exchange)
        kind = exchange.route.kind
        if rejection is not None:
            if rejection.status == 401 and kind is not Kind.PANEL:
                self.senders.turned_away(exchange)
            return await rejection.send(exchange)
        if kind is Kind.HEALTH:
            return await exchange.respond(200, b"Ollama is running", b"text/plain; charset=utf-8")
        if kind is Kind.PANEL:
            return await self._own_api(exchange)
        if kind is not Kind.INFERENCE:
            self.senders.of(exchange, queues=False)
        if kind is Kind.AGGREGATE:
            return await aggregate.gather(self._pool, exchange, self._gate)
        if streams_body(kind):
            return await self._stream_body(exchange)
        return await self._buffer_body(exchange)

    async def _own_api(self, exchange: Exchange) -> Response:
        async def read() -> bytes:
            timeout_s = self._options.body_timeout_s
            body = await read_body(exchange.request, self._bodies, limit=panel_api.BODY_BYTES, timeout_s=timeout_s)
            try:
                return bytes(body.view())
            finally:
                body.close()

        key, scope = exchange.key, self._checks.needed(exchange)[0]
        around = panel_api.Surroundings(read, self._ending, lambda: self._checks.still_opens(key, scope))
        return await panel_api.handle(self._panel, exchange, around)

    async def _buffer_body(self, exchange: Exchange) -> Response:
        options = self._options
        limit, timeout_s = options.max_body_mib * MIB, options.body_timeout_s
        body = await read_body(exchange.request, self._bodies, limit=limit, timeout_s=timeout_s)
        exchange.body_read = self._now()
        try:
            wanted = self._wanted(exchange, body) if exchange.route.kind is Kind.INFERENCE else None
            if isinstance(wanted, Job):
                return await self._relay(exchange, wanted, body)
            if isinstance(wanted, Stop):
                return await stop(self._pool, exchange, body.payload(), self._gate, wanted)
            payload = body.payload() if body.size else None
            return await forward(self._pool, exchange, payload, self._gate)
        finally:
            body.close()

    async def _relay(self, exchange: Exchange, job: Job, body: Body) -> Response:
        limit_s, divided = self._options.request_timeout_s, parts_of(exchange, job, body, self._gate)
        if divided is None:
            return await Relay(self._pool, exchange, job, body, limit_s, self._now).run(self._gate)
        job, inputs, parts = divided
        relay = PartedRelay(self._pool, exchange, job, inputs, parts, self._bodies, limit_s, self._now)
        return await relay.run(self._gate)

    async def _stream_body(self, exchange: Exchange) -> Response:
        request = exchange.request
        payload = iter_body(request, self._options.body_timeout_s) if request.body_exists else None
        return await forward(self._pool, exchange, payload, self._gate)

    def _wanted(self, exchange: Exchange, body: Body) -> Job | Stop | None:
        """Return what a request asks for, or None if it is no matter of the gate: no model, or one in the cloud.

        The fields that were read end here: they refer to the body, which may be a large file.
        """
        fields = _fields_of(exchange, body)
        aside = not fields.model or is_cloud(fields.model, self._gate.remote_models())
        sender = self.senders.of(exchange, queues=not aside and not fields.unloads)
        if aside:
            return None
        if fields.unloads:
            return Stop(fields.model)
        options = self._options
        return build_job(
            exchange.id,
            sender,
            exchange.route,
            exchange.path,
            fields,
            body.size,
            self._gate.roles(),
            heartbeats=options.heartbeat,
            heartbeats_plain=options.heartbeat_plain,
        )

    async def _is_own_ollama(self, request: web.BaseRequest) -> bool:
        """Return whether a request without a key comes from the `ollama` command of the panel's user.

        It sends no key to any server but ollama.com (0.32.15, `api/client.go`).
        """
        ends = local_ends(request)
        claims = request.headers.get("User-Agent", "").startswith("ollama/") and not presented_keys(request.headers)
        return claims and self._look_up is not None and ends is not None and await is_own_ollama(self._look_up, *ends)


def _fields_of(exchange: Exchange, body: Body) -> RequestFields:
    headers = exchange.request.headers
    return read_fields(
        body.view(), exchange.route, headers.get("Content-Type", ""), headers.get("Content-Encoding", "")
    )


def _origin_form(target: str) -> str:
    """Return the path of a request target, which may be an absolute URL of any scheme (RFC 9112 section 3.2.2)."""
    whole = None if target.startswith("/") else _URL_START.match(target)
    if whole is None:
        return target
    path = target[whole.end() :]
    return path if path.startswith("/") else "/" + path
