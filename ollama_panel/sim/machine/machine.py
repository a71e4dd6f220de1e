"""A discrete-event machine: simulated Ollama instances on one GPU. Pure: time is an argument, in integer microseconds.

The same object runs in virtual time (a loop over `next_event` and `advance`) and behind a real HTTP server (one timer).

    machine = Machine(PROFILES["rtx-4090"], KNOWN)
    machine.add_instance("chat-1", InstanceOptions(parallel=4))
    machine.submit("chat-1", Work("r1", "llama3.1:8b", prompt=((1, 500),), output_tokens=100), now=0)
    while (time := machine.next_event()) is not None:
        for event in machine.advance(time): ...
"""

import heapq
from collections.abc import Callable, Mapping

from ollama_panel.sim.machine.gpu import Gpu
from ollama_panel.sim.machine.instance import Instance
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.runner import Runner
from ollama_panel.sim.machine.service_time import Profile
from ollama_panel.sim.machine.work import Event, InstanceOptions, MachineFaults, Output, Work


class Machine:
    """Instances, their runners and one GPU.

    With `every_token` each token is an event of its own, as a server needs it; without it several steps are taken at
    once, and only the first token and the end of a request are events, as the laboratory needs it. `models` are those
    of the shared store and may change.
    """

    def __init__(
        self,
        profile: Profile,
        models: Mapping[str, Model],
        *,
        seed: int = 0,
        every_token: bool = False,
        faults: MachineFaults | None = None,
    ) -> None:
        self.now = 0
        self.every_token = every_token
        self.overhead_us = round(profile.overhead_s * 1e6)
        self.item_us = round(profile.item_s * 1e6)
        self.models = dict(models)
        self.gpu = Gpu(profile, seed, faults)
        self.instances: dict[str, Instance] = {}
        self._faults = faults or MachineFaults()
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._sequence = 0
        self._outputs: list[Event] = []
        self._busy: dict[Runner, None] = {}
        self._tokens = self._submitted = 0

    # Inputs

    def add_instance(self, name: str, options: InstanceOptions) -> None:
        """Start a server, or start it again after `kill`; its counters begin at 0."""
        self.instances[name] = Instance(name, options, self.gpu, self, self.models)
        self.gpu.threads_divided = all(instance.options.threads for instance in self.instances.values())

    def submit(self, instance: str, work: Work, now: int) -> None:
        """Send a request; `advance` returns its events. Raises KeyError if the instance or the model is unknown."""
        self._catch_up(now)
        self.models[work.model]
        self._submitted += 1
        self.instances[instance].submit(work)

    def cancel(self, instance: str, request: str, now: int) -> None:
        """Cancel a request: its slot is free at once, and there are no more events of it."""
        self._catch_up(now)
        self.instances[instance].cancel(request)

    def unload(self, instance: str, model: str, now: int) -> None:
        """Unload a model when it is idle."""
        self._catch_up(now)
        self.instances[instance].unload(model)

    def crash_runner(self, instance: str, model: str, now: int) -> None:
        """Kill the runner of a model."""
        self._catch_up(now)
        self.instances[instance].crash(model)

    def kill(self, instance: str, now: int) -> None:
        """Kill an instance and its runners; `add_instance` starts it again."""
        self._catch_up(now)
        self.instances[instance].kill()

    def slow_down(self, factor: float, now: int) -> None:
        """Make every step take `factor` times as long from now on (heat, another program on the GPU)."""
        self._catch_up(now)
        self.gpu.slowdown = factor
        self._cut_others(None)

    def set_foreign(self, busy: int, used: int, now: int) -> None:
        """Set how many runners of other processes are busy on this GPU and how many bytes they hold."""
        if (busy, used) == (self.gpu.foreign_busy, self.gpu.foreign_used):
            return
        self._catch_up(now)
        self.gpu.foreign_busy, self.gpu.foreign_used = busy, used
        self._cut_others(None)

    def next_event(self) -> int | None:
        """Return when the next event is due without further input, None if there is none."""
        return self._events[0][0] if self._events else None

    def advance(self, now: int, limit: int = 1_000_000_000) -> list[Event]:
        """Let time pass up to `now` (at most `limit` events) and return what happened since the last call."""
        self._catch_up(now, limit)
        outputs, self._outputs = self._outputs, []
        return outputs

    # The interface for the parts of the machine (`runner.World`)

    def at(self, time: int, call: Callable[[], None]) -> None:
        """Call `call` at a time; calls at the same time are made in the order in which they were scheduled."""
        self._sequence += 1
        heapq.heappush(self._events, (time, self._sequence, call))

    def emit(self, output: Output) -> None:
        """Add an event to the output."""
        self._outputs.append(output)  # type: ignore[arg-type]  # its parts emit only events

    def share(self) -> float:
        """Return the factor on the time of a step."""
        return self.gpu.share()

    def set_busy(self, runner: Runner, busy: bool) -> None:
        """Note whether a runner uses the GPU; the other runners' plans end with the step that runs."""
        if busy == (runner in self._busy):
            return
        if busy:
            self._busy[runner] = None
        else:
            del self._busy[runner]
        self.gpu.busy = len(self._busy)
        self._cut_others(runner)

    def produced(self, runner: Runner, tokens: int) -> None:
        """Count tokens for the faults."""
        before, self._tokens = self._tokens, self._tokens + tokens
        limit = self._faults.runner_dies_after
        if limit and before < limit <= self._tokens:
            self.instances[runner.instance].crash(runner.model)

    def stalled(self) -> bool:
        """Return whether the GPU has stopped working for good (a fault)."""
        return 0 < self._faults.stall_after < self._submitted

    def _cut_others(self, runner: Runner | None) -> None:
        if not self.every_token:
            for other in self._busy:
                if other is not runner:
                    other.cut()

    def _catch_up(self, now: int, limit: int = 1_000_000_000) -> None:
        events = self._events
        while events and events[0][0] <= now and limit:
            time, _, call = heapq.heappop(events)
            self.now = max(self.now, time)
            call()
            limit -= 1
        if not events or events[0][0] > now:
            self.now = max(self.now, now)
