"""What the dispatcher is told (events, past tense) and what it asks for (actions, imperatives)."""

from typing import TypeAlias

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, Role, Usage
from ollama_panel.core.scheduling.policy import Policy


class Message(msgspec.Struct, frozen=True, tag=True):
    """An event or an action: plain data, so that a log of them can be recorded and replayed."""


# Events


class Arrived(Message, frozen=True):
    """A request whose body has been read."""

    job: Job


class Cancelled(Message, frozen=True):
    """The client left, or the user cancelled the request."""

    id: RequestId


class FirstByte(Message, frozen=True):
    """The first payload byte of a request is on its way to the client: it can no longer be tried again."""

    id: RequestId


class Progressed(Message, frozen=True):
    """`tokens` more tokens were streamed."""

    id: RequestId
    tokens: int


class Finished(Message, frozen=True):
    """A request ended well; this is its `FirstByte`, too, when its answer came in one piece."""

    id: RequestId
    usage: Usage


class Failed(Message, frozen=True):
    """An attempt failed; `sent` says that payload already went to the client."""

    id: RequestId
    kind: FailureKind
    sent: bool
    message: str = ""


class Preempted(Message, frozen=True):
    """An aborted dispatch has ended: its connection is closed and the request waits again."""

    id: RequestId


class TimerFired(Message, frozen=True):
    """The time of the last `SetTimer` has come."""


class InstancePlanned(Message, frozen=True):
    """An instance is about to start: what its pool is for may wait for it instead of going to another pool's."""

    instance: InstanceId
    pool: PoolName
    role: Role
    models: tuple[ModelName, ...] = ()


class InstanceUp(Message, frozen=True):
    """An instance answers, or its facts changed. `parallel` = slots per model, 1 when unknown.

    `models` are the names meant for its pool; empty = any. `parallel_known` False: `parallel` is a guess, and more is
    tried.
    `store` are the models that it has on disk, None = as all the others. `context_length` (tokens per slot),
    `cache_type` and `flash_attention` are what its environment asks for: the memory of a model depends on them.
    """

    instance: InstanceId
    pool: PoolName
    role: Role
    url: str
    parallel: int
    models: tuple[ModelName, ...] = ()
    context_length: int | None = None
    parallel_known: bool = True
    store: tuple[ModelName, ...] | None = None
    cache_type: str = "f16"
    flash_attention: bool = True


class InstanceDown(Message, frozen=True):
    """An instance is gone; what ran there is reported by `Failed`, request by request.

    `removed`: it will not come back under this name (its pool shrank, the user stopped it).
    """

    instance: InstanceId
    removed: bool = False


class Draining(Message, frozen=True):
    """Give an instance no new work (`on`), or work again; what runs there may end."""

    instance: InstanceId
    on: bool


class Loaded(Message, frozen=True):
    """A model is in an instance's memory; `parallel` is its effective number of slots if known."""

    instance: InstanceId
    model: ModelName
    bytes: int = 0
    parallel: int | None = None


class Unloaded(Message, frozen=True):
    """A model left an instance's memory."""

    instance: InstanceId
    model: ModelName


class MemoryMeasured(Message, frozen=True):
    """Bytes of memory that models may use, and how many of them are free; `gpu` False: it is the main memory."""

    total: int
    free: int
    gpu: bool = True


class CatalogRead(Message, frozen=True):
    """Which models the store holds."""

    models: tuple[ModelFacts, ...]


class Reconfigured(Message, frozen=True):
    """The user changed the policy."""

    policy: Policy


Event: TypeAlias = (
    Arrived
    | Cancelled
    | FirstByte
    | Progressed
    | Finished
    | Failed
    | Preempted
    | TimerFired
    | InstancePlanned
    | InstanceUp
    | InstanceDown
    | Draining
    | Loaded
    | Unloaded
    | MemoryMeasured
    | CatalogRead
    | Reconfigured
)

# Actions


class Dispatch(Message, frozen=True):
    """Send a request to an instance now."""

    id: RequestId
    placement: Placement


class Preempt(Message, frozen=True):
    """Take back a dispatch that has sent no payload.

    `Preempted` says that it is done, `FirstByte` that it came too late; until then the slot counts as taken.
    """

    id: RequestId
    why: str


class Heartbeat(Message, frozen=True):
    """Tell the waiting client that it is not forgotten."""

    id: RequestId
    position: int
    eta_s: int | None = None


class Reply(Message, frozen=True):
    """Answer a request without an instance."""

    id: RequestId
    refusal: Refusal


class Load(Message, frozen=True):
    """Load a model by an empty request."""

    instance: InstanceId
    model: ModelName


class Unload(Message, frozen=True):
    """Unload a model (`keep_alive: 0`)."""

    instance: InstanceId
    model: ModelName


class SetTimer(Message, frozen=True):
    """Send `TimerFired` at this time; replaces the timer before it."""

    at: int


Action: TypeAlias = Dispatch | Preempt | Heartbeat | Reply | Load | Unload | SetTimer
