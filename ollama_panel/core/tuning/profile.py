"""Profiles: named, complete settings of a pool, with where they are from."""

from enum import Enum

import msgspec

from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.settings.tree_values import Label
from ollama_panel.core.tuning.record import Provenance
from ollama_panel.core.tuning.task import Goal, WorkloadKind
from ollama_panel.core.tuning.trial import Measurement, Outcome
from ollama_panel.core.tuning.verdict import Verdict


class ProfileSource(Enum):
    """Who has made a profile."""

    TUNED = "tuned"
    HAND = "hand"
    IMPORTED = "imported"


class Profile(msgspec.Struct, frozen=True):
    """A profile: `settings` is the whole pool without its secrets; its name is that of the pool for which it was made.

    Of a tuned one: the goal, the workload, all that was tried (`outcomes`) and the verdict; `tuning` is the id.
    """

    name: Label
    settings: PoolSettings
    source: ProfileSource
    provenance: Provenance
    goal: Goal | None = None
    workload: WorkloadKind | None = None
    outcomes: tuple[Outcome, ...] = ()
    verdict: Verdict | None = None
    tuning: str = ""


class ProfileRecord(msgspec.Struct, frozen=True):
    """A profile as lists show it: all but what was tried, which `Profile` has. `measured` is what its settings gave."""

    name: str
    settings: PoolSettings
    source: ProfileSource
    provenance: Provenance
    goal: Goal | None = None
    workload: WorkloadKind | None = None
    measured: Measurement | None = None

    @classmethod
    def of(cls, profile: Profile) -> "ProfileRecord":
        """Return what lists show of a profile."""
        return cls(
            name=profile.name,
            settings=profile.settings,
            source=profile.source,
            provenance=profile.provenance,
            goal=profile.goal,
            workload=profile.workload,
            measured=None if profile.verdict is None else profile.verdict.after,
        )
