"""Merges `/api/tags`, `/api/ps` and `/v1/models` of all instances into one list; instances that fail are skipped."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.models import canonical
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate, Upstream
from ollama_panel.proxy.headers import RawHeaders, to_client
from ollama_panel.proxy.passthrough import RETRY_AFTER_S, forward
from ollama_panel.proxy.reply_body import read_all
from ollama_panel.proxy.response import Response
from ollama_panel.proxy.upstream import UpstreamError

MAX_LIST_BYTES = 64 * 1024 * 1024
INSTANCE_TIMEOUT_S = 10.0
"""How long the merged list waits for one instance."""

_LIST_FIELDS = {"tags": "models", "ps": "models", "models": "data"}
_SUMMED = ("size", "size_vram")
_SORT_KEYS = {"tags": "modified_at", "ps": "expires_at", "models": "created"}
"""The field that Ollama sorts each list by, newest first (`server/routes.go` ListHandler, PsHandler; v0.32)."""


class Listing(msgspec.Struct, frozen=True):
    """The response of one instance."""

    status: int
    body: bytes
    headers: RawHeaders


async def gather(pool: ConnectionPool, exchange: Exchange, gate: Gate) -> Response:
    """Respond with the merged lists of all instances; the response of a single instance is forwarded unchanged."""
    upstreams = await gate.upstreams()
    if len(upstreams) <= 1 or exchange.request.method == "HEAD":
        return await forward(pool, exchange, None, gate)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_fetch(pool, exchange, upstream)) for upstream in upstreams]
    listings = [listing for task in tasks if (listing := task.result()) is not None]
    if not listings:
        return await exchange.error(503, notice("request.no_instance"), retry_after_s=RETRY_AFTER_S)
    first = listings[0]
    body = first.body if len({listing.body for listing in listings}) == 1 else _merged(exchange, listings)
    headers = [pair for pair in first.headers if pair[0].lower() != b"content-length"]
    return await exchange.respond(200, body, b"", headers)


def _merged(exchange: Exchange, listings: Iterable[Listing]) -> bytes:
    newline = b"\n" if exchange.route.action == "models" else b""
    return merge(exchange.route.action, [listing.body for listing in listings]) + newline


async def _fetch(pool: ConnectionPool, exchange: Exchange, upstream: Upstream) -> Listing | None:
    """Return an instance's list, or None if it fails or times out."""
    headers = exchange.request_headers()
    try:
        async with asyncio.timeout(INSTANCE_TIMEOUT_S):
            reply = await pool.open("GET", upstream.url, exchange.path, headers, None)
            try:
                body = await read_all(reply, MAX_LIST_BYTES)
            finally:
                reply.close()
    except (UpstreamError, TimeoutError):
        return None
    return Listing(reply.status, body, to_client(reply.headers)) if reply.status == 200 else None


def merge(action: str, bodies: Sequence[bytes]) -> bytes:
    """Return the lists merged into one, each model once; the sizes of a model that several instances loaded add up.

    Bodies that are no such list are skipped.
    """
    key = _LIST_FIELDS[action]
    merged: dict[str, Any] = {}
    document: dict[str, Any] = {}
    for tree in filter(None, map(_decoded, bodies)):
        document = document or tree
        for model in tree.get(key) or ():
            _merge_model(merged, model, summed=action == "ps")
    models = sorted(merged.values(), key=lambda model: _timestamp(model.get(_SORT_KEYS[action])), reverse=True)
    return msgspec.json.encode(document | {key: models})


def _timestamp(value: Any) -> float:
    """Return a time, given in ISO 8601 or in seconds, as seconds; 0 for anything else."""
    try:
        return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else float(value or 0)
    except (TypeError, ValueError):
        return 0.0


def _decoded(body: bytes) -> dict[str, Any] | None:
    try:
        tree = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return tree if isinstance(tree, dict) else None


def _merge_model(merged: dict[str, Any], model: Any, *, summed: bool) -> None:
    if not isinstance(model, dict):
        return
    name = canonical(str(model.get("name") or model.get("model") or model.get("id") or ""))
    known = merged.setdefault(name, model)
    if summed and known is not model:
        for field in _SUMMED:
            known[field] = (known.get(field) or 0) + (model.get(field) or 0)
