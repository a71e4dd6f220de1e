"""A request as the gate wants to know it: who sends it, how urgent it is, what it asks for."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.ollama.api import EMBEDDING_ACTIONS, Route
from ollama_panel.core.ollama.models import canonical, is_cloud_name
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.proxy.request_fields import RequestFields

PRIORITIES: dict[str, RequestClass] = {
    "interactive": RequestClass.INTERACTIVE,
    "high": RequestClass.INTERACTIVE,
    "normal": RequestClass.INTERACTIVE,
    "batch": RequestClass.BATCH,
    "low": RequestClass.BATCH,
    "background": RequestClass.BATCH,
    "embedding": RequestClass.EMBEDDING,
}
"""Values of the header `X-Queue-Priority`."""

SERVICE_TIERS: dict[str, RequestClass] = {
    "priority": RequestClass.INTERACTIVE,
    "flex": RequestClass.BATCH,
    "batch": RequestClass.BATCH,
}
"""Values of OpenAI's `service_tier` that say something; "auto" and "default" do not."""

CHARACTERS_PER_TOKEN = 4
MAX_PATH_CHARACTERS = 200
"""As much of a path is remembered and shown."""


class Sender(msgspec.Struct, frozen=True):
    """Who sends, and the class that the sender's key stands for."""

    client: ClientId
    request_class: RequestClass | None = None
    priority: str = ""
    deadline_us: int | None = None


def is_cloud(model: str, remote: frozenset[ModelName]) -> bool:
    """Say whether a model runs on ollama.com, by its name or because the store knows it as remote."""
    return is_cloud_name(model) or (bool(remote) and canonical(model) in remote)


def build_job(
    request: RequestId,
    sender: Sender,
    route: Route,
    path: str,
    fields: RequestFields,
    size: int,
    roles: Mapping[ModelName, Role],
    *,
    heartbeats: bool,
    heartbeats_plain: bool,
) -> Job:
    """Return the job of an inference request. `heartbeats`: waiting streams get some, `heartbeats_plain`: all do."""
    model = canonical(fields.model)
    embedding = route.action in EMBEDDING_ACTIONS
    stream = is_streaming(route, fields)
    turns = () if embedding else fields.turns
    return Job(
        id=request,
        client=sender.client,
        request_class=_request_class(sender, fields, embedding=embedding),
        role=Role.EMBEDDING if embedding else roles.get(model, Role.CHAT),
        model=model,
        path=path.partition("?")[0][:MAX_PATH_CHARACTERS],
        stream=stream,
        body_bytes=size,
        prompt_tokens=size // CHARACTERS_PER_TOKEN,
        max_tokens=fields.max_tokens,
        items=fields.items,
        options=fields.options,
        keep_alive_s=fields.keep_alive_s,
        turns=prefix_hashes(turns),
        opening_tokens=len(turns[0]) // CHARACTERS_PER_TOKEN if turns else 0,
        deadline_us=sender.deadline_us,
        heartbeat=heartbeats and (stream or heartbeats_plain),
        unloads=fields.unloads,
    )


def is_streaming(route: Route, fields: RequestFields) -> bool:
    """Say whether the answer is a stream: embeddings never are, else the body decides, else the dialect."""
    if route.action in EMBEDDING_ACTIONS:
        return False
    return route.streams if fields.stream is None else fields.stream


def _request_class(sender: Sender, fields: RequestFields, *, embedding: bool) -> RequestClass:
    asked = PRIORITIES.get(sender.priority.lower()) or SERVICE_TIERS.get(fields.service_tier)
    usual = RequestClass.EMBEDDING if embedding else RequestClass.INTERACTIVE
    if sender.request_class is RequestClass.BATCH:
        return RequestClass.BATCH
    return asked or sender.request_class or usual


def prefix_hashes(turns: Iterable[bytes | msgspec.Raw]) -> tuple[int, ...]:
    """Return the hash of the conversation after each turn: two that begin alike have equal first hashes.

    63 bits of BLAKE2b, chained; the same on every machine, so that a recorded job can be replayed.
    """
    state = hashlib.blake2b(digest_size=8)
    hashes = []
    for turn in turns:
        state.update(turn)
        hashes.append(int.from_bytes(state.digest()) >> 1)
    return tuple(hashes)
