"""Machines that are slow but healthy, and such that hang, in virtual time, as a watchdog sees them.

The runner is llama-server's loop: each round reads a part of one prompt and makes a token for every other request. The
scheduler is the real one, so that the allowances are, too.
"""

from dataclasses import dataclass, field
from random import Random

from ollama_panel.core.ids import InstanceId, PoolName, RequestId
from ollama_panel.core.records import Job, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.allowances import Flights, flights_at
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.times import ModelTimes
from ollama_panel.core.watchdog import Action, Event, Look, Pending, Watch
from ollama_panel.core.watchdog_record import WatchdogState
from ollama_panel.engine.clock import SteadyClock
from tests.core.scheduling.script import LLAMA, job

INSTANCE = InstanceId("chat-1")
BATCH = 512
HUNG_AFTER_S = 60.0
EVERY_S, ASKING_EVERY_S = 5.0, 1.0


@dataclass
class Truth:
    """One request at the runner: tokens that are left to read and to make. Bytes come when `held` tokens are made."""

    name: RequestId
    prompt: int
    output: int
    stream: bool
    held: int
    last_byte: float | None = None


@dataclass
class Machine:
    """What a case draws. `prefill_s` and `step_s` are per token; `load_s` until the model is loaded, 0 = it is.

    `works` is what its processes show while it works, with the probability `shown`, else `otherwise`. `late_health`:
    its /health is late now and then. `hangs_at`: from then on nothing happens any more; `hung_works` is what its
    processes show then, `stops`: it is stopped, `drops`: only its server hangs, and the runner has nothing to do.
    Prompts have `underestimated` times as many tokens as the panel thinks.
    """

    name: str
    parallel: int
    prefill_s: float
    step_s: float
    jobs: list[tuple[float, Job, int, int]]
    works: bool | None = True
    shown: float = 1.0
    otherwise: bool | None = True
    tells_slots: bool = True
    measured: ModelTimes | None = None
    load_s: float = 0.0
    sleeps: list[tuple[float, float]] = field(default_factory=list)
    late_health: bool = False
    hangs_at: float = float("inf")
    hung_works: bool | None = False
    stops: bool = False
    drops: bool = False
    underestimated: float = 1.0
    most_s: float = 14_400.0


