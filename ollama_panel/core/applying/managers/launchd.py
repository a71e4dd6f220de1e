"""launchd on macOS: an agent of the user for each worker."""

import shlex
from collections.abc import Sequence

import msgspec

from ollama_panel.core.applying.managers import Placed
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import Notice, notice

_DOMAIN = "gui/$(id -u)"
_PLIST = ".plist"
LOOK = r"""
pid=$(launchctl print %(target)s 2>/dev/null | sed -n 's/^[[:space:]]*pid = //p' | head -n 1)
if ! launchctl print %(target)s >/dev/null 2>&1; then state=gone
elif [ "${pid:-0}" -gt 0 ] 2>/dev/null; then state=active
else state=starting
fi
printf '\n@@state\n%%s\n' "$state"
printf '\n@@pid\n%%s\n' "$pid"
printf '\n@@log\n'; grep -F 'server config' %(log)s 2>/dev/null | tail -n 1
exit 0
"""
"""Asks launchd and the log; macOS tells a process's variables in no form that could be read."""


class Launchd(msgspec.Struct, frozen=True):
    """The agents of a user."""

    @property
    def root(self) -> bool:
        """Whether its commands need an administrator."""
        return False

    @property
    def graceful(self) -> bool:
        """Whether a restart breaks no answer off."""
        return False

    @property
    def system(self) -> str:
        """The system that it is a part of."""
        return "Darwin"

    def units(self, export: Export, files: Placed) -> tuple[Unit, ...]:
        """Return the agents: the label of each is the name of its file, and ends in the worker's id."""
        found = []
        for path, _ in files:
            label = path.rpartition("/")[2].removesuffix(_PLIST)
            worker = next((one for one in export.workers if label.endswith(f".{one.id}")), None)
            found.append(Unit(label, (path,), worker))
        return tuple(found)

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return that somebody is logged in: only then the user has agents."""
        del units
        return ((f"launchctl print {_DOMAIN} >/dev/null", notice("apply.no_login")),)

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return the commands that read the property lists."""
        return tuple(f"plutil -lint -s {shlex.quote(path)}" for path, _ in files)

    def reload(self) -> tuple[str, ...]:
        """Return nothing: launchd reads a file when it loads its agent."""
        return ()

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the commands that load an agent anew; what bootout has ended is gone when `print` fails."""
        path = shlex.quote(unit.paths[0])
        load = f"launchctl bootstrap {_DOMAIN} {path}"
        return (load,) if new else (*self.stop(unit, new=False), load)

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the command that ends an agent, and waits until it has ended."""
        del new
        target = f"{_DOMAIN}/{shlex.quote(unit.name)}"
        return (
            f"launchctl bootout {target} 2>/dev/null; n=0; "
            f"while launchctl print {target} >/dev/null 2>&1 && [ $n -lt 30 ]; do sleep 1; n=$((n+1)); done",
        )

    def look(self, unit: Unit) -> str:
        """Return the script that asks launchd and the worker's log."""
        worker = unit.worker.id if unit.worker is not None else ""
        log = f'"$HOME"/Library/Logs/ollama-{shlex.quote(worker)}.log'
        return LOOK % {"target": f"{_DOMAIN}/{shlex.quote(unit.name)}", "log": log}
