"""The names of the values that snapshots hold, and the colours of states."""

from PySide6.QtCore import QCoreApplication

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.effective_value import OFF, ON, PROJECTOR, UNLIMITED, Source, ValueName
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.snapshot import InstanceRecord, MemoryKind, RequestState
from ollama_panel.core.watchdog_record import WatchdogState


def instance_label(record: InstanceRecord) -> tuple[str, str]:
    """Return the name of an instance's state and its colour token."""
    if record.draining and record.phase is Phase.READY:
        return QCoreApplication.translate("phases", "Draining"), "warn"
    if record.phase in (Phase.READY, Phase.STOPPING) and record.watchdog.state in _WATCHDOG:
        return _watchdog_label(record.watchdog.state)
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


_WATCHDOG = frozenset({WatchdogState.ASKING, WatchdogState.HUNG, WatchdogState.EXHAUSTED})


def _watchdog_label(state: WatchdogState) -> tuple[str, str]:
    return {
        WatchdogState.ASKING: (QCoreApplication.translate("phases", "Silent"), "warn"),
        WatchdogState.HUNG: (QCoreApplication.translate("phases", "Hung"), "danger"),
        WatchdogState.EXHAUSTED: (QCoreApplication.translate("phases", "Hung"), "danger"),
    }[state]


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


def source_label(source: ParallelSource | Source | None) -> str:
    """Return the name of the place where a value was read, "" for None."""
    return {
        None: "",
        "log": QCoreApplication.translate("phases", "log line"),
        "command": QCoreApplication.translate("phases", "runner command line"),
        "ps": QCoreApplication.translate("phases", "list of loaded models"),
        "environment": QCoreApplication.translate("phases", "environment"),
        "ollama": QCoreApplication.translate("phases", "forced by Ollama"),
        "default": QCoreApplication.translate("phases", "default of this version"),
        "unknown": QCoreApplication.translate("phases", "unknown: 1"),
    }[source.value if source else None]


def value_label(name: ValueName) -> str:
    """Return the name of a value that is in force for a loaded model."""
    return {
        ValueName.ENGINE: QCoreApplication.translate("phases", "Engine"),
        ValueName.PARALLEL: QCoreApplication.translate("settings", "Parallel"),
        ValueName.CONTEXT: QCoreApplication.translate("phases", "Context per slot"),
        ValueName.KV_TYPE: QCoreApplication.translate("phases", "KV cache type"),
        ValueName.KV_BYTES: QCoreApplication.translate("phases", "KV cache"),
        ValueName.FLASH_ATTENTION: QCoreApplication.translate("phases", "Flash attention"),
        ValueName.LAYERS: QCoreApplication.translate("phases", "Layers on GPU"),
        ValueName.DEVICES: QCoreApplication.translate("phases", "Devices"),
        ValueName.WEIGHTS: QCoreApplication.translate("phases", "Weights"),
        ValueName.COMPUTE: QCoreApplication.translate("phases", "Compute buffers"),
        ValueName.THREADS: QCoreApplication.translate("phases", "CPU threads"),
        ValueName.PROMPT_CACHE: QCoreApplication.translate("phases", "Prompt cache, at most"),
    }[name]


def word_label(word: str) -> str:
    """Return a value that is a word: what is no word of ours, as a device, stays as it is."""
    return {
        ON: QCoreApplication.translate("phases", "on"),
        OFF: QCoreApplication.translate("phases", "off"),
        UNLIMITED: QCoreApplication.translate("phases", "unlimited"),
        PROJECTOR: QCoreApplication.translate("phases", "pictures"),
        Engine.OLLAMA.value: QCoreApplication.translate("phases", "Ollama's own"),
        Engine.LLAMA_RUNNER.value: QCoreApplication.translate("phases", "llama.cpp in Ollama"),
    }.get(word, word)
