"""The words of the drill: its faults, its verdicts, and the seconds of its steps."""

from PySide6.QtCore import QCoreApplication

from ollama_panel.core.drill import DrillFault, DrillRecord, DrillState, DrillStep
from ollama_panel.gui import format as fmt


def fault_label(fault: DrillFault) -> str:
    """Return the name of a fault."""
    return {
        DrillFault.KILL: QCoreApplication.translate("drill", "Kill the server"),
        DrillFault.HANG: QCoreApplication.translate("drill", "Hang the server"),
        DrillFault.RUNNER_HANG: QCoreApplication.translate("drill", "Hang the model's process"),
        DrillFault.SLOW: QCoreApplication.translate("drill", "Slow it down"),
    }[fault]


def fault_meaning(fault: DrillFault) -> str:
    """Return what a fault is, and what the panel should do."""
    return {
        DrillFault.KILL: QCoreApplication.translate("drill", "Its process ends at once, as after a crash."),
        DrillFault.HANG: QCoreApplication.translate("drill", "Its process stands still and answers nothing."),
        DrillFault.RUNNER_HANG: QCoreApplication.translate(
            "drill", "The server answers, but its process for the model does not."
        ),
        DrillFault.SLOW: QCoreApplication.translate("drill", "It works on slowly: the panel should leave it alone."),
    }[fault]


def verdict(step: DrillStep, state: DrillState) -> tuple[str, str]:
    """Return what came of a fault, and the colour token of that."""
    if step.passed is not None:
        passed = QCoreApplication.translate("drill", "passed"), "ok"
        return passed if step.passed else (QCoreApplication.translate("drill", "failed"), "danger")
    if state is not DrillState.RUNNING:
        return QCoreApplication.translate("drill", "not done"), "muted"
    if step.began is None:
        return QCoreApplication.translate("drill", "to come"), "muted"
    return QCoreApplication.translate("drill", "under way…"), "warn"


def noticed(step: DrillStep, record: DrillRecord, now: float) -> str:
    """Return after how long the panel has noticed a fault; one that is not to be noticed has no such time."""
    if step.false_alarm:
        return QCoreApplication.translate("drill", "false alarm")
    if step.fault is DrillFault.SLOW:
        return fmt.UNKNOWN
    return _time(step.detected_s, step, record, now)


def recovered(step: DrillStep, record: DrillRecord, now: float) -> str:
    """Return after how long the instance has served again."""
    if step.fault is DrillFault.SLOW and step.recovered_s is None:
        return fmt.UNKNOWN
    return _time(step.recovered_s, step, record, now)


def score_tone(score: int) -> str:
    """Return the colour token of a score."""
    return "ok" if score >= 90 else "warn" if score >= 60 else "danger"


def _time(seconds: float | None, step: DrillStep, record: DrillRecord, now: float) -> str:
    """Return seconds, or while they count what has gone by."""
    if seconds is not None:
        return fmt.duration(seconds)
    if step.began is None or step.passed is not None or record.state is not DrillState.RUNNING:
        return fmt.UNKNOWN
    return QCoreApplication.translate("drill", "{time}…").format(time=fmt.about(max(0.0, now - step.began)))
