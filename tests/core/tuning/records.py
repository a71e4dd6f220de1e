"""Tunings as they are while they run and when they have ended, made by hand."""

from typing import Any

import msgspec

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.record import Outlook, Provenance, TuningRecord, TuningState
from ollama_panel.core.tuning.task import TuningTask, WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement, Outcome, Trial, TrialKind
from ollama_panel.core.tuning.verdict import Verdict, VerdictKind

POOL = PoolSettings(PoolName("chat"), Role.CHAT, workers=1, parallel=2, context_length=8192)
TASK = TuningTask(POOL.name, ModelName("llama3.1:8b"), workload=WorkloadKind.OWN)
PROVENANCE = Provenance(
    1_796_000_000.0,
    hardware="RTX 4090",
    memory_bytes=24 * 1024**3,
    driver="570.86",
    ollama="0.32.15",
    model="llama3.1:8b",
    digest="46e0c10c039e",
)
GIVES = {1: (118.0, 2.0, 8.5), 2: (205.0, 3.0, 9.8), 4: (331.0, 6.0, 12.1), 8: (421.0, 6.0, 19.0)}
"""By slots: tokens per second, half the interval, milliseconds per token."""
WHY = notice("tuning_report.slots", slots=8)


def measured(rate: float, half: float | None, token_ms: float, **changes: Any) -> Measurement:
    """Return what a trial has measured."""
    return msgspec.structs.replace(
        Measurement(
            Estimate(rate, half),
            Estimate(rate / 200, None if half is None else half / 200),
            first_token_p50_s=0.4,
            first_token_p95_s=0.9,
            token_p50_s=token_ms / 1000,
            token_p95_s=1.15 * token_ms / 1000,
            memory_bytes=8 * 1024**3,
            requests=96,
            seconds=45.0,
        ),
        **changes,
    )


def trial(slots: int, kind: TrialKind = TrialKind.RUNG, **changes: Any) -> Trial:
    """Return a trial of a number of slots."""
    return msgspec.structs.replace(Trial(kind, Candidate(1, slots), 16, WHY), **changes)


def outcome(slots: int, kind: TrialKind = TrialKind.RUNG, **changes: Any) -> Outcome:
    """Return the outcome of a step of the climb."""
    return Outcome(trial(slots, kind), measured(*GIVES[slots]), **changes)


RUNNING = TuningRecord(
    "2026-11-30-1",
    TASK,
    POOL,
    PROVENANCE,
    TuningState.MEASURING,
    outcomes=tuple(map(outcome, GIVES)),
    current=trial(16),
    wave=2,
    partial=Outcome(trial(16), measured(429.0, 22.0, 37.0, requests=20)),
    outlook=(
        Outlook(WHY, (Candidate(1, 6), Candidate(1, 12))),
        Outlook(WHY, (Candidate(1, 8, 1024),)),
        Outlook(WHY, (Candidate(2, 8),), skipped=notice("tuning_report.not_measured")),
    ),
    slots_that_fit=16,
    elapsed_s=250.0,
    left_s=240.0,
)
DONE = msgspec.structs.replace(
    RUNNING,
    state=TuningState.DONE,
    current=None,
    partial=None,
    outlook=(),
    outcomes=(*RUNNING.outcomes, Outcome(trial(16), measured(430.0, 9.0, 37.0))),
    verdict=Verdict(
        VerdictKind.BETTER,
        RUNNING.present,
        Candidate(1, 8),
        notice("tuning_report.slots", slots=8),
        (notice("tuning_report.batch", batch=1024),),
        before=measured(*GIVES[2]),
        after=measured(*GIVES[8]),
    ),
    left_s=None,
    ended=1_796_000_500.0,
)
