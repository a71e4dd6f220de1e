"""The messages of the dispatcher: events come in (past tense), actions go out (imperatives)."""

from typing import TypeAlias

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, Job, LoadOptions, Placement, Refusal, RequestClass, Role, Usage
from ollama_panel.core.scheduling.policy import Policy


class Message(msgspec.Struct, frozen=True, tag=True):
    """An event or an action: plain data, so that they can be logged and replayed."""


# Events


class Arrived(Message, frozen=True):
    """A request has arrived, and its body has been read."""

    job: Job


class Cancelled(Message, frozen=True):
    """The client left, or (`by_user`) the user cancelled the request, which is answered by a refusal.

    `why` tells why the client was cut off, None = it left by itself.
    """

    id: RequestId
    by_user: bool = False
    why: Notice | None = None


class Identified(Message, frozen=True):
    """The sources of requests whose senders were unknown when they arrived; see `Job.source`.

    `clients` are the names of those that had only an address for a name.
    """

    sources: dict[RequestId, str]
    clients: dict[RequestId, ClientId] = {}


class MovedToFront(Message, frozen=True):
    """The user wants a waiting request to be the next."""

    id: RequestId


class MovedBack(Message, frozen=True):
    """The user wants a request that was moved to the front back at its former place."""

    id: RequestId


class FirstByte(Message, frozen=True):
    """The first payload byte of a request is on its way to the client: the request can no longer be retried."""

    id: RequestId


class Progressed(Message, frozen=True):
    """`tokens` more tokens were streamed."""

    id: RequestId
    tokens: int


class Finished(Message, frozen=True):
    """A request was answered; this is also its `FirstByte` if its answer came in one piece.

    `status` is that of the answer: from 400 on the instance refused the request, and may not have loaded its model.
    """

    id: RequestId
    usage: Usage
    status: int = 200


class Failed(Message, frozen=True):
    """An attempt failed; `sent` says whether payload was already sent to the client, `notice` what happened."""

    id: RequestId
    kind: FailureKind
    sent: bool
    notice: Notice | None = None

    @property
    def why(self) -> Notice:
        """Return what happened, as far as it is known."""
        return self.notice or notice("attempt.failed", kind=self.kind.value)


class Cut(Message, frozen=True):
    """The user, or the settings, end what runs: what has sent nothing waits again, begun answers end with `why`."""

    why: Notice


class Preempted(Message, frozen=True):
    """A preempted request has left its instance: its connection is closed and it waits again."""

    id: RequestId


class TimerFired(Message, frozen=True):
    """The timer of the last `SetTimer` has fired."""


class InstancePlanned(Message, frozen=True):
    """An instance is about to start: requests meant for its pool may wait for it instead of going to another pool."""

    instance: InstanceId
    pool: PoolName
    role: Role
    models: tuple[ModelName, ...] = ()


