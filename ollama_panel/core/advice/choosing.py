"""Which models a pool should serve, and with which settings: what was asked, and what of it fits."""

from collections.abc import Sequence
from typing import NamedTuple

from ollama_panel.core.advice import plans
from ollama_panel.core.advice.asked import Case, Reasons, asked_for
from ollama_panel.core.advice.plans import Asked, Candidate
from ollama_panel.core.advice.uses import PACE
from ollama_panel.core.ollama.models import ModelFacts


class Chosen(NamedTuple):
    """The models of a pool, what was asked for them, why, and what fits; None = nothing does."""

    models: tuple[ModelFacts, ...]
    asked: Asked
    reasons: Reasons
    choice: Candidate | None

    @property
    def is_complete(self) -> bool:
        """Whether what fits has all answers at once, and one of the two best contexts."""
        choice = self.choice
        return self.is_enough and choice is not None and choice.workers * choice.parallel >= self.asked.at_once

    @property
    def is_enough(self) -> bool:
        """Whether what fits is complete but for workers of a model that runs singly: these only take turns."""
        choice = self.choice
        if choice is None or choice.context not in self.asked.contexts[:2]:
            return False
        return self.reasons.serial is not None or choice.workers * choice.parallel >= self.asked.at_once


def tried(case: Case, models: Sequence[ModelFacts]) -> Chosen:
    """Return what should be set for these models together."""
    beside = 1 if case.needs.embeddings else 0
    asked, reasons = asked_for(case, models, beside)
    return Chosen(tuple(models), asked, reasons, fit(case, models, asked))


def fit(case: Case, models: Sequence[ModelFacts], asked: Asked) -> Candidate | None:
    """Return the best choice of what was asked that fits, None if there is none."""
    return plans.first_fit(case.machine, case.needs.role, models, asked, case.others)


def best_of(case: Case, models: Sequence[ModelFacts]) -> Chosen:
    """Return the largest of at least one model that has enough and is quick enough, else what comes nearest.

    `models` are the largest first. If none is quick enough, it is the smallest; if none has enough, the smallest that
    fits at all: so more memory never gives a smaller model.
    """
    every = [tried(case, (one,)) for one in models]
    enough = [one for one in every if one.is_enough]
    quick = [one for one in enough if _is_quick(case, one.models[0])]
    fitting = [one for one in every if one.choice is not None]
    return (quick or enough[-1:] or fitting[-1:] or every[-1:])[0]


def _is_quick(case: Case, facts: ModelFacts) -> bool:
    alone = case.speed(facts, 1).alone
    return alone is None or alone >= PACE or not case.needs.paced
