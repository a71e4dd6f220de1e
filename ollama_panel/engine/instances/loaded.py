"""The owner of what is known of one instance's loaded models: from its log, its runners and its environment."""

from collections.abc import Mapping

from ollama_panel.core.effective import with_values
from ollama_panel.core.effective.evidence import ServerEvidence
from ollama_panel.core.ollama.environment_kinds import PRINTED_UNSET
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import (
    LoadedModel,
    ParallelSource,
    RunnerRegistry,
    configured_parallel,
    loaded_models,
)
from ollama_panel.core.ollama.serverlog import parallel_of
from ollama_panel.core.ollama.serverlog_facts import Configured, Fact, RunnerStarting
from ollama_panel.engine.instances.health_check import Answered


class LoadedModels:
    """Makes the records of the loaded models; while nothing changes, they stay the same objects.

    `known` are variables of an adopted server that its process does not tell, from its log or its unit.
    """

    def __init__(self) -> None:
        self._registry = RunnerRegistry()
        self._own: Mapping[str, str] | None = None
        self._log_read = False
        self._wanted: int | None = None
        self._made_of: tuple[object, ...] = ()
        self._models: tuple[LoadedModel, ...] = ()
        self.known: Mapping[str, str] = {}

    @property
    def parallel(self) -> tuple[int, ParallelSource]:
        """The slots that the environment asks for, and where that was read."""
        return configured_parallel(self._wanted)

    @property
    def environment(self) -> Mapping[str, str] | None:
        """The environment that the process was started with, None = another's process."""
        return self._own

    def started(self, environment: Mapping[str, str]) -> None:
        """Begin anew: the instance is started with this environment, and its log will be read."""
        self._registry, self._own, self._wanted = RunnerRegistry(), environment, parallel_of(environment)
        self._log_read = True

    def heard(self, fact: Fact) -> None:
        """Take a fact from the log."""
        if isinstance(fact, Configured):
            self._wanted = parallel_of(fact.environment)
        self._registry = self._registry.after(fact)

    def read_log(self, registry: RunnerRegistry) -> None:
        """Take what the log of an adopted server says of its runners, as far as it was read."""
        self._registry, self._log_read = registry, True

    def answered(self, answer: Answered, facts: Mapping[str, ModelFacts]) -> tuple[LoadedModel, ...]:
        """Return the loaded models, from an answer of the instance; `facts` are by digest."""
        environment, complete = self._own, True
        if environment is None:
            environment, complete = self._of_adopted(answer.process_tree.environment)
        seen = answer.process_tree.runners
        registry = self._registry if self._own is not None else _of_running(self._registry, seen)
        told = {entry.digest: facts[entry.digest] for entry in answer.entries if entry.digest in facts}
        server = ServerEvidence(registry, seen, environment, answer.version, complete, self._log_read)
        inputs = (answer.entries, told, server, self._wanted)
        if inputs != self._made_of:
            models = loaded_models(answer.entries, facts, registry, seen, self._wanted)
            self._models = with_values(models, answer.entries, facts, server)
            self._made_of = inputs
        return self._models

    def _of_adopted(self, read: Mapping[str, str] | None) -> tuple[Mapping[str, str] | None, bool]:
        """Return the environment of an adopted server, None = unknown, and whether nothing can be missing.

        What a log or a unit tells has no variables of runners; the log prints unset ones like those that are off.
        """
        self._wanted = parallel_of({**self.known, **(read or {})})
        if read is not None:
            return {**self.known, **read}, True
        told = {name: value for name, value in self.known.items() if value.lower() not in PRINTED_UNSET}
        return told or None, False


def _of_running(registry: RunnerRegistry, seen: Mapping[str, RunnerStarting]) -> RunnerRegistry:
    """Return a registry without the runners that have other command lines now: the log may end before the last load."""
    runners = {
        blob: runner
        for blob, runner in registry.runners.items()
        if blob not in seen or seen[blob].context in (None, runner.context)
    }
    return registry if runners == registry.runners else RunnerRegistry(runners)
