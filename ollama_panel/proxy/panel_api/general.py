"""What the panel tells of itself as a whole: signs of life, status, metrics; and the order to read its settings."""

from ollama_panel.core.panel_api import Done
from ollama_panel.proxy.headers import JSON
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.response import Response

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def health(call: Call) -> Response:
    """Answer that the panel lives."""
    return await call.answer(Done("ok"))


async def status(call: Call) -> Response:
    """Answer with the snapshot."""
    return await call.exchange.respond(200, await call.panel.status(), JSON)


async def metrics(call: Call) -> Response:
    """Answer with the metrics."""
    return await call.exchange.respond(200, await call.panel.metrics(), METRICS_TYPE.encode())


async def reload(call: Call) -> Response:
    """Read the settings file again."""
    await call.panel.reload_settings()
    return await call.answer(Done("reloaded"))
