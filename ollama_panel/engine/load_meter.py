"""Measures the loads of models, for forecasts: from the logs and records of the servers into a file of their own.

The file is small and is written at each load; without it, or if it is unreadable, forecasts are estimates again.
"""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.devices import Devices
from ollama_panel.core.ollama.load_history import LoadHistory, decoded
from ollama_panel.core.ollama.load_measurement import Server, measured
from ollama_panel.core.ollama.measured_load import MeasuredLoad
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, Runner, RunnerRegistry
from ollama_panel.core.ollama.serverlog_facts import Configured, Fact, RunnerStarting
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord, MemoryKind
from ollama_panel.engine.files import read_file, write_whole
from ollama_panel.engine.host.gpu.reading import Memory

_LOG = logging.getLogger(__name__)
_LARGEST_OVERHEAD = 2 * GIB
"""A driver keeps some hundred MiB for a process; what grew by more while a model was loaded was another program."""

_Loaded = frozenset[tuple[InstanceId, ModelName]]


class _Server(msgspec.Struct):
    """What is known of a server; `told` are the runners whose load was looked at, and as what it was, by blob."""

    devices: Devices = Devices()
    environment: dict[str, str] = {}
    registry: RunnerRegistry = RunnerRegistry()
    told: dict[str, tuple[Runner, LoadedModel]] = {}

    def hear(self, fact: Fact) -> None:
        """Take a fact of its log; a new start forgets the runners of the last one."""
        if isinstance(fact, Configured):
            self.environment, self.registry, self.told = fact.environment, RunnerRegistry(), {}
        self.registry, self.devices = self.registry.after(fact), self.devices.after(fact)


class _Growth(msgspec.Struct, frozen=True):
    """The memory that GPUs used, and what was loaded, when a runner started; `load` is what it has named since."""

    used: int
    loaded: _Loaded
    blob: str
    digest: str = ""
    load: MeasuredLoad | None = None


class LoadMeter:
    """Measures each load once. `facts_of` returns the facts of a model, `on_learned` is called when forecasts change.

    `report` is called with what is wrong with the file, nothing when it is right again.
    """

    def __init__(
        self,
        path: Path,
        facts_of: Callable[[ModelName], ModelFacts | None],
        on_learned: Callable[[], None],
        report: Callable[[tuple[Problem, ...]], None],
    ) -> None:
        self._path = path
        self._facts_of = facts_of
        self._on_learned = on_learned
        self._report = report
        self._servers: dict[InstanceId, _Server] = {}
        self._records: dict[InstanceId, InstanceRecord] = {}
        self._used: int | None = None
        self._growth: _Growth | None = None
        self._history = self._read()
        self._warned = False

    def applied(self, models: Iterable[ModelFacts]) -> tuple[ModelFacts, ...]:
        """Return the models with what was measured on the devices of the servers."""
        return self._history.applied(tuple(models), {one.devices.identity for one in self._servers.values()})

    def heard(self, instance: InstanceId, fact: Fact) -> None:
        """Take a fact from the log of a server, as soon as it is written."""
        server = self._servers.setdefault(instance, _Server())
        if isinstance(fact, RunnerStarting):
            self._growth = None if self._used is None else _Growth(self._used, self._all_loaded(), fact.model)
        before = server.devices.identity
        server.hear(fact)
        if server.devices.identity != before and self._history.models:
            self._on_learned()

    def read_log(self, instance: InstanceId, facts: Iterable[tuple[float | None, Fact]]) -> None:
        """Take all facts of an adopted server's log, with the times of their lines, and measure what it has loaded."""
        before, server = self._servers.get(instance), _Server()
        for _, fact in facts:
            server.hear(fact)
        self._servers[instance] = server
        if server.devices.identity != (before.devices.identity if before else "") and self._history.models:
            self._on_learned()
        if instance in self._records:
            self.seen(self._records[instance])

    def seen(self, record: InstanceRecord) -> None:
        """Take the record of a server: measure the models that it has loaded since."""
        self._records[record.id] = record
        server = self._servers.get(record.id)
        if server is None or not server.devices.identity or not record.version:
            return
        for model in record.models:
            facts = self._facts_of(model.name)
            runner = server.registry.runners.get(facts.blob) if facts is not None and facts.blob else None
            if facts is None or runner is None or not runner.loaded or server.told.get(facts.blob) == (runner, model):
                continue
            server.told[facts.blob] = runner, model
            self._measure(facts, model, runner, server, record.version)

    def memory_read(self, memory: Memory | None) -> None:
        """Take a reading of the memory: the first after a load tells what the process took beside what it names."""
        self._used = memory.used if memory is not None and memory.kind is MemoryKind.GPU else None
        growth, self._growth = self._growth, None
        if growth is None or growth.load is None or self._used is None:
            self._growth = growth
            return
        overhead = self._used - growth.used - growth.load.total
        alone = len(self._all_loaded() - growth.loaded) == 1 and not growth.loaded - self._all_loaded()
        if alone and growth.load.gpu and 0 <= overhead <= _LARGEST_OVERHEAD:
            self._learn(growth.digest, msgspec.structs.replace(growth.load, overhead=overhead))

    def _all_loaded(self) -> _Loaded:
        return frozenset((name, model.name) for name, record in self._records.items() for model in record.models)

    def _measure(self, facts: ModelFacts, model: LoadedModel, runner: Runner, server: _Server, version: str) -> None:
        entry = LoadedEntry(model.name, facts.digest, model.size, model.size_vram, model.context_length)
        devices = server.devices
        of = Server(version, devices.identity, devices.on_gpu is True, server.environment)
        load = measured(facts, entry, runner, of)
        if load is None:
            _LOG.info("the load of %s does not tell enough to forecast others from it", model.name)
            return
        if self._growth is not None and self._growth.blob == facts.blob:
            self._growth = msgspec.structs.replace(self._growth, digest=facts.digest, load=load)
        self._learn(facts.digest, load)

    def _learn(self, digest: str, load: MeasuredLoad) -> None:
        before = self._history
        self._history = before.after(digest, load)
        if self._history == before:
            return
        self._on_learned()
        try:
            write_whole(self._path, self._history.encoded(), durable=False)
        except PanelError as problem:
            if not self._warned:
                _LOG.warning("what a load took could not be written: %s", problem)
            self._warned = True
        else:
            self._warned = False
            self._report(())

    def _read(self) -> LoadHistory:
        """Return what the file has, nothing if there is none; what is unreadable is told once."""
        try:
            return decoded(read_file(self._path))
        except FileNotFoundError:
            return LoadHistory()
        except (OSError, msgspec.DecodeError) as error:
            told = notice("loads.unreadable", path=str(self._path))
            _LOG.warning("%s (%s)", render(told), error)
            self._report((Problem(self._path.name, told),))
            return LoadHistory()
