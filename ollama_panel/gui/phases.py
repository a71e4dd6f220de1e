"""The names of the values that snapshots hold, and the colours of states."""

from PySide6.QtCore import QCoreApplication

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.snapshot import InstanceRecord, MemoryKind, RequestState


def instance_label(record: InstanceRecord) -> tuple[str, str]:
    """Return the name of an instance's state and its colour token."""
    if record.draining and record.phase is Phase.READY:
        return QCoreApplication.translate("phases", "Draining"), "warn"
    if record.silent and record.phase is Phase.READY:
        return QCoreApplication.translate("phases", "Stalled"), "danger"
    return {
        Phase.STOPPED: (QCoreApplication.translate("phases", "Stopped"), "muted"),
        Phase.STARTING: (QCoreApplication.translate("phases", "Starting"), "warn"),
        Phase.READY: (QCoreApplication.translate("phases", "Running"), "ok"),
        Phase.BACKOFF: (QCoreApplication.translate("phases", "Retrying"), "warn"),
        Phase.STOPPING: (QCoreApplication.translate("phases", "Stopping"), "warn"),
        Phase.FAILED: (QCoreApplication.translate("phases", "Failed"), "danger"),
    }[record.phase]


def request_label(state: RequestState) -> tuple[str, str]:
    """Return the name of a request's state and its colour token."""
    return {
        RequestState.WAITING: (QCoreApplication.translate("phases", "Waiting"), "info"),
        RequestState.LOADING: (QCoreApplication.translate("phases", "Loading"), "warn"),
        RequestState.RUNNING: (QCoreApplication.translate("phases", "Running"), "ok"),
        RequestState.DONE: (QCoreApplication.translate("phases", "Done"), "muted"),
        RequestState.FAILED: (QCoreApplication.translate("phases", "Failed"), "danger"),
        RequestState.REFUSED: (QCoreApplication.translate("phases", "Refused"), "danger"),
        RequestState.CANCELLED: (QCoreApplication.translate("phases", "Cancelled"), "muted"),
    }[state]


def memory_label(kind: MemoryKind | None) -> str:
    """Return the name of a kind of memory."""
    return {
        None: QCoreApplication.translate("phases", "Memory"),
        MemoryKind.GPU: QCoreApplication.translate("phases", "GPU memory"),
        MemoryKind.UNIFIED: QCoreApplication.translate("phases", "Unified memory"),
        MemoryKind.SYSTEM: QCoreApplication.translate("phases", "System memory"),
    }[kind]


def source_label(source: ParallelSource | None) -> str:
    """Return the name of the place where a number of slots was read, "" for None."""
    return {
        None: "",
        ParallelSource.LOG: QCoreApplication.translate("phases", "log line"),
        ParallelSource.COMMAND: QCoreApplication.translate("phases", "runner command line"),
        ParallelSource.ENVIRONMENT: QCoreApplication.translate("phases", "environment"),
        ParallelSource.OLLAMA: QCoreApplication.translate("phases", "forced by Ollama"),
        ParallelSource.UNKNOWN: QCoreApplication.translate("phases", "unknown: 1"),
    }[source]
