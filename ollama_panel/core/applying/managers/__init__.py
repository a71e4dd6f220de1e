"""What puts an export into force on a machine: systemd, launchd, Homebrew, Compose, a proxy.

Every one of them can tell how its files are read, what restarts, and where the proof comes from.
"""

from collections.abc import Sequence
from typing import Protocol

from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import Notice

Placed = Sequence[tuple[str, str]]
"""The files of an export on a machine: the path of each, and its text."""


class ServiceControl(Protocol):
    """The commands of a manager, each for a shell, without `sudo`; whether they need an administrator says `root`.

    `graceful`: what restarts breaks no answer off, so that nobody waits for clients.
    """

    @property
    def root(self) -> bool:
        """Whether its commands need an administrator."""
        ...

    @property
    def graceful(self) -> bool:
        """Whether a restart breaks no answer off."""
        ...

    @property
    def system(self) -> str:
        """The system that it is a part of, as `uname` names it, "" = any."""
        ...

    def units(self, export: Export, files: Placed) -> tuple[Unit, ...]:
        """Return what runs of an export."""
        ...

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return commands that must not fail before anything is written, each with what is said if it does."""
        ...

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return the commands that fail if a file is not what its program takes."""
        ...

    def reload(self) -> tuple[str, ...]:
        """Return the commands by which it reads the files."""
        ...

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the commands that run a unit with the files as they are; `new`: it has not been there before."""
        ...

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the commands that end a unit, for good if it is `new`: then its files are removed."""
        ...

    def look(self, unit: Unit) -> str:
        """Return the script that tells what is known of a unit, see `core.applying.evidence`."""
        ...
