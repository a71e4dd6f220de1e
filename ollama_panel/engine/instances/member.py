"""One instance of the fleet: its processes, and what the dispatcher was told of it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.restart_budget import NOT_TRIED, Budget
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.instances.supervisor import Supervisor


@dataclass(slots=True, eq=False)
class Process:
    """A process of an instance: its supervisor, the task in which that runs, and its record as last reported.

    Once its place is taken, `generation` is the dispatcher's number of its requests, and `hung` are the models whose
    runners hang there, so that nobody waits for their requests.
    """

    supervisor: Supervisor
    task: asyncio.Task[None]
    record: InstanceRecord
    generation: int = 0
    hung: tuple[ModelName, ...] = ()

    async def end(self) -> None:
        """Stop it, and its supervisor. If this is cancelled, it is killed."""
        try:
            self.supervisor.ensure_stopped()
            await self.supervisor.wait_settled()
        finally:
            self.task.cancel()
            await asyncio.wait({self.task})


@dataclass(slots=True, eq=False)
class Member:
    """One instance. `up` is the event that the dispatcher got last, or None while it is down for the dispatcher.

    `removed`: it is not in the fleet any more. `wanted_before` is what `wanted` was before a removal that is not
    complete. `pool` is its pool, also when that is in the settings no more. `successor` is the process that is about to
    take the place of `process`, `leaving` are those whose place was taken, each with the task that ends it when its
    requests have ended. The runners of the models `hung` hang, so that nobody waits for their requests. `tries` are the
    successors that were started after one had failed, `failed` are the settings that the last one did not run with, and
    why.
    """

    process: Process
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    up: m.InstanceUp | None = None
    models: dict[ModelName, LoadedModel] = field(default_factory=dict)
    wanted: bool = True
    removed: bool = False
    wanted_before: bool | None = None
    draining: bool = False
    held: bool = False
    pool: PoolSettings | None = None
    hung: tuple[ModelName, ...] = ()
    successor: Process | None = None
    leaving: dict[Process, asyncio.Task[None]] = field(default_factory=dict)
    tries: Budget = NOT_TRIED
    failed: tuple[InstanceSpec, Notice] | None = None

    @property
    def supervisor(self) -> Supervisor:
        """The supervisor of the process that gets the requests."""
        return self.process.supervisor

    @property
    def id(self) -> InstanceId:
        """The name of the instance."""
        return self.supervisor.status.id

    def model_events(self, status: InstanceRecord) -> list[m.Event]:
        """Return what the dispatcher must be told of the loaded models since the last time."""
        models = {model.name: msgspec.structs.replace(model, values=()) for model in status.models}
        events: list[m.Event] = [m.Unloaded(status.id, name) for name in self.models.keys() - models.keys()]
        for name, model in models.items():
            if not status.managed or self.models.get(name) != model:  # whose own context is learned from repetition
                told = None if model.parallel_source is ParallelSource.UNKNOWN else model.parallel
                events.append(m.Loaded(status.id, name, model.size, told, model.context_length))
        self.models = models
        return events

    def processes(self) -> Iterator[Process]:
        """Yield all processes of the instance."""
        yield self.process
        if self.successor is not None:
            yield self.successor
        yield from self.leaving
