"""Finds instances that hang although they have work, and restarts them; decisions are `core.watchdog`'s."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.restart_budget import Budget
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.allowances import Flights, flights_at
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.core.watchdog import Action, Event, Look, Pending, Watch, worst
from ollama_panel.core.watchdog_record import WatchdogRecord, WatchdogState
from ollama_panel.core.watchdog_told import Doubt, answered_nothing, left, restarted, told
from ollama_panel.engine.driver_thread import DriverThread
from ollama_panel.engine.evidence import EvidenceWriter
from ollama_panel.engine.instances import canary
from ollama_panel.engine.instances.canary import Slots
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.member import Process
from ollama_panel.engine.instances.runner_work import RunnerWork, Work, with_cards
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)

LOOK_S, DOUBT_S = 5.0, 1.0
"""How often it looks, and how often while it is in doubt."""
NOTICED_S = 10.0
"""The processes of a runner are read only after so many seconds without a byte: it takes milliseconds."""
SLOTS_S = 2.0
"""After so long without an answer to what its slots do, a runner with an idle slot is asked for a tiny answer."""
READ_S = 5.0
"""How long the processes of a server may be read: one that hangs may hang whoever reads it."""
TOLD_S = 3600.0
"""How long a restart is among the alerts."""
DRAIN_S = 30.0
"""How long a restart waits for the requests of other models of the instance."""


@dataclass(slots=True, eq=False)
class _Instance:
    """What is known of one instance. `due` is when it is to be restarted, `restarting`: that is under way.

    `starts` counts how often it was started again after a crash, as its record does. `served`: this process has
    answered; `lost`: it has, but does not any more, so that it is killed and started again. `leaving` is its process if
    another one has taken its place: that ends as soon as its requests have ended, or hang. `collecting`: evidence is
    being kept, for which a restart waits. `asks` are the asks under way, by model; those in `holding` hold a slot.
    """

    pid: int | None = None
    starts: int = 0
    leaving: Process | None = None
    served: bool = False
    lost: bool = False
    watches: dict[ModelName, Watch] = field(default_factory=dict)
    work: RunnerWork = field(default_factory=RunnerWork)
    budget: Budget = field(default_factory=Budget)
    due: float | None = None
    restarting: bool = False
    collecting: bool = False
    restarts: int = 0
    evidence: str = ""
    asks: dict[ModelName, asyncio.Task[None]] = field(default_factory=dict)
    holding: set[ModelName] = field(default_factory=set)


class Watchdog:
    """Watches all instances. `now` is the engine's clock, in seconds; `post` posts an event to the dispatcher.

    `blob_of` returns the path of a model's file, "" if it is not known.
    """

    def __init__(
        self,
        store: Store,
        fleet: Fleet,
        dispatcher: Dispatcher,
        timeline: Timeline,
        client: httpx.AsyncClient,
        evidence: EvidenceWriter,
        *,
        now: Callable[[], float],
        post: Callable[[m.Event], None],
        blob_of: Callable[[ModelName], str],
    ) -> None:
        self._store = store
        self._fleet = fleet
        self._dispatcher = dispatcher
        self._timeline = timeline
        self._client = client
        self._evidence = evidence
        self._now = now
        self._post = post
        self._blob_of = blob_of
        self._instances: dict[InstanceId, _Instance] = {}
        self._leaving: dict[Process, _Instance] = {}
        self._said: dict[InstanceId, tuple[float, Notice]] = {}
        self._reader = DriverThread("runners")
        self._group: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        async with asyncio.TaskGroup() as self._group:
            while True:
                watched = (*self._instances.values(), *self._leaving.values())
                doubt = any(worst(one.watches) is not None for one in watched)
                await asyncio.sleep(until_next(DOUBT_S if doubt else LOOK_S))
                await self.look()

    def close(self) -> None:
        """End the thread that reads processes."""
        self._reader.close()

    def make_way(self, model: ModelName) -> None:
        """Take back what holds a slot of a model: a request is about to arrive for it."""
        for name, one in self._instances.items():
            if model in one.holding and (task := one.asks.pop(model, None)) is not None:
                task.cancel()
                self._release(name, one, model)
                one.watches[model].came(Event.WITHDRAWN, self._now())

    async def look(self) -> None:
        """Look at all instances once, and do what is due."""
        records = {one.id: one for one in self._store.instances()}
        for name in self._instances.keys() - records.keys():
            self._forget(name)
        for name, record in records.items():
            one = self._instances.setdefault(name, _Instance(record.pid, record.restarts))
            if one.restarting:
                continue
            if record.phase is not Phase.READY or record.pid != one.pid:
                self._look_at_lost(record, one)
                self._began_anew(name, one, record)
            else:
                one.served, one.lost = True, False
                await self._look_at(record, one)
            self._show(record, one)
        await self._look_at_leaving()
        self._tell()

    def _look_at_lost(self, record: InstanceRecord, one: _Instance) -> None:
        """Keep the evidence of a server that answers nothing, before its supervisor kills it; tell of its restart."""
        assert self._group is not None
        if record.phase is Phase.STARTING and record.pid == one.pid and one.served and not one.lost:
            one.lost = True
            self._group.create_task(self._collect(record, one, "silent"), name=f"evidence of {record.id}")
        elif record.phase is Phase.READY and one.lost and record.restarts > one.starts:
            self._count(record.id, one, answered_nothing(record.id, one.evidence))

    def _count(self, instance: InstanceId, one: _Instance, said: Notice) -> None:
        """Count a restart, and tell of it."""
        _LOG.warning("%s", render(said))
        self._said[instance] = self._now(), said
        one.budget = one.budget.restarted(self._now())
        one.restarts += 1

    async def _look_at_leaving(self) -> None:
        """Look at the processes whose place was taken: whoever waits for their requests must not do so for ever."""
        leaving = self._fleet.leaving()
        for gone in self._leaving.keys() - set(leaving):
            one = self._leaving.pop(gone)
            for model in tuple(one.asks):
                self._cancel(gone.record.id, one, model)
        for process in leaving:
            one = self._leaving.setdefault(process, _Instance(process.record.pid, leaving=process))
            if process.record.phase is Phase.READY:
                await self._look_at(process.record, one)

    async def _look_at(self, record: InstanceRecord, one: _Instance) -> None:
        now, flights = self._now(), self._flights(record, one)
        models = {model for model, some in flights.items() if some.requests} | set(record.silent)
        for model in one.watches.keys() - models:
            self._cancel(record.id, one, model)
            del one.watches[model]
        pending = {model: self._pending(flights[model]) if model in flights else () for model in models}
        quiet = any(now - max(each.since for each in some) >= NOTICED_S for some in pending.values() if some)
        read = record.pid is not None and (quiet or bool(record.silent))
        work = await self._read(one, record.pid) if read and record.pid is not None else {}
        for model in models:
            watch = one.watches.setdefault(model, Watch())
            seen = self._seen(record, model, pending[model], flights.get(model), self._work_of(model, work))
            hung_after_s = self._store.settings.ollama.hung_after_s
            self._act(record, one, model, watch.look(seen, hung_after_s, now), self._work_of(model, work))
        self._restart_if_due(record, one)

    def _flights(self, record: InstanceRecord, one: _Instance) -> dict[ModelName, Flights]:
        generation = one.leaving.generation if one.leaving is not None else None
        return flights_at(self._dispatcher.state, record.id, round(self._now() * 1e6), generation)

    async def _read(self, one: _Instance, pid: int) -> dict[str, Work]:
        try:
            return await self._reader.call(lambda: one.work.read(pid), READ_S)
        except TimeoutError:
            return {}

    def _pending(self, flights: Flights) -> tuple[Pending, ...]:
        heard = ((one, self._timeline.heard_at(one.id) or one.began) for one in flights.requests)
        return tuple(Pending(max(one.began, at), one.allowance_s, one.longest_s) for one, at in heard)

    def _seen(
        self,
        record: InstanceRecord,
        model: ModelName,
        pending: tuple[Pending, ...],
        flights: Flights | None,
        work: Work,
    ) -> Look:
        loaded = next((one for one in record.models if one.name == model), None)
        on_gpu = loaded is None or loaded.size_vram > 0
        return Look(
            pending,
            works=with_cards(work.works, self._store.telemetry, self._now(), on_gpu=on_gpu),
            silent=model in record.silent,
            stopped=work.stopped,
            loading=loaded is None or (flights is not None and flights.loading),
            idle_slot=flights is not None and flights.idle_slot and loaded is not None,
            tells_slots=work.runner is not None,
            answer_s=flights.answer_s if flights is not None else Look().answer_s,
        )

    def _work_of(self, model: ModelName, work: dict[str, Work]) -> Work:
        """Return what the runner of a model did; if there is only one, it is that of the model."""
        blob = self._blob_of(model)
        if blob in work:
            return work[blob]
        return next(iter(work.values())) if len(work) == 1 else Work()

    # Asks

    def _act(self, record: InstanceRecord, one: _Instance, model: ModelName, action: Action | None, work: Work) -> None:
        match action:
            case Action.ASK:
                assert self._group is not None
                asking = self._ask(record, one, model, work)
                one.asks[model] = self._group.create_task(asking, name=f"ask {model} at {record.id}")
            case Action.WITHDRAW:
                self._cancel(record.id, one, model)
            case Action.JUDGED:
                self._cancel(record.id, one, model)
                self._judged(record, one, model)
            case None:
                pass

    async def _ask(self, record: InstanceRecord, one: _Instance, model: ModelName, work: Work) -> None:
        event = await self._answer(record, one, model, work)
        if one.asks.get(model) is asyncio.current_task():
            del one.asks[model]
            self._release(record.id, one, model)
            self._act(record, one, model, one.watches[model].came(event, self._now()), work)

    async def _answer(self, record: InstanceRecord, one: _Instance, model: ModelName, work: Work) -> Event:
        """Return what came of an ask, however long it takes: `core.watchdog` decides when it has taken too long."""
        flights = self._flights(record, one).get(model)
        idle = flights is not None and flights.idle_slot
        if work.runner is not None:
            try:
                async with asyncio.timeout(SLOTS_S if idle else None):
                    found = await canary.slots(self._client, work.runner)
            except TimeoutError:
                found = Slots.UNTOLD
            if found is Slots.AT_WORK:
                return Event.ANSWERED
            if not idle:
                return Event.IN_VAIN if found is Slots.AT_REST else Event.WITHDRAWN
        if flights is None or not idle:
            return Event.WITHDRAWN

        def holding() -> None:
            one.holding.add(model)
            self._post(m.Probing(record.id, model, on=True))

        return await canary.tiny_answer(
            self._client, record.url, model, flights.options, embeds=flights.embeds, holding=holding
        )

    def _cancel(self, instance: InstanceId, one: _Instance, model: ModelName) -> None:
        task = one.asks.pop(model, None)
        if task is not None:
            task.cancel()
        self._release(instance, one, model)

    def _release(self, instance: InstanceId, one: _Instance, model: ModelName) -> None:
        if model in one.holding:
            one.holding.discard(model)
            self._post(m.Probing(instance, model, on=False))

    # Restarts

    def _judged(self, record: InstanceRecord, one: _Instance, model: ModelName) -> None:
        """Keep the evidence of a verdict, and set when the instance is to be restarted, if it may be."""
        assert self._group is not None
        if one.collecting:
            return
        pause_s = one.budget.pause_s(self._now())
        if one.leaving is None and self._may_restart(record) and pause_s is not None:
            one.due = self._now() + pause_s
        if (said := self._told(record, one, model)) is not None:
            _LOG.warning("%s", render(said))
        one.collecting = True
        self._group.create_task(self._collect(record, one), name=f"evidence of {record.id}")

    async def _collect(self, record: InstanceRecord, one: _Instance, why: str = "hung") -> None:
        steps = [(model, step) for model, watch in one.watches.items() for step in watch.history]
        steps.sort(key=lambda each: each[1].at)
        history = [(step.at, f"{model} {step.what.value} {step.number:g}") for model, step in steps]
        try:
            one.evidence = await self._evidence.collect(record, why, history)
        finally:
            one.collecting = False

    def _may_restart(self, record: InstanceRecord) -> bool:
        return record.managed and self._store.settings.ollama.restart_hung

    def _restart_if_due(self, record: InstanceRecord, one: _Instance) -> None:
        hung = tuple(model for model, watch in one.watches.items() if watch.state is WatchdogState.HUNG)
        if one.leaving is not None:
            self._fleet.leaves_hung(one.leaving, tuple(dict.fromkeys((*one.leaving.hung, *hung))))
            return
        self._fleet.set_hung(record.id, hung)
        if not hung or not self._may_restart(record):
            one.due = None
        elif one.due is not None and self._now() >= one.due and not one.collecting:
            assert self._group is not None
            one.due, one.restarting = None, True
            self._group.create_task(self._restart(record, one, hung), name=f"restart {record.id}")

    async def _restart(self, record: InstanceRecord, one: _Instance, hung: tuple[ModelName, ...]) -> None:
        """Restart an instance: its requests without a first byte are tried again, here or elsewhere."""
        silent_s = max(one.watches[model].silent_s for model in hung)
        said = restarted(record.id, hung, silent_s, one.evidence)
        self._count(record.id, one, said)
        try:
            after = await self._fleet.restart_hung(record.id, record.pid, DRAIN_S)
            one.pid = after.pid
        except PanelError as problem:  # it was removed meanwhile
            _LOG.info("%s", problem)
        finally:
            one.restarting = False
            self._clear(record.id, one)
            self._show(record, one)
            self._tell()

    def _began_anew(self, instance: InstanceId, one: _Instance, record: InstanceRecord) -> None:
        """Forget what was known of a process that is gone; if the user has replaced it, restarts count anew."""
        self._clear(instance, one)
        if record.phase is Phase.READY and record.pid != one.pid:
            crashed = record.restarts > one.starts
            one.pid, one.starts, one.work = record.pid, record.restarts, RunnerWork()
            one.served = one.lost = False
            if not crashed and one.budget.pause_s(self._now()) is None:
                one.budget = Budget()

    def _clear(self, instance: InstanceId, one: _Instance) -> None:
        for model in tuple(one.asks):
            self._cancel(instance, one, model)
        one.watches.clear()
        one.due = None
        self._fleet.set_hung(instance, ())

    def _forget(self, instance: InstanceId) -> None:
        self._clear(instance, self._instances[instance])
        del self._instances[instance]
        self._said.pop(instance, None)

    # What is shown

    def _show(self, record: InstanceRecord, one: _Instance) -> None:
        shown = WatchdogRecord(restarts=one.restarts, evidence=one.evidence)
        if found := worst(one.watches):
            model, watch = found
            state, said = watch.state, self._told(record, one, model)
            if said is not None and said.code == "watchdog.exhausted":
                state = WatchdogState.EXHAUSTED
            shown = WatchdogRecord(state, said, round(watch.silent_s), watch.missed, one.restarts, one.evidence)
        self._store.set_watchdog(record.id, shown)

    def _told(self, record: InstanceRecord, one: _Instance, model: ModelName) -> Notice | None:
        if one.leaving is not None:
            return left(record.id, model, one.watches[model].silent_s)
        exhausted = one.due is None and one.budget.pause_s(self._now()) is None
        restarts = self._store.settings.ollama.restart_hung
        return told(Doubt(record.id, model, record.managed, restarts, exhausted), one.watches[model])

    def _tell(self) -> None:
        """Show the restarts of the last time."""
        now = self._now()
        self._said = {name: one for name, one in self._said.items() if now - one[0] < TOLD_S}
        self._store.set_notices("watchdog", tuple(said for _, said in self._said.values()))
