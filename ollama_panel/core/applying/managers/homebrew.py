"""Homebrew's service of Ollama: it reads variables from a file that no upgrade overwrites."""

import shlex
from collections.abc import Sequence

import msgspec

from ollama_panel.core.applying.managers import Placed
from ollama_panel.core.applying.managers.launchd import LOOK
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import Notice, notice

_LABEL = "homebrew.mxcl.ollama"


class Homebrew(msgspec.Struct, frozen=True):
    """The service `ollama` of Homebrew."""

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
        """Return the service, which has the settings of the first worker and keeps its address."""
        worker = export.workers[0] if export.workers else None
        return (Unit(_LABEL, tuple(path for path, _ in files), worker, own_address=True),)

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return that Homebrew has Ollama."""
        del units
        return (("brew list ollama >/dev/null 2>&1", notice("apply.no_brew")),)

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return nothing: the file is read by the shell's rules of Homebrew alone."""
        del files
        return ()

    def reload(self) -> tuple[str, ...]:
        """Return nothing: Homebrew reads the file when it starts the service."""
        return ()

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the command that writes the service's property list anew and loads it."""
        del unit, new
        return ("brew services restart ollama",)

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the command that ends the service, which was there before."""
        del unit, new
        return ("brew services stop ollama",)

    def look(self, unit: Unit) -> str:
        """Return the script that asks launchd and the service's log."""
        log = '"$(brew --prefix)"/var/log/ollama.log'
        return LOOK % {"target": f"gui/$(id -u)/{shlex.quote(unit.name)}", "log": log}
