"""A tuning as front ends see it, as it is kept on the disk, and as it goes on after a restart."""

from enum import Enum

import msgspec

from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.core.tuning.trial import Candidate, Outcome, Trial
from ollama_panel.core.tuning.verdict import Verdict


class TuningState(Enum):
    """How far a tuning is.

    PREPARING: workers are started for the next trial. WAITING: for the user's traffic to end. PAUSED: by the user, or
    because the panel has ended meanwhile. RESTORING: the former settings come back. The others have ended.
    """

    PREPARING = "preparing"
    MEASURING = "measuring"
    WAITING = "waiting"
    PAUSED = "paused"
    RESTORING = "restoring"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({TuningState.DONE, TuningState.FAILED, TuningState.CANCELLED})


class Outlook(msgspec.Struct, frozen=True):
    """What is still to come, or is left out: `what` names it, `skipped` says why it is not made, None = planned."""

    what: Notice
    candidates: tuple[Candidate, ...] = ()
    skipped: Notice | None = None


class Happening(msgspec.Struct, frozen=True):
    """Something that happened during a tuning; `at` is Unix time."""

    at: float
    what: Notice


class Provenance(msgspec.Struct, frozen=True):
    """What a measurement is valid for: "" and None = unknown. `at` is when it was made, in Unix time."""

    at: float
    hardware: str = ""
    memory_bytes: int | None = None
    driver: str = ""
    ollama: str = ""
    model: str = ""
    digest: str = ""
    power: str = ""
    panel: str = ""


class TuningRecord(msgspec.Struct, frozen=True):
    """A tuning. `settings` are those of the pool before it, which are in force again whenever it does not measure.

    `current` is the trial under way, None between trials, and `wave` the number of its wave of requests. `partial` is
    what it has measured so far. `outlook` is what is planned and what is left out. `slots_that_fit` is the memory's
    limit, None = unknown, and `beyond` says what more would need. `reason` says why it waits, is paused or has failed.
    `elapsed_s` is the time that it has measured, `left_s` what is expected to be left, both in seconds. `kills` counts
    how often the panel was killed during the trial that is next.
    """

    id: str
    task: TuningTask
    settings: PoolSettings
    provenance: Provenance
    state: TuningState = TuningState.PREPARING
    reason: Notice | None = None
    outcomes: tuple[Outcome, ...] = ()
    current: Trial | None = None
    wave: int = 0
    partial: Outcome | None = None
    outlook: tuple[Outlook, ...] = ()
    slots_that_fit: int | None = None
    beyond: Notice | None = None
    interruptions: int = 0
    happenings: tuple[Happening, ...] = ()
    conditions: tuple[Notice, ...] = ()
    verdict: Verdict | None = None
    elapsed_s: float = 0.0
    left_s: float | None = None
    ended: float | None = None
    kills: int = 0

    @property
    def under_way(self) -> bool:
        """Whether trials are made, or wait for the user's traffic to end."""
        return self.state is not TuningState.PAUSED and self.state not in ENDED

    @property
    def to_come(self) -> tuple[Outlook, ...]:
        """What is planned after the trial under way, and what is left out; one that has ended plans nothing."""
        current = None if self.current is None else self.current.candidate
        ended = self.state in ENDED
        return tuple(
            one for one in self.outlook if one.skipped is not None or not (ended or set(one.candidates) == {current})
        )

    @property
    def present(self) -> Candidate:
        """The candidate that the pool has without the tuning."""
        return Candidate.of(self.settings)


class TuningPreview(msgspec.Struct, frozen=True):
    """What a tuning would do: about how many trials it makes, and about how many minutes it measures and loads.

    `own_requests` are those of the last week from which `WorkloadKind.OWN` would be made, None = unknown.
    `lines` say what happens meanwhile, and `cautions` what would disturb the measurements now. `problem` says why it is
    not possible, None = it is. `resumes` is the id of the tuning that would go on, "" = a new one begins.
    """

    trials: int = 0
    minutes: float = 0.0
    slots_that_fit: int | None = None
    beyond: Notice | None = None
    outlook: tuple[Outlook, ...] = ()
    lines: tuple[Notice, ...] = ()
    cautions: tuple[Notice, ...] = ()
    problem: Notice | None = None
    resumes: str = ""
    own_requests: int | None = None
