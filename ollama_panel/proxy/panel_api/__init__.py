"""The panel's own API, `/panel/...`: its state, its settings, and what it can be told; see docs/api.md."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import forms
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.panel_api.call import BODY_BYTES, STATUSES, Call
from ollama_panel.proxy.panel_api.routes import PATHS, match
from ollama_panel.proxy.panel_api.source import PanelSource
from ollama_panel.proxy.response import Response

__all__ = ["BODY_BYTES", "PanelSource", "Surroundings", "handle"]


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What the server gives to a call; see `Call`."""

    read: Callable[[], Awaitable[bytes]]
    ending: asyncio.Event
    may_go_on: Callable[[], bool]


async def handle(panel: PanelSource, exchange: Exchange, around: Surroundings) -> Response:
    """Respond to a request for `/panel/...`; with 404 to an unknown path, 405 to a wrong method."""
    found = match(exchange.path)
    path = forms.quoted(exchange.path.partition("?")[0])
    if found is None:
        return await exchange.error(404, notice("panel.no_path", path=path, paths=PATHS))
    method = exchange.request.method
    operation = found.operations.get("GET" if method == "HEAD" else method)
    if operation is None:
        allow = [(b"Allow", ", ".join(found.methods).encode())]
        return await exchange.error(405, notice("panel.method", path=path, methods=found.methods), extra=allow)
    call = Call(panel, exchange, operation, found.names, around.read, around.ending, around.may_go_on)
    try:
        call.query(operation.query)
        return await operation.handler(call)
    except PanelError as error:
        return await exchange.error(STATUSES.get(error.notice.code, 400), error.notice)
