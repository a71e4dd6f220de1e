"""Trials on synthetic systems: what they measure with noise, what they cost, and what the best candidate gives."""

from collections.abc import Iterator
from math import exp, sqrt
from random import Random

import msgspec

from ollama_panel.core.tuning.space import BATCHES, MOST_WORKERS, STEPS
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial
from ollama_panel.lab.tuner_systems import Gives, System

P95 = 1.2
"""The 95th percentile of times in medians: closed loops are steady."""
TOLERANCE = 1.05
"""How far the choice may break a bound before it counts for nothing: the noise of a trial decides that much."""
NORMAL = 1.96
"""Half the width of a 95 % interval in standard deviations."""


class Question(msgspec.Struct, frozen=True):
    """A system, and the bound of the time per token at p95 in seconds, None = any; `caches` are what may be tried."""

    system: System
    bound_s: float | None = None
    caches: tuple[str, ...] = ("f16",)

    def fits(self, candidate: Candidate) -> bool:
        """Return whether a candidate fits into the memory."""
        return self.system.needed(candidate) <= self.system.budget

    def candidates(self) -> Iterator[Candidate]:
        """Yield the whole grid, as far as it fits."""
        for slots in (1,) if self.system.serial else STEPS:
            for workers in range(1, MOST_WORKERS + 1):
                for batch in (0, *BATCHES):
                    for cache_type in self.caches:
                        candidate = Candidate(workers, slots, batch, cache_type)
                        if self.fits(candidate):
                            yield candidate

    def most(self) -> float:
        """Return the tokens per second of the best of all candidates within the bound, 0 if none keeps it."""
        gives = map(self.system.gives, self.candidates())
        return max((it.tokens_per_s for it in gives if self.keeps(it)), default=0.0)

    def keeps(self, gives: Gives, tolerance: float = 1.0) -> bool:
        """Return whether a candidate keeps the bound."""
        return self.bound_s is None or gives.token_s * P95 <= self.bound_s * tolerance

    def share(self, chosen: Candidate, most: float) -> float:
        """Return the share of the most that a choice gives; one that does not fit or breaks the bound gives nothing."""
        gives = self.system.gives(chosen)
        return gives.tokens_per_s / most if self.fits(chosen) and self.keeps(gives, TOLERANCE) else 0.0


class Meter:
    """Measures candidates of a system with errors of `noise`, a relative standard deviation, and counts what it costs.

    A measurement of `turns` is so many times as long. `trials` are those made, `turns` what they took together in
    single measurements: a pair in turns takes four. `loads` are how often a model was loaded.
    """

    def __init__(self, system: System, noise: float, random: Random) -> None:
        """Begin with nothing loaded."""
        self._system = system
        self._noise = noise
        self._random = random
        self._loaded: Candidate | None = None
        self.trials = self.turns = self.loads = 0

    def single(self, candidate: Candidate) -> Measurement:
        """Measure a candidate with a load of its own."""
        self.trials += 1
        self._load(candidate)
        return self._measured(candidate, 1)

    def outcome(self, trial: Trial) -> Outcome:
        """Make a trial of the planner."""
        self.trials += 1
        if trial.fresh:
            self._loaded = None
        loaded = msgspec.structs.replace(trial.candidate, parallel=trial.load_parallel)
        if trial.against is None:
            self._load(loaded)
            return Outcome(trial, self._measured(trial.candidate, 2 if trial.longer else 1))
        for one in (trial.against, loaded, trial.against):
            self._load(one)
        return Outcome(trial, self._measured(trial.candidate, 2), against=self._measured(trial.against, 2))

    def _load(self, candidate: Candidate) -> None:
        self.loads += candidate != self._loaded
        self._loaded = candidate

    def _measured(self, candidate: Candidate, turns: int) -> Measurement:
        self.turns += turns
        gives, noise = self._system.gives(candidate), self._noise / sqrt(turns)
        error = exp(self._random.gauss(0, noise))
        rate, token_s, first_s = gives.tokens_per_s * error, gives.token_s / error, gives.first_token_s / error
        return Measurement(
            Estimate(rate, NORMAL * noise * rate),
            Estimate(rate / self._system.answer, NORMAL * noise * rate / self._system.answer),
            first_s,
            first_s * P95,
            token_s,
            token_s * P95,
            memory_bytes=self._system.needed(candidate),
            busy_percent=gives.busy_percent,
            requests=50 * turns,
            seconds=30.0 * turns,
        )
