"""Admission: posts the events of the proxy's requests to the dispatcher and executes the actions that it returns.

Every method runs on the engine's loop. An event that is posted while actions are executed is handled after all of
them, so that events and actions have the same order everywhere. `post` alone tells the timeline of them.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, RequestId
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import Job
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.lease import Lease
from ollama_panel.engine.recorder import Recorder
from ollama_panel.proxy.gate import Heartbeat


class Watcher(Protocol):
    """Whoever must know at once that a client wants an answer, before the dispatcher does: the tuner, which gives way.

    It may post events.
    """

    def arrived(self, job: Job) -> None:
        """Take note of a request that will be posted next."""
        ...

    def left(self, job: Job) -> None:
        """Take note that it has ended, however."""
        ...


class _Nobody:
    def arrived(self, job: Job) -> None:
        pass

    def left(self, job: Job) -> None:
        pass


class OwnLoads(Protocol):
    """Carries out the loads that the panel itself wants; each method returns at once."""

    def begin(self, action: m.Load) -> None:
        """Begin a load; its end is posted as an event."""
        ...

    def over(self, action: m.LoadOver) -> None:
        """Take what a load has come to."""
        ...

    def unloaded(self, action: m.UnloadOver) -> None:
        """Take that a model is not in memory, which the user wanted."""
        ...

    def tell(self, action: m.Keep) -> None:
        """Tell an instance how long it keeps a model."""
        ...


class _NoLoads:
    def begin(self, action: m.Load) -> None:
        pass

    def over(self, action: m.LoadOver) -> None:
        pass

    def unloaded(self, action: m.UnloadOver) -> None:
        pass

    def tell(self, action: m.Keep) -> None:
        pass


class Admission:
    """Admits the proxy's requests.

    `unload` returns at once; its outcome is posted as an event. `loads` carries out what the panel itself wants in
    memory. `on_missing` is called with a model that an instance said it does not have, `on_crash` with an exception of
    the scheduler or the timeline. `watcher` is told of every request.
    """

    def __init__(
        self,
        scheduler: Dispatcher | Recorder,
        timeline: Timeline,
        *,
        unload: Callable[[m.Unload], None],
        loads: OwnLoads | None = None,
        micros: Callable[[], int],
        on_crash: Callable[[Exception], None],
        on_missing: Callable[[ModelName], None] = lambda _: None,
        watcher: Watcher | None = None,
    ) -> None:
        self._watcher = watcher or _Nobody()
        self._scheduler = scheduler
        self._timeline = timeline
        self._micros = micros
        self._on_crash = on_crash
        self.on_missing = on_missing
        self._leases: dict[RequestId, Lease] = {}
        self._wholes: dict[RequestId, tuple[ClientId | None, str | None]] = {}
        self._awaited: list[tuple[asyncio.Future[None], Callable[[], bool]]] = []
        self._events: deque[m.Event] = deque()
        self._stepping = False
        self._timer: asyncio.TimerHandle | None = None
        own = loads or _NoLoads()
        self._executors: dict[type[m.Action], Callable[[Any], None]] = {
            m.Dispatch: lambda action: self._leases[action.id].deliver(action.placement),
            m.Preempt: lambda action: self._leases[action.id].preempt(action.why),
            m.Heartbeat: lambda action: self._leases[action.id].deliver(Heartbeat(action.position, action.eta_s)),
            m.Reply: lambda action: self._leases[action.id].refuse(action.refusal),
            m.Unload: unload,
            m.Load: own.begin,
            m.LoadOver: own.over,
            m.UnloadOver: own.unloaded,
            m.Keep: own.tell,
            m.SetTimer: self._set_timer,
            m.Classed: lambda _: None,  # only the timeline wants to know
        }

    def admit(self, job: Job) -> Lease:
        """Queue a request; see `proxy.gate`. If its id is in use, a number is appended to it."""
        job = self._named_anew(job)
        if job.part is not None and (known := self._wholes.get(job.part.of)) is not None:
            client, source = known
            job = msgspec.structs.replace(job, client=client or job.client, source=source or job.source)
        return Lease(self, job)

    def _named_anew(self, job: Job) -> Job:
        """Return a request with an id that is not in use: a number is appended to one that is."""
        number, wanted = 1, job.id
        while job.id in self._leases or job.id in self._wholes:
            number += 1
            job = msgspec.structs.replace(job, id=RequestId(f"{wanted}~{number}"))
        return job

    @contextmanager
    def whole(self, job: Job) -> Iterator[Job]:
        """Hold a request whose parts are admitted; see `proxy.gate`. It ends with this block at the latest."""
        job = self._named_anew(job)
        self._wholes[job.id] = None, None
        try:
            yield job
        finally:
            del self._wholes[job.id]
            if self._timeline.is_open(job.id):
                self.post(m.Cancelled(job.id))

    def identified(self, sources: Mapping[RequestId, str], clients: Mapping[RequestId, ClientId]) -> None:
        """Tell whose requests are that were admitted before that was known."""
        named, of = dict(sources), dict(clients)
        for request in self._wholes.keys() & {*sources, *clients}:
            self._wholes[request] = clients.get(request), sources.get(request)
            for part in [one.job.id for one in self._leases.values() if one.job.part and one.job.part.of == request]:
                named |= {part: sources[request]} if request in sources else {}
                of |= {part: clients[request]} if request in clients else {}
        self.post(m.Identified(named, of))

    def cancel(self, request: RequestId) -> bool:
        """Cancel a request for the user; return False and do nothing if it has ended."""
        if not self._timeline.is_open(request):
            return False
        self.post(m.Cancelled(request, by_user=True))
        return True

    def post(self, event: m.Event) -> None:
        """Post an event to the dispatcher, fold it into the timeline and execute the actions that follow."""
        if self._stepping:
            self._events.append(event)
            return
        self._stepping = True
        try:
            while True:
                now = self._micros()
                actions = self._scheduler.step(event, now)
                self._timeline.fold(event, actions, now)
                for action in actions:
                    self._executors[type(action)](action)
                if not self._events:
                    break
                event = self._events.popleft()
        except Exception as error:
            self._on_crash(error)
            raise
        finally:
            self._stepping = False
        if self._awaited:
            self._wake()

    async def wait_idle(self, instance: InstanceId, silent: Callable[[], Collection[ModelName]] = tuple) -> None:
        """Wait until no request is in flight at an instance, but for those of models that are `silent` by then.

        These would not end, as the runners of their models do not work any more.
        """
        await self.until(lambda: not self._works(instance, silent()))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something `holds`, which is looked at now and after every event."""
        while not holds():
            awaited = asyncio.get_running_loop().create_future(), holds
            self._awaited.append(awaited)
            try:
                await awaited[0]
            finally:
                self._awaited = [one for one in self._awaited if one is not awaited]

    def close(self) -> None:
        """Cancel the timer; requests that still wait end when the proxy stops."""
        self._cancel_timer()

    def add(self, lease: Lease) -> None:
        """Add a lease and post the arrival of its request."""
        self._leases[lease.job.id] = lease
        self._watcher.arrived(lease.job)
        self.post(m.Arrived(lease.job))

    def remove(self, lease: Lease) -> None:
        """Remove a lease, whatever its state."""
        del self._leases[lease.job.id]
        self._watcher.left(lease.job)

    def prompt_cut(self, request: RequestId) -> PromptCut | None:
        """Return how the prompt of a request was cut, as far as it is known."""
        return self._timeline.prompt_cut(request)

    def _works(self, instance: InstanceId, silent: Collection[ModelName]) -> bool:
        return bool(self._timeline.counts.in_flight(instance)) and (
            not silent or any(model not in silent for model in self._timeline.models_at(instance))
        )

    def _wake(self) -> None:
        for future, holds in self._awaited:
            if not future.done() and holds():
                future.set_result(None)
        self._awaited = [one for one in self._awaited if not one[0].done()]

    def _timer_fired(self, action: m.SetTimer) -> None:
        if action.at > self._micros():  # after a standstill, which the loop's timers do not leave out
            self._set_timer(action)
            return
        with suppress(Exception):  # `on_crash` was called; the loop need not report it again
            self.post(m.TimerFired())

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _set_timer(self, action: m.SetTimer) -> None:
        self._cancel_timer()
        delay = max(0, action.at - self._micros()) / 1e6
        self._timer = asyncio.get_running_loop().call_later(delay, self._timer_fired, action)
