"""A discrete-event simulation of clients, a contender and its machine in virtual time, to compare policies."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ollama_panel.core.records import LoadOptions
from ollama_panel.lab.workload import Client, PlannedRequest, grains
from ollama_panel.sim.machine.machine import Machine
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.service_time import Profile
from ollama_panel.sim.machine.work import (
    Done,
    Event,
    Failed,
    InstanceOptions,
    Kind,
    MachineFaults,
    Started,
    Tokens,
    Work,
)


class Contender(Protocol):
    """A scheduler between clients and instances."""

    def attach(self, simulation: "Simulation") -> None:
        """Read what it needs of the simulation before time starts."""
        ...

    def arrived(self, planned: PlannedRequest) -> None:
        """Take a request."""
        ...

    def left(self, planned: PlannedRequest) -> None:
        """Note that a client has given up."""
        ...

    def heard(self, event: Event, planned: PlannedRequest | None) -> None:
        """Take an event of the machine; `planned` is the request that it is about, if there is one."""
        ...

    def timer(self) -> int | None:
        """Return when to call `ring`."""
        ...

    def ring(self) -> None:
        """Do what is due."""
        ...


@dataclass
class Simulation:
    """Runs clients against a contender. `requests` are all requests that were sent, in order."""

    profile: Profile
    models: Mapping[str, Model]
    contender: Contender
    instances: Mapping[str, InstanceOptions]
    seed: int = 0
    faults: MachineFaults | None = None
    now: int = 0
    requests: list[PlannedRequest] = field(default_factory=list)
    heartbeats: int = 0

    def __post_init__(self) -> None:
        self.machine = Machine(self.profile, self.models, seed=self.seed, faults=self.faults)
        self._calls: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        self._then: dict[str, Callable[[PlannedRequest], None]] = {}
        self.open: dict[str, PlannedRequest] = {}
        for name, options in self.instances.items():
            self.machine.add_instance(name, options)
        self.contender.attach(self)

    # What clients do

    def send(self, planned: PlannedRequest, then: Callable[[PlannedRequest], None] | None = None) -> None:
        """Send a request."""
        planned.arrived = planned.heard = self.now
        self.requests.append(planned)
        self.open[planned.id] = planned
        if then is not None:
            self._then[planned.id] = then
        if planned.patience is not None:
            self.later(planned.patience, lambda: self._impatient(planned))
        self.contender.arrived(planned)

    def later(self, delay: int, call: Callable[[], None]) -> None:
        """Call `call` after `delay`."""
        self._number += 1
        heapq.heappush(self._calls, (self.now + delay, self._number, call))

    def _impatient(self, planned: PlannedRequest) -> None:
        if planned.ended or planned.first is not None or planned.patience is None:
            return
        silent = self.now - planned.heard
        if silent < planned.patience:
            self.later(planned.patience - silent, lambda: self._impatient(planned))
            return
        self.end(planned, "the client lost its patience")
        self.contender.left(planned)

    # What contenders do

    def submit(self, instance: str, planned: PlannedRequest, options: LoadOptions | None = None) -> None:
        """Send a request to an instance."""
        work = Work(
            planned.id,
            planned.model,
            Kind.EMBED if planned.items else Kind.GENERATE,
            grains(planned.prompt),
            planned.output,
            reply=grains(((planned.reply, planned.output),)),
            items=planned.items,
            options=options or planned.options,
        )
        self.machine.submit(instance, work, self.now)

    def heartbeat(self, planned: PlannedRequest) -> None:
        """Send a heartbeat to a client that waits."""
        self.heartbeats += 1
        planned.heard = self.now

    def end(self, planned: PlannedRequest, failure: str = "") -> None:
        """End a request, with the reason of its failure if it failed."""
        if planned.failure:
            return
        planned.failure = failure
        if not failure:
            planned.done = self.now
        self.open.pop(planned.id, None)
        then = self._then.pop(planned.id, None)
        if then is not None:
            then(planned)

    # Time

    def run(self, clients: Sequence[Client], until: int | None = None) -> "Simulation":
        """Start the clients and let time pass, to `until` or until nothing is due any more."""
        for client in clients:
            client.begin(self)
        while (at := self._next()) is not None and (until is None or at <= until):
            self.now = at
            self._machine_speaks()
            while self._calls and self._calls[0][0] <= at:
                heapq.heappop(self._calls)[2]()
            timer = self.contender.timer()
            if timer is not None and timer <= at:
                self.contender.ring()
        if until is not None:
            self.now = until
        return self

    def _next(self) -> int | None:
        times = [self._calls[0][0] if self._calls else None, self.machine.next_event(), self.contender.timer()]
        known = [time for time in times if time is not None]
        return max(self.now, min(known)) if known else None

    def _machine_speaks(self) -> None:
        for event in self.machine.advance(self.now):
            planned = self.open.get(event.id) if isinstance(event, Started | Tokens | Done | Failed) else None
            if planned is not None:
                self._write_down(event, planned)
            self.contender.heard(event, planned)

    def _write_down(self, event: Event, planned: PlannedRequest) -> None:
        if isinstance(event, Started):
            planned.cached = event.cached
        elif isinstance(event, Tokens):
            planned.pieces += event.count
            if planned.first is None:
                planned.first = self.now
        elif isinstance(event, Done):
            planned.output_us = event.counters.output_us
            if planned.first is None:
                planned.first = self.now
