"""Files that somebody has written, with one part changed: whatever reads them has one service, which restarts."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.applying.managers import Placed, ServiceControl
from ollama_panel.core.applying.managers.launchd import Launchd
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import Notice

_PLIST = ".plist"


class Edited(msgspec.Struct, frozen=True):
    """The service that the site of an export names, by its `manager`. The first file is the one that starts it."""

    manager: ServiceControl

    @property
    def root(self) -> bool:
        """Whether its commands need an administrator."""
        return self.manager.root

    @property
    def graceful(self) -> bool:
        """Whether a restart breaks no answer off."""
        return self.manager.graceful

    @property
    def system(self) -> str:
        """The system that it is a part of."""
        return self.manager.system

    def units(self, export: Export, files: Placed) -> tuple[Unit, ...]:
        """Return the service, which keeps its address."""
        (worker,) = export.workers
        paths = tuple(path for path, _ in files)
        return (Unit(export.site.service.unit, paths, worker, own_address=True, edited=True),)

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return what the manager needs."""
        return self.manager.needed(units)

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return the commands that read the files; of launchd only those of property lists."""
        of_manager = [one for one in files if one[0].endswith(_PLIST) or not isinstance(self.manager, Launchd)]
        return self.manager.check(of_manager)

    def reload(self) -> tuple[str, ...]:
        """Return the commands by which the manager reads the files."""
        return self.manager.reload()

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the commands that run the service: it was there before."""
        del new
        return self.manager.restart(unit, new=False)

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return the command that ends the service."""
        del new
        return self.manager.stop(unit, new=False)

    def look(self, unit: Unit) -> str:
        """Return the script that tells what is known of it."""
        return self.manager.look(unit)


class Untold(msgspec.Struct, frozen=True):
    """Nobody: the files are written, and read when something reads them by itself."""

    root: bool = False
    graceful: bool = True
    system: str = ""

    def units(self, export: Export, files: Placed) -> tuple[Unit, ...]:
        """Return nothing."""
        del export, files
        return ()

    def needed(self, units: Sequence[Unit]) -> tuple[tuple[str, Notice], ...]:
        """Return nothing."""
        del units
        return ()

    def check(self, files: Placed) -> tuple[str, ...]:
        """Return nothing."""
        del files
        return ()

    def reload(self) -> tuple[str, ...]:
        """Return nothing."""
        return ()

    def restart(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return nothing."""
        del unit, new
        return ()

    def stop(self, unit: Unit, *, new: bool) -> tuple[str, ...]:
        """Return nothing."""
        del unit, new
        return ()

    def look(self, unit: Unit) -> str:
        """Return a script that tells nothing."""
        del unit
        return "true"
