"""Reads the logs of adopted servers, for what is in force for their models and what is wrong.

The end of a log is read when another model is loaded; in between only what is added to a file, since a journal cannot
tell whether anything was.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import RunnerRegistry
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import Fact
from ollama_panel.core.ollama.slog import seconds_of
from ollama_panel.core.servers import FoundServer, LogKind, LogSource
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.host.server_log import Growth, last_lines
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store

INTERVAL_S = 5.0
"""How often it is looked whether another model is loaded, and whether a file has grown."""


Facts: TypeAlias = Sequence[tuple[float | None, Fact]]
"""Facts with the times of their lines, in seconds since 1970, None where the line has none."""


class AdoptedLogs:
    """Tells `fleet` what the logs of adopted servers say of their runners. `read` blocks; None = it cannot be read.

    `on_read` is called with all facts of a log that was read, `on_added` with each that was added to a file since.
    """

    def __init__(
        self,
        store: Store,
        fleet: Fleet,
        read: Callable[[LogSource, int], list[str] | None] = last_lines,
        *,
        on_read: Callable[[InstanceId, Facts], None] = lambda *_: None,
        on_added: Callable[[InstanceId, Fact], None] = lambda *_: None,
    ) -> None:
        self._store = store
        self._fleet = fleet
        self._read = read
        self._on_read = on_read
        self._on_added = on_added
        self._growing: dict[InstanceId, tuple[LogSource, Growth]] = {}
        self._read_for: dict[InstanceId, Hashable] = {}

    async def run(self) -> None:
        """Look from time to time until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(until_next(INTERVAL_S))

    async def look(self) -> None:
        """Read the logs of the servers that have loaded another model, and what the others have added to theirs."""
        found = {one.pid: one for one in self._store.found_servers}
        for instance in self._store.instances():
            server = found.get(instance.pid) if instance.pid is not None and not instance.managed else None
            if server is None or server.log is None:
                continue
            if self._has_loaded(instance, server):
                self._follow(instance.id, server.log)
                found_there = await asyncio.to_thread(self._runners, server.log, server.pid)
                if found_there is not None:
                    registry, facts = found_there
                    self._fleet.read_log(instance.id, registry)
                    self._on_read(instance.id, facts)
            elif server.log.kind is LogKind.FILE:
                await self._read_added(instance.id, server.log)

    async def _read_added(self, instance: InstanceId, log: LogSource) -> None:
        followed, growth = self._growing.get(instance, (None, None))
        if growth is None or followed != log:
            self._follow(instance, log)
            return
        for fact in await asyncio.to_thread(_added, growth):
            self._on_added(instance, fact)

    def _follow(self, instance: InstanceId, log: LogSource) -> None:
        if log.kind is LogKind.FILE:
            self._growing[instance] = log, Growth(log.path)

    def _has_loaded(self, instance: InstanceRecord, server: FoundServer) -> bool:
        if instance.managed or instance.phase is not Phase.READY or not instance.models:
            return False
        models = tuple((model.name, model.size, model.context_length) for model in instance.models)
        seen = (server.pid, server.log, models)
        if self._read_for.get(instance.id) == seen:
            return False
        self._read_for[instance.id] = seen
        return True

    def _runners(self, log: LogSource, pid: int) -> tuple[RunnerRegistry, Facts] | None:
        lines = self._read(log, pid)
        if lines is None:
            return None
        facts = [(seconds_of(line), fact) for line in lines if (fact := parse(line)) is not None]
        registry = RunnerRegistry()
        for _, fact in facts:
            registry = registry.after(fact)
        return registry, facts


def _added(growth: Growth) -> list[Fact]:
    """Return the facts in what was added to a file. Blocks: a flood of lines takes a second to be read."""
    return [fact for line in growth.lines() if (fact := parse(line)) is not None]
