"""Answers a stop of a model (`ollama stop`): a request with `keep_alive` 0 and nothing else, which does not queue.

Ollama answers it at once, also while the model is busy (`server/routes.go` GenerateHandler, ChatHandler; v0.32), so the
panel does, too, and unloads each copy when it is idle.
"""

from datetime import UTC, datetime

import msgspec

from ollama_panel.core.ollama.models import canonical
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate
from ollama_panel.proxy.headers import JSON
from ollama_panel.proxy.passthrough import NO_QUEUE, forward
from ollama_panel.proxy.response import Response
from ollama_panel.proxy.upstream import Payload


class Stop(msgspec.Struct, frozen=True):
    """A request to stop a model, whose name is as the client wrote it."""

    model: str


async def stop(pool: ConnectionPool, exchange: Exchange, payload: Payload, gate: Gate, wanted: Stop) -> Response:
    """Stop a model and answer; if no instance holds it, one of them answers: the model may not even exist."""
    at = gate.stop(canonical(wanted.model))
    if at is None:
        return await forward(pool, exchange, payload, gate)
    return await exchange.respond(200, answer(exchange.route.action, wanted.model, at), JSON, [*NO_QUEUE])


def answer(action: str, model: str, at: float) -> bytes:
    """Return the body of Ollama's answer at `at`, in seconds since 1970."""
    empty = {"message": {"role": "assistant", "content": ""}} if action == "chat" else {"response": ""}
    created = datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
    return msgspec.json.encode({"model": model, "created_at": created, **empty, "done": True, "done_reason": "unload"})
