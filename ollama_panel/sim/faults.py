"""What can go wrong on purpose: `--fault slow-start=5 --fault deaf` or OLLAMA_SIM_FAULTS="slow-start=5,deaf"."""

import msgspec

from ollama_panel.sim.machine.work import MachineFaults


class Faults(msgspec.Struct, frozen=True):
    """The faults of one server; numbers are seconds or counts, 0 or False = not."""

    slow_start: float = 0.0
    die_at_once: bool = False
    deaf: bool = False
    crash_after: int = 0
    hang_after: int = 0
    busy_first: int = 0
    machine: MachineFaults = MachineFaults()


HELP = {
    "slow-start=S": "listen at once, answer only after S seconds",
    "die-at-once": "print an error and exit with 1",
    "deaf": "ignore SIGTERM and SIGINT",
    "crash-after=N": "die like SIGKILL when inference request N+1 arrives",
    "hang-after=N": "after N inference requests answer nothing any more, on no route",
    "busy-first=N": "answer the first N inference requests with Ollama's 503",
    "runner-dies-after=N": "the runner dies once, when it has produced N tokens",
    "oom-on-load=N": "the first N loads run out of memory",
    "stall-load=N": "the first N loads never end (OLLAMA_LOAD_TIMEOUT does)",
    "stall-after=N": "after N inference requests the GPU stands still; other routes answer",
    "slow-disk=X": "reading weights takes X times as long",
}
"""Every fault by the way it is written, for `--help`."""

_SERVER = {"slow-start": float, "crash-after": int, "hang-after": int, "busy-first": int}
_MACHINE = {
    "runner-dies-after": ("runner_dies_after", int),
    "oom-on-load": ("oom_loads", int),
    "stall-load": ("stalled_loads", int),
    "stall-after": ("stall_after", int),
    "slow-disk": ("slow_disk", float),
}


def read(text: str) -> Faults:
    """Read a comma-separated list. Raises ValueError with a sentence for one that is not known."""
    server: dict[str, float | int | bool] = {}
    machine: dict[str, float | int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        try:
            if name in ("deaf", "die-at-once") and not value:
                server[name.replace("-", "_")] = True
            elif name in _SERVER:
                server[name.replace("-", "_")] = _SERVER[name](value or "1")
            else:
                field, kind = _MACHINE[name]
                machine[field] = kind(value or "1")
        except (KeyError, ValueError):
            raise ValueError(f"The fault {part!r} is not known; the faults are {', '.join(HELP)}.") from None
    return msgspec.convert({**server, "machine": machine}, Faults)
