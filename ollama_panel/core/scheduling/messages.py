"""The messages of the dispatcher: events come in (past tense), actions go out (imperatives)."""

from typing import TypeAlias

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, RequestClass, Usage
from ollama_panel.core.scheduling.instance_events import Draining as Draining
from ollama_panel.core.scheduling.instance_events import InstanceDown as InstanceDown
from ollama_panel.core.scheduling.instance_events import InstancePlanned as InstancePlanned
from ollama_panel.core.scheduling.instance_events import InstanceUp as InstanceUp
from ollama_panel.core.scheduling.instance_events import Loaded as Loaded
from ollama_panel.core.scheduling.instance_events import Probing as Probing
from ollama_panel.core.scheduling.message import Message as Message
from ollama_panel.core.scheduling.model_messages import Keep as Keep
from ollama_panel.core.scheduling.model_messages import Load as Load
from ollama_panel.core.scheduling.model_messages import LoadEnded as LoadEnded
from ollama_panel.core.scheduling.model_messages import LoadOver as LoadOver
from ollama_panel.core.scheduling.model_messages import LoadWanted as LoadWanted
from ollama_panel.core.scheduling.model_messages import UnloadOver as UnloadOver
from ollama_panel.core.scheduling.model_messages import UnloadWanted as UnloadWanted
from ollama_panel.core.scheduling.policy import Policy

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
    clients: dict[RequestId, ClientId] = msgspec.field(default_factory=dict)


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


class BrokenOff(Message, frozen=True):
    """The process of an instance is about to end although `models` have requests there, as these hang.

    Begun answers end with `why`; what has sent nothing is tried again once the process has ended. `generation` is that
    of a process whose place was taken, None = the one that is there.
    """

    instance: InstanceId
    models: tuple[ModelName, ...]
    why: Notice
    generation: int | None = None


class Preempted(Message, frozen=True):
    """A preempted request has left its instance: its connection is closed and it waits again."""

    id: RequestId


class TimerFired(Message, frozen=True):
    """The timer of the last `SetTimer` has fired."""


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
    | BrokenOff
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


class SetTimer(Message, frozen=True):
    """Send `TimerFired` at this time; this replaces the previous timer."""

    at: int


Action: TypeAlias = (
    Dispatch | Classed | Preempt | Heartbeat | Reply | Unload | Load | LoadOver | UnloadOver | Keep | SetTimer
)
