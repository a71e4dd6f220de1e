"""What is known of a loaded model and its server, and how a value is made of it."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.effective_value import UNITS, EffectiveValue, Source, Unit, Value, ValueName
from ollama_panel.core.ollama.engines import Engine, engine_of
from ollama_panel.core.ollama.environment_kinds import plain
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, Runner, RunnerRegistry
from ollama_panel.core.ollama.serverlog_facts import RunnerStarting
from ollama_panel.core.ollama.slog import number
from ollama_panel.core.ollama.versions import NO_VERSION, numbers

LOG_ONLY, LOG_SILENT = notice("value.log_unread"), notice("value.log_silent")
MLX_SILENT, UNEXPLAINED = notice("value.mlx_silent"), notice("value.unexplained")


class ServerEvidence(msgspec.Struct, frozen=True):
    """What is known of a server: the runners in its log, and the command lines of the running ones by blob (`seen`).

    `environment` is None if nothing of it is known, and has all of it if `complete`. `version` is Ollama's. `log_read`:
    the panel reads the server's log.
    """

    registry: RunnerRegistry = RunnerRegistry()
    seen: Mapping[str, RunnerStarting] = {}
    environment: Mapping[str, str] | None = None
    version: str = ""
    complete: bool = True
    log_read: bool = True


class Evidence(msgspec.Struct, frozen=True):
    """What the sources say of one loaded model.

    `runner` is what the log says, `running` the command line of its process; None = nothing. `environment` is that of
    the server, None if nothing of it is known, `complete` if a variable that it lacks is not set. `log_read`: the panel
    reads the server's log.
    """

    model: LoadedModel
    facts: ModelFacts
    runner: Runner | None = None
    running: RunnerStarting | None = None
    environment: Mapping[str, str] | None = None
    version: str = ""
    complete: bool = True
    log_read: bool = True

    @property
    def engine(self) -> Engine | None:
        """The program that runs the model; None if neither runner nor version tell."""
        named = (self.runner and self.runner.engine) or (self.running and self.running.engine)
        if named:
            return named
        if self.facts.format == "safetensors":
            return Engine.MLX
        return engine_of(self.facts, self.version) if numbers(self.version) > NO_VERSION else None

    @property
    def command(self) -> RunnerStarting | None:
        """The command line of the runner's process if it has the options, not only the model."""
        return self.running if self.running is not None and self.running.context is not None else None

    @property
    def silence(self) -> Notice:
        """Why a value is unknown that only the log tells."""
        if self.engine is Engine.MLX:
            return MLX_SILENT
        return LOG_SILENT if self.log_read and self.runner is not None else LOG_ONLY

    def variable(self, name: str) -> str:
        """Return a variable of the server, "" if it is unset or unknown."""
        return plain((self.environment or {}).get(name, ""))

    def count(self, name: str) -> int | None:
        """Return a variable that is a whole number, None if it is none."""
        return number(self.variable(name))


def first(*candidates: tuple[Any, Source]) -> tuple[Any, Source | None]:
    """Return the first value that is known, and where it was read."""
    return next(((found, source) for found, source in candidates if found is not None), (None, None))


def value(
    name: ValueName,
    found: tuple[Value, Source | None],
    *,
    wanted: Value = None,
    unknown: Notice,
    differs: Notice | None = None,
    **more: Any,
) -> EffectiveValue:
    """Return a value: with `unknown` if it was not found, with `differs` if it is not the wanted one."""
    effective, source, why_not = *found, None
    if effective is None:
        why_not, source = unknown, None
    elif wanted is not None and wanted != effective:
        why_not = differs or UNEXPLAINED
    return EffectiveValue(name, UNITS.get(name, Unit.NONE), wanted, effective, source, why_not, **more)


def first_reason(reasons: Iterable[tuple[object, Notice]]) -> Notice | None:
    """Return the first reason that applies."""
    return next((reason for applies, reason in reasons if applies), None)
