"""A simulated `ollama serve`: Ollama's HTTP API with one instance of the machine.

async with SimServer(options_of({"OLLAMA_HOST": "127.0.0.1:0", "OLLAMA_SIM_SPEED": "50"})) as url: ...
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import msgspec
from aiohttp import web

from ollama_panel.sim import logs
from ollama_panel.sim.config import loopback
from ollama_panel.sim.driver import INSTANCE, Driver
from ollama_panel.sim.gpufile import GpuFile
from ollama_panel.sim.http import access_rules, shapes, text_routes
from ollama_panel.sim.http.audio import Audio
from ollama_panel.sim.http.body import BadBodyError, encode
from ollama_panel.sim.http.dialect_writer import go_time
from ollama_panel.sim.http.embed import Embed
from ollama_panel.sim.http.library import Library
from ollama_panel.sim.http.native import JSON_TYPE
from ollama_panel.sim.http.routes import INFERENCE, Dialect, dialect_of, find
from ollama_panel.sim.http.stats import stats
from ollama_panel.sim.http.wire import RefusedError, error_document, send, send_error, send_json
from ollama_panel.sim.machine.catalog import store
from ollama_panel.sim.machine.instance import BUSY
from ollama_panel.sim.machine.machine import Machine
from ollama_panel.sim.machine.work import Event, Left, Loaded, LoadFailed, Loading, Unloaded
from ollama_panel.sim.options import SimOptions

_PLAIN = "text/plain; charset=utf-8"
_HUGE = 1 << 50
_FOREVER_DAYS = 365 * 290
_ACCEPT_TURNS = 4
"""In how many turns of the loop an accepted connection is the server's (CPython 3.11, asyncio/selector_events.py:
`_accept_connection` makes a task, which makes the transport, which tells its protocol)."""


class SimServer:
    """A server on one socket; it serves inside an `async with` block.

    `log` has the lines that were logged (with `quiet` they are not written); `crash` is what the fault `crash-after`
    does; `hung` is set when the first request hangs for good.
    """

    def __init__(self, options: SimOptions, *, quiet: bool = True, crash: Callable[[], None] | None = None) -> None:
        self.options = options
        self.log = logs.Log(quiet=quiet)
        self._crash = crash or self._cut_off
        self.url = ""
        self.hung = asyncio.Event()
        self._connections: set[asyncio.BaseTransport] = set()
        self._inferences = 0
        self._hanging = False
        self._runner: web.AppRunner | None = None
        self._driver: Driver | None = None
        self._socket: socket.socket | None = None

    async def __aenter__(self) -> str:
        """Serve, and return the address. Raises OSError if the address is taken."""
        await self.start()
        return self.url

    async def __aexit__(self, *exception: object) -> None:
        """Stop."""
        await self.stop()

    async def start(self) -> None:
        """Bind, wait if the start is to be slow, and answer. Raises OSError if the address is taken."""
        options = self.options
        self._socket = bind(options.config.host, options.config.port)
        self._write(logs.starting(options.config))
        host, port = self._socket.getsockname()[:2]
        self.url = f"http://{host}:{port}" if ":" not in host else f"http://[{host}]:{port}"
        self._write(logs.listening(self.url.removeprefix("http://"), options.version))
        self._compose()
        if options.faults.slow_start:
            await asyncio.sleep(options.faults.slow_start)
        self._write(logs.ready(options.profile))
        application = web.Application(client_max_size=_HUGE)
        application.router.add_route("*", "/{path:.*}", self._serve)
        application.on_response_prepare.append(self._finish_headers)
        self._runner = web.AppRunner(
            application, handler_cancellation=True, access_log=None, auto_decompress=False, shutdown_timeout=0.0
        )
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket, backlog=1024).start()

    async def stop(self) -> None:
        """Stop as Ollama does on SIGTERM: all connections are closed at once."""
        for transport in list(self._connections):
            transport.close()
        if self._runner is not None:
            await self._finish_accepting()
            await self._runner.cleanup()
        if self._driver is not None:
            self._driver.close()
        if self._socket is not None:
            self._socket.close()

    async def _finish_accepting(self) -> None:
        """Accept no more, and let those that were just accepted become connections, which the clean-up closes.

        asyncio gives a connection that meets a closed server half a transport, which nobody closes (CPython 3.11,
        asyncio/base_events.py, `Server._attach`).
        """
        if self._socket is not None and self._socket.fileno() != -1:
            with contextlib.suppress(NotImplementedError):  # Windows accepts in another way
                asyncio.get_running_loop().remove_reader(self._socket.fileno())
            for _ in range(_ACCEPT_TURNS):
                await asyncio.sleep(0)

    def _cut_off(self) -> None:
        """Stop as after SIGKILL: nothing listens, and no request is answered."""
        if self._socket is not None:
            self._socket.close()
        for transport in list(self._connections):
            transport.close()
        self._hanging = True

    @property
    def machine(self) -> Machine:
        """Return the machine."""
        return self._running().machine

    def _running(self) -> Driver:
        if self._driver is None:
            raise RuntimeError("the simulated server has not been started")
        return self._driver

    def _compose(self) -> None:
        options = self.options
        machine = Machine(
            options.profile, store(options.catalog), seed=options.seed, every_token=True, faults=options.faults.machine
        )
        own = options.config.options
        wall = {
            "keep_alive_us": round(own.keep_alive_us * options.speed) if own.keep_alive_us > 0 else own.keep_alive_us,
            "load_timeout_us": round(own.load_timeout_us * options.speed),
        }
        machine.add_instance(INSTANCE, msgspec.structs.replace(own, **wall))
        self._driver = Driver(machine, options.speed, self._shared_gpu(), self._tell)
        self._library = Library(machine.models, cloud_disabled=options.config.cloud_disabled, speed=options.speed)
        self._text_routes = text_routes.TextRoutes(self._driver, self._library)
        self._embed = Embed(self._driver, self._library)
        self._audio = Audio(self._text_routes)

    def _shared_gpu(self) -> GpuFile | None:
        """Return the GPU that several servers share; where its folder is full or read-only, each has one of its own."""
        folder = self.options.gpu
        try:
            return GpuFile(folder) if folder is not None else None
        except OSError as error:
            self._write([logs.own_gpu(str(folder), error)])
            return None

    def _write(self, lines: list[str]) -> None:
        for line in lines:
            self.log.err(line)

    def _tell(self, event: Event) -> None:
        if isinstance(event, Left | Loading | Loaded | LoadFailed | Unloaded):
            model = self._library.models.get(event.model)
            options = self.options.config.options
            if model is not None:
                port = 40_000 + event.at % 20_000
                self._write(logs.describe(event, model, self.options.profile, options, port))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        began = asyncio.get_running_loop().time()
        transport = request.transport
        if transport is not None:
            self._connections.add(transport)
        path = unquote(request.raw_path.partition("?")[0])
        status = 500
        try:
            if self._hanging:
                self.hung.set()
                await asyncio.Event().wait()
            response = await self._guarded(request, path)
            status = response.status
            return response
        except ConnectionResetError:
            return web.Response()  # the client has closed the connection, so nobody reads this
        finally:
            if transport is not None:
                self._connections.discard(transport)
            took = round((asyncio.get_running_loop().time() - began) * 1e6)
            self.log.out(logs.access(status, took, request.remote or "", request.method, path))

    async def _guarded(self, request: web.Request, path: str) -> web.StreamResponse:
        origin, host, config = request.headers.get("Origin", ""), request.headers.get("Host", ""), self.options.config
        if path != access_rules.cleaned(path):
            return await _redirect(request, access_rules.cleaned(path), 307, "Temporary Redirect")
        foreign_page = origin and not access_rules.origin_allowed(origin, host, config.origins)
        if foreign_page or (loopback(config.host) and not access_rules.host_allowed(host)):
            return await send(request, b"", _PLAIN, 403)
        route = find(path)
        allow = [("Allow", ", ".join(route[2]))] if route else []
        if request.method == "OPTIONS" and (origin or access_rules.named_host(host)):
            headers = access_rules.preflight_headers(origin, config.origins) if origin else []
            return await send(request, b"", _PLAIN, 204, [*allow, *headers])
        if route is None:
            return await self._not_found(request, path)
        if request.method not in route[2]:
            return await send(request, b"405 method not allowed", "text/plain", 405, allow)
        return await self._answer(request, route[0], route[1])

    async def _finish_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """Remove the Server header, which Go does not send, and the type of an empty answer; add CORS headers."""
        response.headers.popall("Server", None)
        if response.headers.get("Content-Length") == "0" or response.status == 204:
            response.headers.popall("Content-Type", None)
        origin, allowed = request.headers.get("Origin", ""), self.options.config.origins
        known = "Access-Control-Allow-Origin" in response.headers
        if origin and not known and access_rules.origin_allowed(origin, request.headers.get("Host", ""), allowed):
            for name, value in access_rules.cors_headers(origin, allowed):
                response.headers.add(name, value)

    async def _not_found(self, request: web.Request, path: str) -> web.StreamResponse:
        route = find(path.rstrip("/")) if path.endswith("/") else None
        if route is not None and request.method in route[2]:
            code, text = (301, "Moved Permanently") if request.method == "GET" else (307, "Temporary Redirect")
            return await _redirect(request, path.rstrip("/"), code, text)
        return await send(request, b"404 page not found", "text/plain", 404)

    async def _answer(self, request: web.Request, route: str, name: str) -> web.StreamResponse:
        try:
            return await self._dispatch(request, route, name)
        except BadBodyError as error:
            if error.late:
                return await self._refuse(request, route, RefusedError(error.status, error.message, late=True))
            dialect = Dialect.NATIVE if error.native else dialect_of(route)
            message = "EOF" if error.missing and dialect is not Dialect.NATIVE else error.message
            return await send(request, encode(error_document(dialect, error.status, message)), JSON_TYPE, error.status)
        except RefusedError as error:
            return await self._refuse(request, route, error)

    async def _refuse(self, request: web.Request, route: str, error: RefusedError) -> web.StreamResponse:
        stream = error.late and (
            route not in text_routes.ROUTES or text_routes.wants_stream(route, await _body(request))
        )
        return await send_error(request, dialect_of(route), error, stream=stream)

    async def _dispatch(self, request: web.Request, route: str, name: str) -> web.StreamResponse:
        if route == "/api/blobs/":
            return await self._library.blob(request, name)
        if route in INFERENCE:
            self._count_inference()
        if route == "/v1/audio/transcriptions":
            return await self._audio.transcribe(request)
        raw = await _body(request)
        if route in INFERENCE:
            return await self._infer(request, route, raw)
        return await self._manage(request, route, name, raw)

    def _count_inference(self) -> None:
        faults = self.options.faults
        self._inferences += 1
        if faults.crash_after and self._inferences > faults.crash_after:
            self._crash()
        if faults.hang_after and self._inferences >= faults.hang_after:
            self._hanging = True
        if self._inferences <= faults.busy_first:
            raise RefusedError(503, BUSY)

    async def _infer(self, request: web.Request, route: str, raw: bytes) -> web.StreamResponse:
        if route in text_routes.ROUTES:
            return await self._text_routes.answer(request, route, raw)
        if route == "/api/embed":
            return await self._embed.embed(request, raw)
        if route == "/api/embeddings":
            return await self._embed.embeddings(request, raw)
        if route == "/v1/embeddings":
            return await self._embed.v1_embeddings(request, raw)
        raise AssertionError(f"no handler for {route}")

    async def _manage(self, request: web.Request, route: str, name: str, raw: bytes) -> web.StreamResponse:
        library = self._library
        bodied: dict[str, Any] = {
            "/api/show": library.show,
            "/api/delete": library.delete,
            "/api/copy": library.copy,
            "/api/pull": library.pull,
            "/api/push": library.push,
            "/api/create": library.create,
        }
        if route in bodied:
            found: web.StreamResponse = await bodied[route](request, raw)
            return found
        if route == "/v1/models/":
            return await library.v1_model(request, name)
        plain = {"/api/tags": library.tags, "/v1/models": library.v1_models}
        if route in plain:
            return await plain[route](request)
        if route == "/":
            return await send(request, b"Ollama is running", _PLAIN)
        return await send_json(request, self._facts(route))

    def _facts(self, route: str) -> dict[str, Any]:
        if route == "/api/version":
            return {"version": self.options.version}
        if route == "/api/status":
            disabled = self.options.config.cloud_disabled
            return {"cloud": {"disabled": disabled, "source": "env" if disabled else "none"}}
        if route == "/api/ps":
            return {"models": self._loaded()}
        if route == "/sim/stats":
            self._running().refresh()
            return stats(self.machine, self.options)
        if route == "/api/experimental/model-recommendations":
            return {"recommendations": []}
        if self.options.config.cloud_disabled:
            raise RefusedError(503, "account unavailable")
        raise RefusedError(401, "unauthorized")

    def _loaded(self) -> list[dict[str, Any]]:
        machine = self.machine
        runners = machine.instances[INSTANCE].loaded.values()
        newest = sorted(runners, key=lambda runner: runner.expires_at or _HUGE, reverse=True)
        return [
            shapes.running(
                self._library.models[runner.model],
                size=runner.bytes,
                vram=runner.vram,
                expires_at=self._expiry(runner.expires_at, runner.session_us),
                context=runner.num_ctx,
            )
            for runner in newest
            if runner.model in self._library.models
        ]

    def _expiry(self, expires_at: int | None, session_us: int) -> str:
        driver = self._running()
        now = datetime.now(UTC)
        if session_us < 0:
            return go_time(now + timedelta(days=_FOREVER_DAYS))
        left = (expires_at - driver.now()) if expires_at is not None else session_us
        return go_time(now + timedelta(microseconds=driver.wall_us(left)))


def bind(host: str, port: int) -> socket.socket:
    """Return a bound, listening socket. Raises OSError if the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(1024)
        found.setblocking(False)
    except OSError:
        found.close()
        raise
    return found


async def _body(request: web.Request) -> bytes:
    raw = await request.read()
    if request.headers.get("Content-Encoding") == "zstd" and request.path.startswith("/v1/"):
        import zstandard

        try:
            return zstandard.ZstdDecompressor().decompressobj().decompress(raw)
        except zstandard.ZstdError:
            raise BadBodyError("unexpected EOF", native=True) from None
    return raw


async def _redirect(request: web.Request, target: str, status: int, text: str) -> web.StreamResponse:
    body = f'<a href="{target}">{text}</a>.\n\n'.encode() if request.method in ("GET", "HEAD") else b""
    return await send(request, body, "text/html; charset=utf-8", status, [("Location", target)])
