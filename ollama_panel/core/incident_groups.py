"""What several instances have in common of an incident, and what is known of them and the machine. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import ChangePools, Offer, Value, notice
from ollama_panel.core.ollama.incident import Incident, Kind
from ollama_panel.core.ollama.memory import RunnerConfig, effective_context
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, Runner
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord


class Happened(msgspec.Struct, frozen=True):
    """An incident at an instance; `runner` is what the log says of the last load of its model."""

    instance: InstanceRecord
    incident: Incident
    runner: Runner | None = None


class Machine(msgspec.Struct, frozen=True):
    """What the alerts reckon with.

    `pools` are the managed pools with what their workers inherit, by name. `budget` are the bytes that models may use
    and other programs do not, `used` those that each instance's loaded models take of them. `card` is the GPU's name,
    `gpu` whether models run on one, `unified` whether it shares the main memory.
    """

    pools: Mapping[str, PoolSettings] = {}
    models: tuple[ModelFacts, ...] = ()
    budget: int | None = None
    used: Mapping[tuple[InstanceId, ModelName], int] = {}
    card: str = ""
    gpu: bool = True
    unified: bool = False
    version: str = ""

    def facts(self, model: str) -> ModelFacts | None:
        """Return the facts of a model by its blob or its name."""
        return next((one for one in self.models if model and model in (one.blob, one.name)), None)

    def room(self, instance: InstanceId, model: ModelName) -> int | None:
        """Return the bytes that a model may use at an instance beside all that is loaded now."""
        if self.budget is None:
            return None
        return self.budget - sum(size for key, size in self.used.items() if key != (instance, model))


class Group:
    """The same incident at several instances; the one that was last said has the numbers."""

    def __init__(self, kind: Kind, where: str, happened: tuple[Happened, ...], machine: Machine) -> None:
        self.kind = kind
        self.where = where
        self.happened = happened
        self.machine = machine
        self.last = last = max(happened, key=lambda one: one.incident.last)
        self.names = tuple(one.instance.id for one in happened)
        self.model = last.incident.models[0] if last.incident.models else ""
        self.facts = machine.facts(self.model)
        self.pool = machine.pools.get(last.instance.pool) if last.instance.managed else None
        self.pools = tuple(
            dict.fromkeys(one.instance.pool for one in happened if one.instance.managed and one.instance.pool)
        )

    @property
    def name(self) -> ModelName:
        """The name of the model, "" if the log does not say which it is."""
        return ModelName(self.name_of(self.model))

    @property
    def subject(self) -> Value:
        """The model at the beginning of a sentence."""
        return self.name or notice("model.any")

    def name_of(self, model: str) -> str:
        """Return the name of a model by its blob, whose file's name it is if the model is not known."""
        facts = self.machine.facts(model)
        return facts.name if facts is not None else model.replace("\\", "/").rpartition("/")[2]

    @property
    def config(self) -> RunnerConfig:
        """How the instance loads the model; of a server that is not ours, as far as that is known."""
        version = self.last.instance.version or self.machine.version
        if self.pool is not None:
            return RunnerConfig.of(self.pool, gpu=self.machine.gpu, version=version)
        runner = self.last.runner
        parallel = (runner.parallel if runner is not None else None) or self.last.instance.parallel or 1
        return RunnerConfig(parallel=parallel, gpu=self.machine.gpu, version=version)

    @property
    def loaded(self) -> LoadedModel | None:
        """The model as it is loaded now."""
        name = self.facts.name if self.facts is not None else self.model
        return next((one for one in self.last.instance.models if one.name == name), None)

    @property
    def context(self) -> int | None:
        """The tokens per slot of the last load, else those that the instance would give the model."""
        runner, loaded = self.last.runner, self.loaded
        if runner is not None and runner.context and runner.parallel:
            return runner.context // runner.parallel
        if loaded is not None and loaded.context_length:
            return loaded.context_length
        return effective_context(self.facts, self.config.context_length) if self.facts is not None else None

    def fact(self, kind: type[Any]) -> Any:
        """Return the first fact of a kind, None if there is none."""
        return next((one for one in self.last.incident.facts if isinstance(one, kind)), None)

    def variable(self, name: str) -> Iterator[Offer]:
        """Yield the offer to set a variable to 1, if the pools do not set it."""
        pools = (self.machine.pools.get(pool) for pool in self.pools)
        if self.pools and all(pool is not None and name not in pool.environment for pool in pools):
            yield ChangePools(self.pools, environment=((name, "1"),))
