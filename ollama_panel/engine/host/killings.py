"""Whether the system ends processes because memory is short, on Linux and macOS.

Linux counts the processes that it has killed for memory, of the machine (`/proc/vmstat`, since 4.13) and of each
control group (`memory.events` of version 2, `memory.oom_control` of version 1), which everybody may read; its log, and
that of systemd-oomd, need the rights of `adm` or `systemd-journal`. macOS tells how short memory is
(`kern.memorystatus_vm_pressure_level`: 1 normal, 2 warning, 4 critical), and ends processes without a word to them.
"""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from ollama_panel.core.ollama.crashes import SystemSigns
from ollama_panel.engine.host.cgroups import ROOT, groups, text
from ollama_panel.engine.host.services import run_command

Run = Callable[[list[str], float], str | None]

_LIMIT_S = 1.0
"""Nobody restarts the server meanwhile."""

_SINCE = "--since=-60s"
_LINES = 200
_FILES = ("memory.events", "memory.oom_control")
_OOMD = "systemd-oomd"
_PRESSURE = "kern.memorystatus_vm_pressure_level"
_SHORT = 2


def count(root: Path = ROOT) -> int:
    """Return how many processes Linux has killed for memory; 0 where nothing tells. Takes a tenth of a millisecond."""
    found = [_counted(text(root / "proc/vmstat"))]
    found += [_counted(text(group / name)) for group in groups(root, "memory") for name in _FILES]
    return sum(found)


def signs(pid: int, kills: int, run: Run = run_command, system: str = sys.platform) -> SystemSigns:
    """Return what the system tells of the end of process `pid`, `kills` being the count before. Blocks for a second."""
    if system == "darwin":
        level = run(["sysctl", "-n", _PRESSURE], _LIMIT_S) or ""
        return SystemSigns(short=level.strip().isdecimal() and int(level) >= _SHORT)
    if system != "linux":
        return SystemSigns()
    journal = ["journalctl", "--quiet", "--no-pager", "--output=cat", f"--lines={_LINES}", _SINCE]
    lines = (run([*journal, "_TRANSPORT=kernel", "+", f"SYSLOG_IDENTIFIER={_OOMD}"], _LIMIT_S) or "").splitlines()
    told = tuple(line for line in lines if f"Killed process {pid} " in line or "NVRM: Xid" in line)
    pressed = any(line.startswith("Killed /") and " memory " in line for line in lines)
    return SystemSigns(oom_kills=max(0, count() - kills), short=pressed, kernel=told)


def _counted(counts: str) -> int:
    for line in counts.splitlines():
        name, _, value = line.partition(" ")
        if name == "oom_kill":
            with contextlib.suppress(ValueError):
                return int(value)
    return 0
