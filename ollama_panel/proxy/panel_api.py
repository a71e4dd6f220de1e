"""The panel's own endpoints, `/panel/...`: health, status, metrics, reload."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.headers import JSON
from ollama_panel.proxy.response import Response

METRICS_TYPE = b"text/plain; version=0.0.4; charset=utf-8"


class PanelSource(Protocol):
    """The engine's side of these endpoints. Every method runs on the proxy's loop."""

    async def status(self) -> bytes:
        """Return the current snapshot as JSON."""
        ...

    async def metrics(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        ...

    async def reload_settings(self) -> None:
        """Read the settings file again and apply it. Raises `PanelError` if that is impossible."""
        ...


async def handle(panel: PanelSource, exchange: Exchange) -> Response:
    """Respond to a request for `/panel/...`; with 404 to an unknown path, 405 to a wrong method."""
    handlers = _ROUTES.get(exchange.route.action.rstrip("/"))
    if handlers is None:
        return await exchange.error(404, notice("panel.no_path", path=exchange.path, paths=_PATHS))
    handler = handlers.get("GET" if exchange.request.method == "HEAD" else exchange.request.method)
    if handler is None:
        return await exchange.error(405, notice("panel.method", path=exchange.path, methods=tuple(handlers)))
    return await handler(panel, exchange)


async def _health(_: PanelSource, exchange: Exchange) -> Response:
    return await exchange.respond(200, b'{"status":"ok"}', JSON)


async def _status(panel: PanelSource, exchange: Exchange) -> Response:
    return await exchange.respond(200, await panel.status(), JSON)


async def _metrics(panel: PanelSource, exchange: Exchange) -> Response:
    return await exchange.respond(200, await panel.metrics(), METRICS_TYPE)


async def _reload(panel: PanelSource, exchange: Exchange) -> Response:
    try:
        await panel.reload_settings()
    except PanelError as error:
        return await exchange.error(400, str(error))
    return await exchange.respond(200, b'{"status":"reloaded"}', JSON)


_Handler = Callable[[PanelSource, Exchange], Awaitable[Response]]
_ROUTES: dict[str, dict[str, _Handler]] = {
    "health": {"GET": _health},
    "status": {"GET": _status},
    "metrics": {"GET": _metrics},
    "reload": {"POST": _reload},
}
_PATHS = tuple(f"/panel/{name}" for name in _ROUTES)
