"""What the proxy asks of whoever decides: when and where this request may run.

    async with gate.admit(job) as lease:
        while True:
            match await lease.wait():
                case Placement() as placement: ...try it; on failure `lease.failed(...)` and wait again...
                case Heartbeat() as heartbeat: ...tell the client that it still waits...
                case Refusal() as refusal: ...answer in the dialect of the path...

Leaving the block in any way but after `finished` or a refusal means that the client left: the slot is free at once.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.records import FailureKind, Job, Placement, Refusal, Role, Usage


class Heartbeat(msgspec.Struct, frozen=True):
    """The request still waits: its place in the queue from 1, and seconds to go if known."""

    position: int
    eta_s: int | None = None


Verdict: TypeAlias = Placement | Heartbeat | Refusal


class Lease(Protocol):
    """A request's place in the queue and then at an instance."""

    async def wait(self) -> Verdict:
        """Return the next verdict; after a Placement was `failed`, wait for the next one."""
        ...

    def on_preempted(self, callback: Callable[[str], None]) -> None:
        """Have `callback` called once, with the reason, when the present placement must be given up.

        Reasons are preemption and a cancel by the user. The caller then asks `wait` again, without `failed`.
        """
        ...

    def first_byte(self) -> None:
        """Note that payload goes to the client: from here on nothing is tried again."""
        ...

    def progress(self, tokens: int) -> None:
        """Note streamed tokens."""
        ...

    def finished(self, usage: Usage, status: int) -> None:
        """Note the end of an answer that the client got whole; one that came in one piece needs no `first_byte`."""
        ...

    def failed(self, kind: FailureKind, *, sent: bool, message: str = "") -> None:
        """Note a failed attempt; with `sent` it is final, else `wait` says what comes next."""
        ...


class Upstream(msgspec.Struct, frozen=True):
    """An instance as the pass-through routes see it."""

    instance: InstanceId
    role: Role
    url: str


@dataclass(frozen=True)
class Gate:
    """The engine's side of the proxy; all of it is called on the proxy's own loop.

    `admit` queues a request. `upstreams` are all instances that answer, the default one (management, unknown paths)
    first. `roles`: which role each model of the store asks for; a model that is not there is a chat model.
    `remote_models` are the cloud models: they use no slot of this machine and never queue.
    """

    admit: Callable[[Job], AbstractAsyncContextManager[Lease]]
    upstreams: Callable[[], tuple[Upstream, ...]]
    roles: Callable[[], Mapping[ModelName, Role]]
    remote_models: Callable[[], frozenset[ModelName]]
