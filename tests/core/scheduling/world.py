"""A random environment for the scheduler: servers that come and go, fail, unload and report wrong facts."""

from random import Random

from msgspec.structs import replace

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import FailureKind, Job, LoadOptions, RefusalReason, RequestClass, Role, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling import invariants, promises
from tests.core.scheduling.policies import POLICIES, POLICY
from tests.core.scheduling.promises import Drops, alike, check_context, check_one_home, check_role
from tests.core.scheduling.servers import (
    ASKED,
    CATALOG,
    CONTEXTS,
    EFFECTIVE,
    GB,
    INSTANCES,
    MODELS,
    PATHS,
    SOURCES,
    facts,
)


class World:
    """Sends events and checks the invariants of the design after each; `running` is what should be in flight."""

    def __init__(self, seed: int = 0, policy: Policy = POLICY) -> None:
        self.scheduler = Dispatcher(policy)
        self.random = Random(seed)
        self.now = 0
        self.number = 0
        self.steps = 0
        self.timer: int | None = None
        self.jobs: dict[str, Job] = {}
        self.drops = Drops()
        self.waiting: dict[str, int] = {}
        self.running: dict[str, tuple[str, int]] = {}
        self.preempting: set[str] = set()
        self.begun: set[str] = set()
        self.ended: dict[str, str] = {}
        self.preempted: dict[str, int] = {}
        self.attempted: set[str] = set()
        self.moves: set[str] = set()
        self.heartbeat_at: dict[str, int] = {}
        self.up: dict[str, int] = {}
        self.foreign: set[str] = set()
        self.log: list[tuple[int, say.Event, list[say.Action]]] = []
        self.tell(say.CatalogRead(CATALOG))
        self.tell(say.MemoryMeasured(22 * GB, 22 * GB))

    # The invariants

    def tell(self, event: say.Event) -> None:
        actions = self.scheduler.step(event, self.now)
        self.steps += 1
        self.log.append((self.now, event, actions))
        for action in actions:
            self._obey(action)
        self.check()
        if not isinstance(event, say.TimerFired):  # there are hundreds of them; `wait` checks once, after the last
            invariants.check(self.scheduler, self.now)

    def _obey(self, action: say.Action) -> None:
        match action:
            case say.Dispatch(id=request, placement=placement):
                if action.loading:
                    check_one_home(self.scheduler.state.fleet, self.jobs[request], placement, self.now)
                self._dispatched(request, placement)
            case say.Classed(id=request, request_class=request_class):
                assert request in self.waiting or request in self.running
                self.jobs[request] = replace(self.jobs[request], request_class=request_class)
            case say.Reply(id=request, refusal=refusal):
                if refusal.reason is RefusalReason.QUEUE_FULL:
                    self.drops.check_refused(request, refusal, self._fresh(), self.jobs)
                self._end(request, "refused")
            case say.Preempt(id=request, why=why):
                assert request in self.running
                assert request not in self.begun, "3: nothing is taken back after a byte"
                self.preempting.add(request)
                if why.code == "preempted.chat":
                    self.preempted[request] = self.preempted.get(request, 0) + 1
                    assert self.preempted[request] <= 3, "5: nobody is preempted more than three times"
            case say.SetTimer(at=at):
                self.timer = at
            case say.Heartbeat(id=request):
                assert request in self.waiting
                pause = self.now - self.heartbeat_at.get(request, -POLICY.heartbeat_after_us)
                assert pause >= POLICY.heartbeat_after_us, "one series of heartbeats"
                self.heartbeat_at[request] = self.now

    def _fresh(self) -> list[str]:
        """Return the waiting requests that were never dispatched, by arrival."""
        return [request for request, number in self.waiting.items() if number]

    def _dispatched(self, request: str, placement: say.Placement) -> None:
        instance = placement.instance
        if self.scheduler.policy.option_profiles:
            check_context(self.jobs[request], placement, CONTEXTS[instance])
        told = self.scheduler.state.fleet.instances[placement.instance].facts
        check_role(self.jobs[request], told.role, managed=told.managed, policy=self.scheduler.policy)
        assert request in self.waiting, "1: only what waits is sent"
        assert request not in self.begun, "3: no second dispatch after a byte"
        assert instance in self.up, "a request was sent to an instance that is gone"
        self._first_come_first_served(request, instance)
        self.attempted.add(request)
        del self.waiting[request]
        self.running[request] = instance, self.up[instance]

    def _first_come_first_served(self, request: str, instance: str) -> None:
        """5: within a client and class, among requests that never ran and belong to no conversation."""
        job = self.jobs[request]
        if job.turns or request in self.attempted | self.moves:
            return
        rivals = (
            other
            for other in self.waiting
            if other not in self.attempted | self.moves and not self.jobs[other].turns and alike(self.jobs[other], job)
        )
        assert next(rivals) == request, "5: first come, first served"

    def check(self) -> None:
        state = self.scheduler.state
        assert set(state.queue.tickets) == set(self.waiting), "1: what waits is known"
        assert set(state.in_flight) == set(self.running), "1: what runs is known"
        self.drops.check_counted(state.queue, self._fresh())
        loading = 0
        for copy in state.fleet.copies():
            if copy.state is ModelState.LOADING:
                loading += copy.instance.up
            assert copy.prefilling.keys() <= copy.running.keys()
            if copy.model == "embed":
                assert len(copy.running) <= 1, "2: embedding models have one slot"
        assert loading <= 1, "4: one load at a time"
        self._memory()

    def _memory(self) -> None:
        """4: predicted memory stays within the budget once more than one model is loaded, unless others load, too."""
        resident = promises.resident_copies(self.scheduler.state.fleet)
        self.foreign &= {copy.model for copy in resident if not copy.instance.facts.managed}
        if len(resident) > 1 and not self.foreign:
            assert promises.resident_bytes(self.scheduler.state.fleet) <= 22 * GB, "4: memory"

    def slots_are_used(self) -> None:
        """2: no slot stays free while a request waits for it (for requests that batch isolation does not hold back)."""
        state = self.scheduler.state
        for group in state.queue.groups.values():
            for copy in state.candidates(group.want, self.now):
                serves = any(state.fleet.serves(copy, need) for need, _ in group.needs)
                if serves and copy.ready and not copy.instance.breaker.tripped:
                    assert len(copy.running) >= state.fleet.limit(copy), (
                        f"2: {copy.model} at {copy.instance.id} is idle"
                    )

    def over_the_limit(self) -> bool:
        """2: return whether a copy holds more than its limit; that needs a limit that fell while they ran."""
        fleet = self.scheduler.state.fleet
        return any(len(copy.running) > fleet.slots(copy) for copy in fleet.copies() if copy.instance.up)

    def _end(self, request: str, how: str) -> None:
        assert request not in self.ended, "1: every request ends once"
        self.ended[request] = how
        self.waiting.pop(request, None)
        self.running.pop(request, None)
        self.preempting.discard(request)
        self.begun.discard(request)

    # The events

    def arrive(self, *, plain: bool = False) -> None:
        random = self.random
        self.number += 1
        request = f"r{self.number}"
        model = random.choice(["chat-a", "chat-a", "chat-b", "embed"])
        role = MODELS[model][0]
        classes = [RequestClass.INTERACTIVE] if plain else [RequestClass.INTERACTIVE, RequestClass.BATCH]
        request_class = RequestClass.EMBEDDING if role is Role.EMBEDDING else random.choice(classes)
        turns = () if plain or random.random() < 0.5 else (1, 10 + random.randrange(6))
        self.jobs[request] = job = Job(
            RequestId(request),
            ClientId(random.choice("abc")),
            request_class,
            role,
            ModelName(model),
            random.choice(PATHS[role]),
            stream=random.random() < 0.8,
            prompt_tokens=random.randrange(2000),
            options=LoadOptions(num_ctx=random.choice(ASKED)),
            turns=() if role is Role.EMBEDDING else turns,
            heartbeat=random.random() < 0.8,
            keep_alive_s=random.choice([None, 0, -1]),
            body_bytes=random.randrange(2000),
            items=random.randrange(1, 4),
            bulk=role is Role.EMBEDDING and random.random() < 0.5,
            deadline_us=self.now + 40_000_000 if random.random() < 0.1 else None,
            source=random.choice(SOURCES),
        )
        self.drops.sources[request] = job.source
        self.waiting[request] = self.number
        self.tell(say.Arrived(job))

    def again(self, event: say.Event, request: str) -> None:
        """Send an event about a request, and sometimes a second time after the first has ended its flight."""
        self.tell(event)
        while self.random.random() < 0.1 and request not in self.running:
            self.tell(event)

    def identified(self) -> None:
        """It becomes known whose some requests are, of which one has ended."""
        known = [*self.waiting, *self.running, "ended"]
        found = {RequestId(one): self.random.choice(SOURCES) for one in known if self.random.random() < 0.2}
        self.drops.sources.update(found)
        renamed = {one: ClientId(self.random.choice("abcd")) for one in found if self.random.random() < 0.3}
        for one in renamed.keys() & self.jobs.keys():
            self.jobs[one] = replace(self.jobs[one], client=renamed[one])
        self.tell(say.Identified(found, renamed))

    def moved(self) -> None:
        """The user moves a request to the front or back; some do not wait any more."""
        known = [*self.waiting, *self.running, "ended"]
        kind = self.random.choice((say.MovedToFront, say.MovedBack))
        request = RequestId(self.random.choice(known))
        (self.moves.add if kind is say.MovedToFront else self.moves.discard)(request)
        self.tell(kind(request))

    def cancel(self) -> None:
        known = [*self.waiting, *self.running]
        if known:
            request = self.random.choice(known)
            self._end(request, "cancelled")
            self.again(say.Cancelled(RequestId(request)), request)

    def first_byte(self) -> None:
        request = self._one(self.running.keys() - self.begun)
        if request:
            self.begun.add(request)
            self.preempting.discard(request)
            for _ in range(self.random.choice((1, 1, 2))):
                self.tell(say.FirstByte(RequestId(request)))

    def finish(self) -> None:
        request = self._one(self.running.keys() - self.preempting)
        if request:
            usage = Usage(100, self.random.randrange(1, 300), 9 * 10**8, 0, 10**8, 8 * 10**8)
            status = 200 if request in self.begun or self.random.random() < 0.9 else 404
            self._end(request, "done")
            reported = usage if self.random.random() < 0.7 else Usage()
            self.again(say.Finished(RequestId(request), reported, status), request)

    def fail(self) -> None:
        request = self._one(self.running.keys())
        if not request:
            return
        sent = request in self.begun
        kind = self.random.choice(list(FailureKind))
        if sent:
            self._end(request, "broken off")
        else:
            self._wait_again(request)
        self.again(say.Failed(RequestId(request), kind, sent, notice("attempt.closed")), request)

    def _wait_again(self, request: str) -> None:
        del self.running[request]
        self.preempting.discard(request)
        self.waiting[request] = 0

    def requeue(self) -> None:
        request = self._one(self.preempting)
        if request:
            self._wait_again(request)
            self.again(say.Preempted(RequestId(request)), request)

    def instance_up(self) -> None:
        name = self.random.choice(list(INSTANCES))
        role, parallel = INSTANCES[name]
        if name not in self.up and self.random.random() < 0.3:
            self.tell(say.InstancePlanned(InstanceId(name), PoolName(role.value), role))
        self.up[name] = parallel
        self.tell(facts(name))

    def succeeded(self) -> None:
        """A new process, perhaps with a model that fits, takes the place of an instance; its requests run on."""
        name = self._one(name for name in self.up if facts(name).managed)
        if name:
            self.tell(replace(facts(name), url=f"http://{name}/{self.steps}"))
            if self.random.random() < 0.5:
                model = ModelName(self.random.choice(list(MODELS)))
                fleet = self.scheduler.state.fleet
                if promises.resident_bytes(fleet, fleet.instances[InstanceId(name)].copy(model)) <= 22 * GB:
                    self.tell(say.Loaded(InstanceId(name), model, parallel=EFFECTIVE[name]))

    def reserved(self) -> None:
        """The panel keeps some of the memory for what it loads itself, or gives it back."""
        size = self.random.choice((0, 0, 2, 6)) * GB
        self.tell(say.Reserved(size, loading=size > 0 and self.random.random() < 0.5))

    def loaded(self) -> None:
        """An instance reports, once more, that a model is in its memory and how many slots it has."""
        states = (ModelState.WARM, ModelState.LOADING)
        if copies := [one for one in self.scheduler.state.fleet.copies() if one.state in states]:
            copy = self.random.choice(copies)
            event = say.Loaded(copy.instance.id, copy.model, parallel=EFFECTIVE[copy.instance.id])
            for _ in range(self.random.choice((1, 2))):
                self.tell(event)

    def foreign_load(self) -> None:
        """Another program loads a model at the adopted server."""
        if "adopted-1" in self.up:
            self.foreign.add(model := self.random.choice(list(MODELS)))
            self.tell(say.Loaded(InstanceId("adopted-1"), ModelName(model), parallel=EFFECTIVE["adopted-1"]))

    def measured(self) -> None:
        """Other programs take some of the memory."""
        self.tell(say.MemoryMeasured(22 * GB, self.random.randrange(23) * GB))

    def instance_down(self) -> None:
        name = self._one(self.up.keys())
        if name:
            del self.up[name]
            removed = self.random.random() < 0.3
            for _ in range(self.random.choice((1, 1, 2))):
                self.tell(say.InstanceDown(InstanceId(name), removed, removed and self.random.random() < 0.5))
            for request in [request for request, (where, _) in self.running.items() if where == name]:
                if self.random.random() < 0.8:
                    self._lose(request)

    def _lose(self, request: str) -> None:
        sent = request in self.begun
        if sent:
            self._end(request, "broken off")
        else:
            self._wait_again(request)
        self.tell(say.Failed(RequestId(request), FailureKind.CLOSED, sent))

    def drain(self) -> None:
        self.tell(say.Draining(InstanceId(self.random.choice(list(INSTANCES))), self.random.random() < 0.4))

    def unloaded(self) -> None:
        asked = [action for _, _, actions in self.log[-30:] for action in actions if isinstance(action, say.Unload)]
        where, model = self.random.choice(["chat-1", "adopted-1"]), self.random.choice(list(MODELS))
        if asked and self.random.random() < 0.7:
            where, model = asked[-1].instance, asked[-1].model
        if not any(at == where and self.jobs[one].model == model for one, (at, _) in self.running.items()):
            for _ in range(self.random.choice((1, 1, 2))):
                self.tell(say.Unloaded(InstanceId(where), ModelName(model)))

    def stop(self) -> None:
        model = ModelName(self.random.choice(list(MODELS)))
        for _ in range(self.random.choice((1, 1, 2))):
            self.tell(say.Stopped(model))

    def reconfigure(self) -> None:
        for _ in range(self.random.choice((1, 1, 2))):
            self.tell(say.Reconfigured(self.random.choice(POLICIES)))

    def wait(self, seconds: float) -> None:
        end = self.now + round(seconds * 1e6)
        rings = 0
        while self.timer is not None and self.timer <= end and rings < 2000:
            self.now, self.timer = max(self.now, self.timer), None
            rings += 1
            self.tell(say.TimerFired())
        assert rings < 2000, "the timer never comes to rest"
        self.now = end
        invariants.check(self.scheduler, self.now)

    def _one(self, among: object) -> str | None:
        known = sorted(among)  # type: ignore[call-overload]
        return self.random.choice(known) if known else None

    def come_to_rest(self) -> None:
        """1: with healthy servers every request ends."""
        self.tell(say.Reconfigured(POLICY))
        self.tell(say.Reserved())
        for name, (_, parallel) in INSTANCES.items():
            self.up[name] = parallel
            self.tell(facts(name))
            self.tell(say.Draining(InstanceId(name), on=False))
        for _ in range(4000):
            if not self.waiting and not self.running:
                invariants.check_empty(self.scheduler)
                return
            self.requeue()
            self.first_byte()
            self.finish()
            if not self.running:
                self.wait(1)
        raise AssertionError(f"never ended: {sorted(self.waiting)[:5]} {sorted(self.running)[:5]}")
