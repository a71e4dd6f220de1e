"""Which drills are possible, what passes, and how many points it gives. Pure.

A fault has up to 100 points; the score is the mean of the faults that were carried out. SLOW has 100 if the panel left
the instance alone and no request was lost, else none. The others have

* 40 for the detection: all within `GOOD_S` of the fault, then in proportion less, none at its limit (`limit_s`);
* 40 if no request was lost; else 20 times the share that was not: one lost request is what a queue is there to avoid;
* 20 if the instance served again within the limit.

A fault is passed if it was noticed, no request was lost, and the instance served again. Requests of which a part had
been sent already (`broken`) cost nothing: nobody can take back what a client has read.
"""

from collections.abc import Iterable, Sequence

from ollama_panel.core.drill import DrillFault, DrillStep
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts, is_embedding
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.watchdog_record import WatchdogRecord, WatchdogState

GOOD_S = {DrillFault.KILL: 2.0, DrillFault.HANG: 15.0, DrillFault.RUNNER_HANG: 30.0}
"""Seconds to notice a fault in which nobody loses patience: at once; three silent checks; a silent answer."""

SLOW_S = 8.0
"""For how long an instance is slowed down."""

_LIMITS_S = {DrillFault.KILL: 60.0, DrillFault.HANG: 120.0}
_BESIDES_S = 90.0
"""What a restart takes at most besides the silence."""


def limit_s(fault: DrillFault, hung_after_s: float) -> float:
    """Return the seconds that a fault may last; a runner may be silent for `hung_after_s` before it is asked."""
    if fault is DrillFault.SLOW:
        return SLOW_S
    return _LIMITS_S.get(fault, hung_after_s + _BESIDES_S)


def noticed(now: InstanceRecord | None, watchdog: WatchdogRecord, before: InstanceRecord) -> bool:
    """Return whether the panel takes an instance for dead, hung or silent, or has replaced its process.

    `before` is its record before the fault, None that it is gone.
    """
    if now is None or now.phase is not Phase.READY or now.silent or now.pid != before.pid:
        return True
    return watchdog.state in (WatchdogState.HUNG, WatchdogState.EXHAUSTED)


def passed(step: DrillStep) -> bool:
    """Return whether the panel did what it should."""
    if step.fault is DrillFault.SLOW:
        return not step.false_alarm and not step.lost
    return step.detected_s is not None and step.recovered_s is not None and not step.lost


def points(step: DrillStep, limit: float) -> float:
    """Return the points of a fault that was carried out within `limit` seconds, 0 to 100."""
    if step.fault is DrillFault.SLOW:
        return 100.0 if passed(step) else 0.0
    good = GOOD_S[step.fault]
    noticed = 0.0
    if step.detected_s is not None:
        noticed = 40.0 * min(1.0, max(0.0, (limit - step.detected_s) / (limit - good)))
    kept = 40.0 if not step.lost else 20.0 * (1 - step.lost / max(step.sent, step.lost))
    return noticed + kept + (20.0 if step.recovered_s is not None else 0.0)


def score(steps: Iterable[DrillStep], hung_after_s: float) -> int | None:
    """Return the score of all faults that were carried out, None if none was."""
    found = [points(one, limit_s(one.fault, hung_after_s)) for one in steps if one.passed is not None]
    return round(sum(found) / len(found)) if found else None


def answering(models: Sequence[ModelFacts]) -> tuple[ModelFacts, ...]:
    """Return the models that can be drilled with, the smallest first: those that answer chats on this machine."""
    found = [one for one in models if one.size and not is_embedding(one) and not one.remote]
    return tuple(sorted(found, key=lambda one: (one.size, one.name)))


def smallest(models: Sequence[ModelFacts]) -> ModelFacts | None:
    """Return the model that is drilled with: the smallest that answers, None if there is none."""
    return next(iter(answering(models)), None)
