"""Tunings in every state, and the snapshots with them."""

from typing import Any

import msgspec
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.record import TuningPreview, TuningRecord, TuningState
from ollama_panel.core.tuning.trial import Outcome
from tests.core.tuning.records import DONE, POOL, RUNNING, trial
from tests.gui.snapshots import SETTINGS, snapshot

REASON = notice("tuning.unknown", tuning="x")
LATER = notice("tuning.waits_until", times=3, time="03:00")
PREVIEW = TuningPreview(trials=9, minutes=8.0, slots_that_fit=16, own_requests=312)
FAILED = msgspec.structs.replace(
    RUNNING,
    id="failed",
    state=TuningState.FAILED,
    current=None,
    partial=None,
    outlook=(),
    reason=REASON,
    outcomes=(*RUNNING.outcomes, Outcome(trial(16), problem=REASON)),
    ended=1_796_000_500.0,
)
CANCELLED = msgspec.structs.replace(FAILED, id="cancelled", state=TuningState.CANCELLED, reason=None)
OLDER = msgspec.structs.replace(
    DONE, id="older", provenance=msgspec.structs.replace(DONE.provenance, at=1_795_000_000.0, ollama="0.31.4")
)
STATES = {
    "preparing": msgspec.structs.replace(
        RUNNING, state=TuningState.PREPARING, outcomes=(), current=None, partial=None, wave=0, left_s=None
    ),
    "loading": msgspec.structs.replace(RUNNING, state=TuningState.PREPARING, wave=0, partial=None),
    "measuring": RUNNING,
    "waiting": msgspec.structs.replace(RUNNING, state=TuningState.WAITING, reason=REASON, interruptions=1),
    "waiting for a quiet time": msgspec.structs.replace(
        RUNNING, state=TuningState.WAITING, reason=LATER, interruptions=3
    ),
    "paused": msgspec.structs.replace(RUNNING, state=TuningState.PAUSED, reason=REASON),
    "restoring": msgspec.structs.replace(RUNNING, state=TuningState.RESTORING, current=None, partial=None),
}
ENDS = {"done": DONE, "failed": FAILED, "cancelled": CANCELLED}


def with_tuning(record: TuningRecord | None, **changes: Any) -> Snapshot:
    """Return a snapshot of a panel whose chat pool is the one that was tuned."""
    settings = msgspec.structs.replace(SETTINGS, pools=(POOL, *SETTINGS.pools[1:]))
    return snapshot(settings=settings, tuning=record, **changes)


def place(widget: QWidget, of: QWidget) -> tuple[int, int, int, int]:
    """Return where a widget is in another one, and its size."""
    corner = widget.mapTo(of, QPoint())
    return corner.x(), corner.y(), widget.width(), widget.height()
