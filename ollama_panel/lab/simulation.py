"""Virtual time for a front, its machine and its clients: the stage on which policies are compared."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ollama_panel.core.records import LoadOptions
from ollama_panel.lab.workload import Ask, Client, grains
from ollama_panel.sim.machine.catalog import Model
from ollama_panel.sim.machine.machine import Machine
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


class Front(Protocol):
    """Whoever stands between clients and instances."""

    def attach(self, arena: "Arena") -> None:
        """Get to know the machine before time starts."""
        ...

    def arrived(self, ask: Ask) -> None:
        """Take a request."""
        ...

    def left(self, ask: Ask) -> None:
        """Note that a client has lost its patience."""
        ...

    def heard(self, event: Event, ask: Ask | None) -> None:
        """Take in what the machine says; `ask` is the request it speaks of."""
        ...

    def timer(self) -> int | None:
        """Return when to call `ring`."""
        ...

    def ring(self) -> None:
        """Do what is due."""
        ...


@dataclass
class Arena:
    """Runs clients against a front. `asks` are all requests ever sent, in order."""

    profile: Profile
    models: Mapping[str, Model]
    front: Front
    instances: Mapping[str, InstanceOptions]
    seed: int = 0
    faults: MachineFaults | None = None
    now: int = 0
    asks: list[Ask] = field(default_factory=list)
    heartbeats: int = 0

    def __post_init__(self) -> None:
        self.machine = Machine(self.profile, self.models, seed=self.seed, faults=self.faults)
        self._calls: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        self._then: dict[str, Callable[[Ask], None]] = {}
        self.open: dict[str, Ask] = {}
        for name, options in self.instances.items():
            self.machine.add_instance(name, options)
        self.front.attach(self)

    # What clients do

    def send(self, ask: Ask, then: Callable[[Ask], None] | None = None) -> None:
        """Send a request."""
        ask.arrived = ask.heard = self.now
        self.asks.append(ask)
        self.open[ask.id] = ask
        if then is not None:
            self._then[ask.id] = then
        if ask.patience is not None:
            self.later(ask.patience, lambda: self._impatient(ask))
        self.front.arrived(ask)

    def later(self, delay: int, call: Callable[[], None]) -> None:
        """Call back after `delay`."""
        self._number += 1
        heapq.heappush(self._calls, (self.now + delay, self._number, call))

    def _impatient(self, ask: Ask) -> None:
        if ask.ended or ask.first is not None or ask.patience is None:
            return
        silent = self.now - ask.heard
        if silent < ask.patience:
            self.later(ask.patience - silent, lambda: self._impatient(ask))
            return
        self.end(ask, "the client lost its patience")
        self.front.left(ask)

    # What fronts do

    def submit(self, instance: str, ask: Ask, options: LoadOptions | None = None) -> None:
        """Send a request to an instance."""
        work = Work(
            ask.id,
            ask.model,
            Kind.EMBED if ask.items else Kind.GENERATE,
            grains(ask.prompt),
            ask.output,
            reply=grains(((ask.reply, ask.output),)),
            items=ask.items,
            options=options or ask.options,
        )
        self.machine.submit(instance, work, self.now)

    def load(self, instance: str, model: str) -> None:
        """Load a model by an empty request."""
        self._number += 1
        self.machine.submit(instance, Work(f"load-{self._number}", model, Kind.LOAD), self.now)

    def heartbeat(self, ask: Ask) -> None:
        """Let a client hear that it is not forgotten."""
        self.heartbeats += 1
        ask.heard = self.now

    def end(self, ask: Ask, failure: str = "") -> None:
        """End a request."""
        if ask.failure:
            return
        ask.failure = failure
        if not failure:
            ask.done = self.now
        self.open.pop(ask.id, None)
        then = self._then.pop(ask.id, None)
        if then is not None:
            then(ask)

    # Time

    def run(self, clients: Sequence[Client], until: int | None = None) -> "Arena":
        """Let the clients begin and time pass, to `until` or until nothing happens any more."""
        for client in clients:
            client.begin(self)
        while (at := self._next()) is not None and (until is None or at <= until):
            self.now = at
            self._machine_speaks()
            while self._calls and self._calls[0][0] <= at:
                heapq.heappop(self._calls)[2]()
            timer = self.front.timer()
            if timer is not None and timer <= at:
                self.front.ring()
        if until is not None:
            self.now = until
        return self

    def _next(self) -> int | None:
        times = [self._calls[0][0] if self._calls else None, self.machine.next_event(), self.front.timer()]
        known = [time for time in times if time is not None]
        return max(self.now, min(known)) if known else None

    def _machine_speaks(self) -> None:
        for event in self.machine.advance(self.now):
            ask = self.open.get(event.id) if isinstance(event, Started | Tokens | Done | Failed) else None
            if ask is not None:
                self._write_down(event, ask)
            self.front.heard(event, ask)

    def _write_down(self, event: Event, ask: Ask) -> None:
        if isinstance(event, Started):
            ask.cached = event.cached
        elif isinstance(event, Tokens):
            ask.pieces += event.count
            if ask.first is None:
                ask.first = self.now
        elif isinstance(event, Done):
            ask.output_us = event.counters.output_us
            if ask.first is None:
                ask.first = self.now
