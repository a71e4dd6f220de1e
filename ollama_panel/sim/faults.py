"""Fault injection: `--fault slow-start=5 --fault ignore-signals` or OLLAMA_SIM_FAULTS="slow-start=5,ignore-signals"."""

import msgspec

from ollama_panel.sim.machine.work import MachineFaults


class Faults(msgspec.Struct, frozen=True):
    """The faults of one server; numbers are seconds or counts, 0 or False means that the fault is off."""

    slow_start: float = 0.0
    die_at_once: bool = False
    ignore_signals: bool = False
    crash_after: int = 0
    hang_after: int = 0
    busy_first: int = 0
    machine: MachineFaults = MachineFaults()


HELP = {
    "slow-start=S": "listen at once, but answer only after S seconds",
    "die-at-once": "print an error and exit with 1",
    "ignore-signals": "ignore SIGTERM and SIGINT",
    "crash-after=N": "die as from SIGKILL when inference request N+1 arrives",
    "hang-after=N": "after N inference requests stop answering, on all routes",
    "busy-first=N": "answer the first N inference requests with Ollama's 503",
    "runner-dies-after=N": "the runner dies once, after it has produced N tokens",
    "oom-on-load=N": "the first N loads run out of memory",
    "stall-load=N": "the first N loads hang until OLLAMA_LOAD_TIMEOUT",
    "stall-after=N": "after N inference requests the GPU makes no more progress; other routes answer",
    "slow-disk=X": "reading weights takes X times as long",
}
"""The help text of every fault by its syntax."""

_SERVER = {"slow-start": float, "crash-after": int, "hang-after": int, "busy-first": int}
_MACHINE = {
    "runner-dies-after": ("runner_dies_after", int),
    "oom-on-load": ("oom_loads", int),
    "stall-load": ("stalled_loads", int),
    "stall-after": ("stall_after", int),
    "slow-disk": ("slow_disk", float),
}


def read(text: str) -> Faults:
    """Read a comma-separated list. Raises ValueError with a sentence if a fault is not known."""
    server: dict[str, float | int | bool] = {}
    machine: dict[str, float | int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        try:
            if name in ("ignore-signals", "die-at-once") and not value:
                server[name.replace("-", "_")] = True
            elif name in _SERVER:
                server[name.replace("-", "_")] = _SERVER[name](value or "1")
            else:
                field, kind = _MACHINE[name]
                machine[field] = kind(value or "1")
        except (KeyError, ValueError):
            raise ValueError(f"The fault {part!r} is not known; the faults are {', '.join(HELP)}.") from None
    return msgspec.convert({**server, "machine": machine}, Faults)
