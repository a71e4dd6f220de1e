"""Builds the job of a request, as the gate needs it: its client, its class and what it asks for."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.ollama.api import EMBEDDING_ACTIONS, Dialect, Route
from ollama_panel.core.ollama.models import canonical, is_cloud_name
from ollama_panel.core.records import PRIORITIES, Job, RequestClass, Role
from ollama_panel.proxy.request_fields import Part, RequestFields

SERVICE_TIERS: dict[str, RequestClass] = {
    "priority": RequestClass.INTERACTIVE,
    "flex": RequestClass.BATCH,
    "batch": RequestClass.BATCH,
}
"""Values of OpenAI's `service_tier` that set a class; "auto" and "default" do not."""

CHARACTERS_PER_TOKEN = 4
FEW_INPUTS = 8
SHORT_TOKENS = 2048
"""An embedding of more inputs, or more tokens by its length, is bulk work: a chat's search has one text, or a few."""
MAX_PATH_CHARACTERS = 200
"""How much of a path is recorded and shown."""


class Sender(msgspec.Struct, frozen=True):
    """Who sends a request, and the class of the sender's API key; `deadline_us` is on the gate's clock.

    `source` is who it is as far as that is proved, `user` for whom it asks; see `Job`.
    """

    client: ClientId
    source: str = ""
    user: str = ""
    request_class: RequestClass | None = None
    priority: str = ""
    deadline_us: int | None = None


def is_cloud(model: str, remote: frozenset[ModelName]) -> bool:
    """Return whether a model runs on ollama.com: its name says so, or the store lists it as remote."""
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
    """Return the job of an inference request.

    `heartbeats`: waiting streams get heartbeats; `heartbeats_plain`: other responses too.
    """
    model = canonical(fields.model)
    embedding = route.action in EMBEDDING_ACTIONS
    stream = is_streaming(route, fields)
    turns = () if embedding else fields.turns
    chosen, tokens = _chosen_class(sender, fields), size // CHARACTERS_PER_TOKEN
    return Job(
        id=request,
        client=sender.client,
        request_class=chosen or (RequestClass.EMBEDDING if embedding else RequestClass.INTERACTIVE),
        role=Role.EMBEDDING if embedding else roles.get(model, Role.CHAT),
        model=model,
        path=path.partition("?")[0][:MAX_PATH_CHARACTERS],
        stream=stream,
        body_bytes=size,
        prompt_tokens=tokens,
        max_tokens=fields.max_tokens,
        items=fields.items,
        options=fields.options,
        keep_alive_s=fields.keep_alive_s if route.dialect is Dialect.NATIVE else None,
        turns=prefix_hashes(turns),
        opening_tokens=len(turns[0]) // CHARACTERS_PER_TOKEN if turns else 0,
        deadline_us=sender.deadline_us,
        heartbeat=heartbeats and (stream or heartbeats_plain),
        source=sender.source,
        user=sender.user,
        bulk=embedding and (fields.items > FEW_INPUTS or tokens > SHORT_TOKENS),
    )


def is_streaming(route: Route, fields: RequestFields) -> bool:
    """Return whether the response is a stream: never for embeddings, else as the body says, else the API's default."""
    if route.action in EMBEDDING_ACTIONS:
        return False
    return route.streams if fields.stream is None else fields.stream


def _chosen_class(sender: Sender, fields: RequestFields) -> RequestClass | None:
    """Return the class that the request or its key asks for, None if neither does."""
    if sender.request_class is RequestClass.BATCH:
        return RequestClass.BATCH
    requested = PRIORITIES.get(sender.priority.lower()) or SERVICE_TIERS.get(fields.service_tier)
    return requested or sender.request_class


def prefix_hashes(turns: Iterable[Part]) -> tuple[int, ...]:
    """Return the hash of the conversation up to each turn, so that two with a common beginning share the first hashes.

    Chained BLAKE2b, 63 bits; the same on every machine, so that a recorded job can be replayed.
    """
    state = hashlib.blake2b(digest_size=8)
    hashes = []
    for turn in turns:
        state.update(turn)
        hashes.append(int.from_bytes(state.digest()) >> 1)
    return tuple(hashes)
