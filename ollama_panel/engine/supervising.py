"""Makes the supervisors of instances, and passes the facts of their logs on to whoever wants to know."""

import os
from collections.abc import Callable
from functools import partial

import msgspec

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.ollama.serverlog_facts import Fact, PromptTruncated
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.context import Context
from ollama_panel.engine.instance_logs import InstanceLogs
from ollama_panel.engine.instances.adopted_logs import Facts
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.instances.process import LogRing
from ollama_panel.engine.instances.supervisor import Adopted, Supervisor
from ollama_panel.engine.load_meter import LoadMeter
from ollama_panel.engine.machine_watch import MachineWatch
from ollama_panel.engine.memory_reading import MemoryReading

_AT_ONCE = 4
"""More processes than an instance has at once: one, a successor, and those that still have requests."""


class Supervising:
    """`pace` returns how long to wait between health checks, `post` posts an event to the dispatcher."""

    def __init__(
        self,
        context: Context,
        children: ChildRegistry,
        pace: Callable[[float], float],
        post: Callable[[m.Event], None],
        loads: LoadMeter,
        machine_watch: MachineWatch,
        memory: MemoryReading,
        fleet: Fleet,
        logs: InstanceLogs,
    ) -> None:
        self._context = context
        self._children = children
        self._pace = pace
        self._post = post
        self._loads = loads
        self._machine_watch = machine_watch
        self._memory = memory
        self._fleet = fleet
        self._logs = logs
        self._started: dict[InstanceId, int] = {}

    def supervisor(self, target: InstanceSpec | Adopted, report: Callable[[InstanceRecord], None]) -> Supervisor:
        """Return the supervisor of an instance; `report` is called with each change of its record."""
        name = self._name_of_loads(target)

        def reported(record: InstanceRecord) -> None:
            report(msgspec.structs.replace(record, log=str(self._logs.path(record.id))) if record.managed else record)
            self._loads.seen(msgspec.structs.replace(record, id=name))

        return Supervisor(
            target,
            reported,
            client=self._context.client,
            clock=self._context.system.seconds,
            environment=os.environ,
            children=self._children,
            spawn=self._context.system.spawn,
            pace=self._pace,
            on_fact=lambda instance, fact: self._fact_heard(instance, fact, name),
            log=LogRing(keep=partial(self._logs.add, target.id)),
        )

    def adopted_log_read(self, instance: InstanceId, facts: Facts) -> None:
        """Take the facts of the log of an adopted server."""
        self._machine_watch.read_log(instance, facts)
        self._loads.read_log(instance, facts)

    def _name_of_loads(self, target: InstanceSpec | Adopted) -> InstanceId:
        """Return under which name the loads of a process are measured: for a while an instance may have several."""
        if isinstance(target, Adopted):
            return target.id
        number = self._started.get(target.id, -1) + 1
        self._started = {name: count for name, count in self._started.items() if name in self._fleet}
        self._started[target.id] = number
        return InstanceId(f"{target.id}/{number % _AT_ONCE}") if number % _AT_ONCE else target.id

    def _fact_heard(self, instance: InstanceId, fact: Fact, name_of_loads: InstanceId) -> None:
        """Take a fact of a log that no instance's state depends on."""
        self._machine_watch.heard(instance, fact)
        if isinstance(fact, PromptTruncated):
            self._post(m.PromptTruncated(instance, fact.prompt_tokens, fact.kept))
            return
        self._loads.heard(name_of_loads, fact)
        with self._memory.watched_gpu():
            self._context.device_log.heard(instance, fact, self._fleet.runner_bytes())
