"""What a tuning is made for, and what it needs of the engine."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.placement import Placement
from ollama_panel.core.tuning.record import Outlook, TuningRecord
from ollama_panel.core.tuning.trial import Outcome, Trial
from ollama_panel.core.tuning.verdict import Verdict
from ollama_panel.engine.tuning.bench import Bench
from ollama_panel.engine.tuning.journal import Journal
from ollama_panel.engine.tuning.traffic import Traffic
from ollama_panel.engine.tuning.workers import TrialWorkers


class Plan(Protocol):
    """What decides which trials are made: `core.tuning.planner.Planner`."""

    def expected(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> int:
        """Return about how many trials there will be, with those that were made."""
        ...

    def next(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> Trial | Verdict:
        """Return the next trial, or the verdict."""
        ...

    def outlook(self, outcomes: Sequence[Outcome], elapsed_s: float = 0.0) -> tuple[Outlook, ...]:
        """Return what is planned after these trials, and what is left out."""
        ...


@dataclass(frozen=True, slots=True)
class Setup:
    """What a course is made for. `pool` are the settings in force.

    `needed` returns the bytes that the workers of a placement need, None = unknown. `model_gone` returns that the model
    is not in the store any more, None = it is there, as far as is known.
    """

    pool: PoolSettings
    plan: Plan
    bench: Bench
    needed: Callable[[Placement], int | None]
    model_gone: Callable[[], Awaitable[Notice | None]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all courses of a run have in common. `now` is the engine's clock, `wall` is Unix time, both in seconds.

    `show` gets every new state of the record. `quiet_hour` returns the hour of the day with the least traffic.
    """

    workers: TrialWorkers
    traffic: Traffic
    journal: Journal
    show: Callable[[TuningRecord], None]
    gpu: Callable[[], bool]
    now: Callable[[], float]
    wall: Callable[[], float]
    quiet_hour: Callable[[], Awaitable[int]]
