"""Values about one request that the layers exchange. Times are integers in microseconds, monotonic."""

from enum import Enum

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import Notice


class Role(Enum):
    """The purpose of a pool; a request goes to the pool with the role that fits it."""

    __hash__ = object.__hash__  # Enum's own is written in Python, and every request needs dozens of them

    CHAT = "chat"
    EMBEDDING = "embedding"
    CODE = "code"
    VISION = "vision"
    BATCH = "batch"


class RequestClass(Enum):
    """How urgent a request is."""

    __hash__ = object.__hash__  # as for Role

    INTERACTIVE = "interactive"
    BATCH = "batch"
    EMBEDDING = "embedding"


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


class LoadOptions(msgspec.Struct, frozen=True):
    """The options of a request that make Ollama reload the model when they differ.

    Fields of `api.Runner` (Ollama `api/types.go`, compared in `server/sched.go needsReload`); None = not given.
    """

    num_ctx: int | None = None
    num_batch: int | None = None
    num_gpu: int | None = None
    main_gpu: int | None = None
    use_mmap: bool | None = None
    num_thread: int | None = None
    draft_num_predict: int | None = None


class Offender(msgspec.Struct, frozen=True):
    """A client whose options would have made Ollama reload a model: how often, and the options it `asked` for."""

    client: ClientId
    model: ModelName
    asked: LoadOptions
    times: int


class ContextConflict(msgspec.Struct, frozen=True):
    """A model that is reloaded again and again, because its clients need different contexts (tokens per slot).

    `asking` are the clients that ask for more than the instances' `own` context, with what they ask for; `wanted` is
    the most of it. `not_asking` are those that cannot ask. `fits`: whether `wanted` fits into memory, None = unknown.
    `modelfile`: the model's own file sets its context, so that the setting of the `pools` has no effect.
    """

    model: ModelName
    pools: tuple[PoolName, ...]
    own: int | None
    wanted: int
    asking: tuple[tuple[ClientId, int], ...]
    not_asking: tuple[ClientId, ...]
    fits: bool | None = None
    modelfile: bool = False


class Part(msgspec.Struct, frozen=True):
    """Which part of a request a job is: its `number` of `count`, from 0.

    `of` is the request, with `items` inputs, `prompt_tokens` and `body_bytes` as in `Job`; it arrived at `arrived_us`.
    """

    of: RequestId
    number: int
    count: int
    items: int
    prompt_tokens: int
    body_bytes: int
    arrived_us: int


class Job(msgspec.Struct, frozen=True):
    """One inference request as the proxy describes it to the gate.

    `turns` are the rolling hashes after each message (oldest first), the identity of a conversation; `opening_tokens`
    is the estimated length of its first message. `prompt_tokens` is an estimate (body characters / 4), `max_tokens` the
    client's own limit if any. `source` is who sends it as far as that is proved, to know who fills the queue: unlike
    `client` it is never a name that the sender chose itself; "" = the client. `user` is for whom the source says that
    it asks; it counts among the requests of the same source only. `bulk`: it has so many inputs, or such long ones,
    that short embeddings go first. `part`: it is one of several parts of a request.
    """

    id: RequestId
    client: ClientId
    request_class: RequestClass
    role: Role
    model: ModelName
    path: str
    stream: bool
    body_bytes: int = 0
    prompt_tokens: int = 0
    max_tokens: int | None = None
    items: int = 1
    options: LoadOptions = LoadOptions()
    keep_alive_s: float | None = None
    turns: tuple[int, ...] = ()
    opening_tokens: int = 0
    deadline_us: int | None = None
    heartbeat: bool = False
    source: str = ""
    user: str = ""
    bulk: bool = False
    part: Part | None = None

    @property
    def follows(self) -> bool:
        """Return whether this is a part of a request that came before, with its first part."""
        return self.part is not None and self.part.number > 0

    @property
    def whole(self) -> "Job":
        """Return the job of the request of which this is a part."""
        part = self.part
        if part is None:
            return self
        sizes = {"items": part.items, "prompt_tokens": part.prompt_tokens, "body_bytes": part.body_bytes}
        return msgspec.structs.replace(self, id=part.of, part=None, **sizes)


class Usage(msgspec.Struct, frozen=True):
    """Counters of a finished request, from the final chunk; durations are in nanoseconds, as in Ollama's API.

    None = unknown (the OpenAI dialect has no durations).
    """

    prompt_tokens: int | None = None
    output_tokens: int | None = None
    total_ns: int | None = None
    load_ns: int | None = None
    prompt_ns: int | None = None
    output_ns: int | None = None


class FailureKind(Enum):
    """Why an attempt at an instance failed; this decides whether it may be retried.

    NOT_FOUND: the instance's store does not have the model, but another one may.
    """

    CONNECT = "connect"
    CLOSED = "closed"
    BUSY = "busy"
    RUNNER = "runner"
    OUT_OF_MEMORY = "out_of_memory"
    TIMEOUT = "timeout"
    UPSTREAM = "upstream"
    NOT_FOUND = "not_found"


class RefusalReason(Enum):
    """Why the panel itself answers a request instead of an instance."""

    QUEUE_FULL = "queue_full"
    QUEUE_TIMEOUT = "queue_timeout"
    NO_INSTANCE = "no_instance"
    FAILED = "failed"
    CANCELLED = "cancelled"
    CONTEXT = "context"


class Refusal(msgspec.Struct, frozen=True):
    """The panel's own answer; the proxy translates it into the dialect of the path."""

    reason: RefusalReason
    notice: Notice
    retry_after_s: int | None = None


class Placement(msgspec.Struct, frozen=True):
    """The instance that a request is dispatched to; `options` and `keep_alive` replace its own, None keeps them.

    `position` is its position in the queue on arrival, 0 = it did not wait, None = unknown. `context` is how many
    tokens the prompt and the answer may have there, None = unknown. `elsewhere`: another store may have the model if
    this one does not.
    """

    instance: InstanceId
    url: str
    options: LoadOptions | None = None
    keep_alive: str | None = None
    position: int | None = None
    context: int | None = None
    elsewhere: bool = False