class InstanceUp(Message, frozen=True):
    """An instance answers, or its facts changed. `parallel` = slots per model, 1 when unknown.

    `models` are the names meant for its pool; empty = any. If `parallel_known` is false, `parallel` is a guess and more
    slots are probed for. If an instance that is up gets another `url`, a new process has taken its place: requests in
    flight go on at the old one, the models are those of the new one. `store` are the models that it has on disk, None =
    the same as all others, or unknown; `own_store`: it is not the store of the panel's first worker, but that of the
    instance `store_id`, None = its own; instances of one `store_id` have the same models. `context_length` (tokens per
    slot), `cache_type` and `flash_attention` (None = Ollama decides) come from its environment, `version` is Ollama's,
    "" if unknown; a model's memory depends on them. `keep_alive_s`: how long it keeps a model for requests that do not
    say; negative = for ever. `managed` is false for an adopted server, which other programs use, too. `silent` are the
    loaded models whose runners do not answer. `num_batch` is the batch size of its pool in tokens, None = Ollama
    decides. `pinned` are the models that its pool keeps in memory. `keep_alive` is how long its pool keeps models, in
    Ollama's words for a request, whatever clients ask for; "" = as they ask. `started_keep_alive_s` is what its process
    takes for `keep_alive_s` as long as nobody tells it otherwise, None = the same.
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
    own_store: bool = False
    store_id: InstanceId | None = None
    cache_type: str = "f16"
    flash_attention: bool | None = None
    keep_alive_s: float = 300.0
    version: str = ""
    managed: bool = True
    silent: tuple[ModelName, ...] = ()
    num_batch: int | None = None
    pinned: tuple[ModelName, ...] = ()
    keep_alive: str = ""
    started_keep_alive_s: float | None = None


class InstanceDown(Message, frozen=True):
    """An instance is down; each request that ran there is reported by a `Failed` of its own.

    `removed`: it will not come back under this name (its pool shrank, or the user stopped it). `stopped`: the user may
    start it again.
    """

    instance: InstanceId
    removed: bool = False
    stopped: bool = False


class Draining(Message, frozen=True):
    """An instance gets no new requests (`on`), or gets them again; running requests continue."""

    instance: InstanceId
    on: bool


class Probing(Message, frozen=True):
    """The watchdog asks a model at an instance for a tiny answer, which holds a slot (`on`), or does so no more."""

    instance: InstanceId
    model: ModelName
    on: bool


class Loaded(Message, frozen=True):
    """A model is loaded at an instance; `bytes` is its size in memory.

    `parallel` are its effective slots, `context` the tokens of each; None = unknown.
    """

    instance: InstanceId
    model: ModelName
    bytes: int = 0
    parallel: int | None = None
    context: int | None = None


class PromptTruncated(Message, frozen=True):
    """The log of an instance says that it has cut a prompt: its tokens, and how many were kept; None = unknown.

    No decision depends on it; it is an event so that a recorded run tells of whose prompt it was.
    """

    instance: InstanceId
    prompt_tokens: int | None = None
    kept: int | None = None


class Unloaded(Message, frozen=True):
    """A model was unloaded at an instance."""

    instance: InstanceId
    model: ModelName


class Stopped(Message, frozen=True):
    """A client has stopped a model (`ollama stop`): each copy is unloaded once it is idle, all wishes end."""

    model: ModelName


class LoadWanted(Message, frozen=True):
    """The panel itself wants a model in memory at an instance; exactly one `LoadOver` answers."""

    instance: InstanceId
    model: ModelName


class LoadEnded(Message, frozen=True):
    """A `Load` has ended: the model is loaded, or `why` not."""

    instance: InstanceId
    model: ModelName
    why: Notice | None = None


class UnloadWanted(Message, frozen=True):
    """The user wants a model out of the memory of an instance once its requests there have ended, pinned or not.

    `UnloadOver` answers.
    """

    instance: InstanceId
    model: ModelName


class MemoryMeasured(Message, frozen=True):
    """Bytes of memory that models may use, and how many of them are free; `gpu` False: it is the main memory.

    `spill` are the bytes of main memory beside a GPU's own, where layers may go that do not fit.
    """

    total: int
    free: int
    gpu: bool = True
    spill: int = 0


class Reserved(Message, frozen=True):
    """So many bytes of the memory are kept for models that the dispatcher does not know; 0 = none any more.

    They are those of a process that is about to take the place of an instance, or has given it up. `loading`: the panel
    itself loads a model, so that no request may begin another load now.
    """

    bytes: int = 0
    loading: bool = False


class CatalogRead(Message, frozen=True):
    """The models in the store."""

    models: tuple[ModelFacts, ...]


class Reconfigured(Message, frozen=True):
    """The user changed the policy."""

    policy: Policy


Event: TypeAlias = (
    Arrived
    | Cancelled
    | Identified
    | MovedToFront
    | MovedBack
    | FirstByte
    | Progressed
    | Finished
    | Failed
    | Cut
    | Preempted
    | TimerFired
    | InstancePlanned
    | InstanceUp
    | InstanceDown
    | Draining
    | Probing
    | Loaded
    | PromptTruncated
    | Unloaded
    | Stopped
    | LoadWanted
    | LoadEnded
    | UnloadWanted
    | MemoryMeasured
    | Reserved
    | CatalogRead
    | Reconfigured
)

# Actions


class Dispatch(Message, frozen=True):
    """Send a request to an instance now; `loading`: the instance must load the model first."""

    id: RequestId
    placement: Placement
    loading: bool = False


class Classed(Message, frozen=True):
    """A request has another class than before: the user has laid down that of its client, or no longer does."""

    id: RequestId
    request_class: RequestClass


class Preempt(Message, frozen=True):
    """Abort a dispatch that has sent no payload.

    `Preempted` confirms it, `FirstByte` says that it came too late; until then the slot counts as in use.
    """

    id: RequestId
    why: Notice


class Heartbeat(Message, frozen=True):
    """Send the waiting client a heartbeat with its position and the estimated wait."""

    id: RequestId
    position: int
    eta_s: int | None = None


class Reply(Message, frozen=True):
    """Answer a request without an instance."""

    id: RequestId
    refusal: Refusal


class Unload(Message, frozen=True):
    """Unload a model (`keep_alive: 0`); `for_another`: only because another one needs its memory."""

    instance: InstanceId
    model: ModelName
    for_another: bool = False


class Load(Message, frozen=True):
    """Load a model for nobody's request; `LoadEnded` answers.

    `options` are those that requests for it will have, `keep_alive` how long it stays, None = the instance's own.
    """

    instance: InstanceId
    model: ModelName
    options: LoadOptions = LoadOptions()
    keep_alive: str | None = None


class LoadOver(Message, frozen=True):
    """What a `LoadWanted` has come to: the model is in memory, or `why` not."""

    instance: InstanceId
    model: ModelName
    why: Notice | None = None


class UnloadOver(Message, frozen=True):
    """A model for which there was an `UnloadWanted` is not in memory."""

    instance: InstanceId
    model: ModelName


class Keep(Message, frozen=True):
    """Tell an instance how long it keeps a model that is in memory, with the `options` of its runner."""

    instance: InstanceId
    model: ModelName
    keep_alive: str
    options: LoadOptions = LoadOptions()


class SetTimer(Message, frozen=True):
    """Send `TimerFired` at this time; this replaces the previous timer."""

    at: int


Action: TypeAlias = (
    Dispatch | Classed | Preempt | Heartbeat | Reply | Unload | Load | LoadOver | UnloadOver | Keep | SetTimer
)
