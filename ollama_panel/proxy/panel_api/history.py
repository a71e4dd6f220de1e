"""`/panel/v1/history`: measurements, finished requests and events of the last days."""

from ollama_panel.core.history.questions import Q
from ollama_panel.proxy.headers import JSON
from ollama_panel.proxy.panel_api.call import Call, Handler
from ollama_panel.proxy.response import Response


def answering(kind: type[Q]) -> Handler:
    """Return what answers questions of a kind. The answer comes as JSON: that of a day takes a while to encode."""

    async def answer(call: Call) -> Response:
        content = await call.panel.history(call.query(kind))
        return await call.exchange.respond(200, content, JSON, [(b"Cache-Control", b"no-store")])

    return answer
