"""The gate: the proxy's interface to the engine, which decides when and where a request runs.

    async with gate.admit(job) as lease:
        while True:
            match await lease.wait():
                case Placement() as placement: ...try it; on failure `lease.failed(...)` and wait again...
                case Heartbeat() as heartbeat: ...tell the client that it still waits...
                case Refusal() as refusal: ...answer in the dialect of the path...

Leaving the block other than after `finished` or a refusal means that the client disconnected, and frees the slot.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import msgspec

from ollama_panel.core.clients import Sighting
from ollama_panel.core.embedding_parts import Places
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, Role, Usage


class Heartbeat(msgspec.Struct, frozen=True):
    """The request still waits: its position in the queue, from 1, and the estimated wait in seconds if known."""

    position: int
    eta_s: int | None = None


Verdict: TypeAlias = Placement | Heartbeat | Refusal


class Lease(Protocol):
    """A request's place in the queue and then its slot at an instance."""

    async def wait(self) -> Verdict:
        """Return the next verdict; call it again after a heartbeat, or after the attempt at a placement `failed`."""
        ...

    def on_preempted(self, callback: Callable[[Notice | None], None]) -> None:
        """Set the callback for preemption of the current placement; it is called with the reason.

        Reasons are preemption and a cancel by the user. The caller then awaits `wait` again, without `failed`. None
        makes a preemption void: `first_byte` or `finished` came before the caller had ended the attempt.
        """
        ...

    def first_byte(self) -> None:
        """Report that payload was sent to the client: from now on the request is not retried."""
        ...

    def prompt_cut(self) -> PromptCut | None:
        """Return whether the instance has cut the prompt, as far as its log tells by now."""
        ...

    def progress(self, tokens: int) -> None:
        """Report newly streamed tokens."""
        ...

    def finished(self, usage: Usage, status: int) -> PromptCut | None:
        """Report that the complete response was sent; one that is sent at once needs no `first_byte`.

        Return whether the instance has cut the prompt, as far as its log or the answer's counters tell.
        """
        ...

    def client_left(self, why: Notice) -> None:
        """Report why leaving the block will end the request, if the client has not simply disconnected."""
        ...

    def failed(self, kind: FailureKind, *, sent: bool, why: Notice | None = None) -> None:
        """Report a failed attempt: final if payload was `sent` to the client, else `wait` returns what follows."""
        ...


class Upstream(msgspec.Struct, frozen=True):
    """An instance to which requests can be forwarded; `writes`: it can change its model store."""

    instance: InstanceId
    role: Role
    url: str
    writes: bool = True


@dataclass(frozen=True)
class Gate:
    """The engine's functions for the proxy; they are called on the proxy's own loop.

    `admit` queues a request. `places` says where parts of one could run at once, None = it is to stay whole. Parts are
    admitted each by itself while `whole` holds the request, under its id, or another if that is in use. `identified`
    tells the sources of requests that were admitted before these were known, and the clients of those that had no other
    name than an address. `seen` tells who sends a request, of those that queue, of all others that reach an instance,
    and of those without a valid key.
    `upstreams` returns the instances that are up, the default one (management, unknown paths) first; while none is but
    some start, it waits for the first. `stop` unloads all copies of a model as soon as they are idle, and returns the
    time in seconds since 1970; it returns None if no instance is known to hold the model. `store_changed` returns when
    the models of an instance's store have been read again. `roles` returns the role that each model of the store needs;
    a model that is missing is a chat model. `remote_models` returns the cloud models, which use no slot of this machine
    and never queue.
    """

    admit: Callable[[Job], AbstractAsyncContextManager[Lease]]
    places: Callable[[Job], Places | None]
    whole: Callable[[Job], AbstractContextManager[Job]]
    identified: Callable[[Mapping[RequestId, str], Mapping[RequestId, ClientId]], None]
    seen: Callable[[ClientId, Sighting], None]
    upstreams: Callable[[], Awaitable[tuple[Upstream, ...]]]
    stop: Callable[[ModelName], float | None]
    store_changed: Callable[[InstanceId], Awaitable[None]]
    roles: Callable[[], Mapping[ModelName, Role]]
    remote_models: Callable[[], frozenset[ModelName]]