class World:
    """A machine under watch. `judged_at` is when the watchdog has given its verdict, None = never."""

    def __init__(self, machine: Machine, chance: Random) -> None:
        self.machine, self.chance, self.watch = machine, chance, Watch()
        self.raw = self.now = 0.0
        self.clock = SteadyClock(lambda: self.raw)
        self.dispatcher = Dispatcher(Policy())
        self.runs: dict[RequestId, Truth] = {}
        self.truths = {
            one.id: Truth(one.id, round(one.prompt_tokens * machine.underestimated), output, one.stream, held)
            for _, one, output, held in machine.jobs
        }
        self.arrivals = sorted(((at, one) for at, one, _, _ in machine.jobs), key=lambda one: one[0])
        self.round_began = 0.0
        self.health_late_until = 0.0
        self.asks = self.looks = 0
        self.answer_at: float | None = None
        self.judged_at: float | None = None
        self.flights: Flights | None = None
        self.loaded = not machine.load_s
        self._tell(say.InstanceUp(INSTANCE, PoolName("chat"), Role.CHAT, "http://chat-1", machine.parallel))
        if self.loaded:
            self._tell(say.Loaded(INSTANCE, LLAMA, 1, machine.parallel, 4096))
        if machine.measured is not None:
            self.dispatcher.state.estimates.models[LLAMA] = machine.measured

    @property
    def hung(self) -> bool:
        return self.now >= self.machine.hangs_at

    def run(self) -> float | None:
        """Run until all answers are there or the verdict is; return when the verdict was given."""
        while self.judged_at is None and self.now < self.machine.most_s and (self.arrivals or self.runs):
            self._pass(EVERY_S if self.watch.state is WatchdogState.QUIET else ASKING_EVERY_S)
            self._look()
        return self.judged_at

    # The machine

    def _pass(self, seconds: float) -> None:
        """Let time pass for machine and watchdog; in a sleep the raw clock alone goes on."""
        for at, long in self.machine.sleeps:
            if self.now <= at < self.now + seconds:
                self.raw += long
                self.clock.seconds()
        self.raw += seconds
        self.now = self.clock.seconds()
        if not self.loaded and self.now >= self.machine.load_s and not self.hung:
            self.loaded = True
            self.round_began = self.now
            self._tell(say.Loaded(INSTANCE, LLAMA, 1, self.machine.parallel, 4096))
        while self.arrivals and self.arrivals[0][0] <= self.now:
            self._tell(say.Arrived(self.arrivals.pop(0)[1]))
        if self.loaded:
            self._rounds(min(self.now, self.machine.hangs_at))
        if self.answer_at is not None and self.answer_at <= self.now and not self.hung:
            self.answer_at = None
            self._act(self.watch.came(Event.ANSWERED, self.now))

    def _round_s(self) -> float:
        read = next((min(BATCH, one.prompt) for one in self.runs.values() if one.prompt > 0), 0)
        making = any(one.prompt <= 0 for one in self.runs.values())
        return read * self.machine.prefill_s + self.machine.step_s * (making or not read)

    def _rounds(self, until: float) -> None:
        while self.runs and self.round_began + (span := self._round_s()) <= until:
            reading = [one for one in self.runs.values() if one.prompt > 0]
            making = [one for one in self.runs.values() if one.prompt <= 0]
            times = 1
            if reading:
                reading[0].prompt -= BATCH
            else:
                least = min(one.output for one in making)
                times = max(1, min(least, int((until - self.round_began) / span)))
            self.round_began += times * span
            for one in making:
                self._made(one, times)
        if not self.runs:
            self.round_began = until

    def _made(self, one: Truth, tokens: int) -> None:
        one.output -= tokens
        one.held -= tokens
        if one.output <= 0:
            del self.runs[one.name]
            self._tell(say.Finished(one.name, Usage()))
        elif one.stream and one.held <= 0:
            if one.last_byte is None:
                self._tell(say.FirstByte(one.name))
            one.last_byte = self.round_began

    def _tell(self, event: say.Event) -> None:
        self.flights = None
        for action in self.dispatcher.step(event, round(self.now * 1e6)):
            if isinstance(action, say.Dispatch):
                if not self.runs:
                    self.round_began = max(self.round_began, min(self.now, self.machine.hangs_at))
                self.runs[action.id] = self.truths[action.id]

    # The watchdog

    def _look(self) -> None:
        self.looks += 1
        if self.flights is None:
            self.flights = flights_at(self.dispatcher.state, INSTANCE, round(self.now * 1e6)).get(LLAMA)
        if self.flights is not None:
            self._act(self.watch.look(self._seen(self.flights), HUNG_AFTER_S, self.now))

    def _seen(self, flights: Flights) -> Look:
        machine, chance = self.machine, self.chance
        works = machine.works if chance.random() < machine.shown else machine.otherwise
        if not self.runs:
            works = False if works is not None else None
        if machine.late_health and chance.random() < 0.01:
            self.health_late_until = self.now + chance.uniform(5, 40)
        return Look(
            tuple(
                Pending(max(one.began, self.truths[one.id].last_byte or 0.0), one.allowance_s, one.longest_s)
                for one in flights.requests
            ),
            works=machine.hung_works if self.hung else works,
            silent=(self.hung and machine.stops) or self.now < self.health_late_until,
            stopped=self.hung and machine.stops,
            loading=flights.loading,
            idle_slot=flights.idle_slot,
            tells_slots=machine.tells_slots,
            answer_s=flights.answer_s,
        )

    def _act(self, action: Action | None) -> None:
        match action:
            case Action.ASK:
                self._ask()
            case Action.WITHDRAW:
                self.answer_at = None
            case Action.JUDGED:
                self.judged_at = self.now

    def _ask(self) -> None:
        """Ask as the engine does: first what the slots do, then for a tiny answer on an idle one."""
        self.asks += 1
        if self.chance.random() < 0.1:  # a request wants the slot
            self._act(self.watch.came(Event.WITHDRAWN, self.now))
        elif self.hung:
            if self.machine.drops and self.machine.tells_slots and not (self.flights and self.flights.idle_slot):
                self._act(self.watch.came(Event.IN_VAIN, self.now))
        else:
            span = self._round_s()
            rest = max(0.0, self.round_began + span - self.now)
            self.answer_at = self.now + rest + (0.0 if self.machine.tells_slots else 2 * span)


def chat(number: int, prompt: int, *, stream: bool, most: int | None) -> Job:
    """Return a chat with a prompt of so many tokens, and its client's limit of the answer."""
    return job(f"r{number}", f"c{number % 7}", stream=stream, prompt_tokens=prompt, max_tokens=most)


def embedding(number: int, prompt: int) -> Job:
    """Return a request for embeddings of texts with so many tokens."""
    return job(
        f"r{number}",
        role=Role.EMBEDDING,
        request_class=RequestClass.EMBEDDING,
        stream=False,
        path="/api/embed",
        prompt_tokens=prompt,
        items=max(1, prompt // 256),
    )
