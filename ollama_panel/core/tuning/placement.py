"""Which instances measure a trial, and with which settings: these replace those of the pool, and are never saved."""

from collections.abc import Iterable, Mapping

import msgspec

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import THREADS, InstanceSpec
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.tuning.trial import Candidate

_DEVICES = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "GGML_VK_VISIBLE_DEVICES")
"""The variables that say which cards a worker uses (Ollama `envconfig/config.go`)."""


class Placement(msgspec.Struct, frozen=True):
    """The workers of a pool that measure: `settings` are the pool with their settings, `workers` of which there are.

    `numbers` are theirs within the pool. Those of the pool's own workers are out of its service meanwhile; beyond them
    are more workers, which end with the trial.
    """

    settings: PoolSettings
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, pool: PoolSettings, candidate: Candidate, load_parallel: int, *, beside: bool) -> "Placement":
        """Return where a candidate is measured, at workers with `load_parallel` slots.

        The last workers of the pool are taken, so that the first ones serve on; `beside`: all its workers stay.
        """
        settings = msgspec.structs.replace(candidate.applied(pool), parallel=load_parallel)
        last = pool.workers + candidate.workers if beside else max(pool.workers, candidate.workers)
        return cls(settings, tuple(range(last - candidate.workers + 1, last + 1)))

    @property
    def instances(self) -> tuple[InstanceId, ...]:
        """The names of the workers that measure."""
        return tuple(InstanceId(f"{self.settings.name}-{number}") for number in self.numbers)

    def replaces(self, pool: PoolSettings) -> bool:
        """Return whether a worker of the pool is out of its service."""
        return any(number <= pool.workers for number in self.numbers)

    def in_place_of(self, settings: Settings) -> Settings:
        """Return the settings by which the workers that measure are planned, among others that are not used."""
        wanted = msgspec.structs.replace(self.settings, workers=max(self.numbers))
        return self._with(settings, wanted)

    def with_workers(self, settings: Settings) -> Settings:
        """Return the settings with as many workers in the pool as measure: they share the cores as those would."""
        return self._with(settings, self.settings)

    def among(
        self, own: Iterable[InstanceSpec], planned: Iterable[InstanceSpec], shares: Mapping[PoolName, int]
    ) -> tuple[InstanceSpec, ...]:
        """Return the instances of the settings with those that measure among them.

        `planned` are those of `in_place_of`, `shares` the threads of each worker by pool where a worker must not use
        all cores.
        """
        measuring = {spec.id: self._sharing(spec, shares) for spec in planned if spec.id in self.instances}
        kept = tuple(measuring.pop(spec.id, spec) for spec in own)
        return (*kept, *measuring.values())

    def _sharing(self, spec: InstanceSpec, shares: Mapping[PoolName, int]) -> InstanceSpec:
        if THREADS in self.settings.environment:
            return spec
        environment = {name: value for name, value in spec.environment.items() if name != THREADS}
        if spec.pool in shares:
            environment[THREADS] = str(shares[spec.pool])
        return msgspec.structs.replace(spec, environment=environment)

    def _with(self, settings: Settings, wanted: PoolSettings) -> Settings:
        pools = tuple(wanted if pool.name == wanted.name else pool for pool in settings.pools)
        return msgspec.structs.replace(settings, pools=pools)


def apart(one: PoolSettings, other: PoolSettings) -> bool:
    """Return whether two pools run on different cards, as their variables say: then they do not disturb each other."""
    for name in _DEVICES:
        mine, theirs = (_cards(pool.environment.get(name, "")) for pool in (one, other))
        if mine and theirs and not mine & theirs:
            return True
    return False


def _cards(value: str) -> frozenset[str]:
    return frozenset(card for one in plain(value).split(",") if (card := one.strip()))
