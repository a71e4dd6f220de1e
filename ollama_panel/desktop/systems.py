"""The desktop of the system that the program runs on."""

import os
import sys
from pathlib import Path
from typing import Protocol

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.desktop import program
from ollama_panel.desktop.files import Change


class Desktop(Protocol):
    """The program's entry in the menu and at login. The files and the registry are the truth: nothing else is kept.

    All methods raise PanelError if there is no place for the files, or if it cannot be read or written.
    """

    def provided(self) -> str | None:
        """Return what already has the entry in the menu for this very program, such as a package of the system."""
        ...

    def install(self, login: bool) -> list[Change]:
        """Write the entry in the menu unless it is provided, and the one for the login if it is wanted or there."""
        ...

    def uninstall(self) -> list[Change]:
        """Remove all that `install` and `set_login` wrote."""
        ...

    def login(self) -> bool:
        """Return whether the program starts at login."""
        ...

    def set_login(self, on: bool) -> list[Change]:
        """Have the program start at login, hidden in the tray, or no longer."""
        ...


def this_desktop() -> Desktop:
    """Return the desktop of this system and user."""
    if sys.platform == "win32":
        from ollama_panel.desktop._winreg import UserRegistry
        from ollama_panel.desktop.windows import WindowsDesktop

        return WindowsDesktop(program.command, _programs, UserRegistry())
    if sys.platform == "darwin":
        from ollama_panel.desktop.macos import MacDesktop

        return MacDesktop(program.command)
    from ollama_panel.desktop.linux import LinuxDesktop

    return LinuxDesktop(program.command, os.environ)


def _programs() -> Path:
    """Return the folder of the Start menu's programs."""
    roaming = os.environ.get("APPDATA")
    if not roaming:
        raise PanelError(notice("desktop.no_home"))
    return Path(roaming) / "Microsoft" / "Windows" / "Start Menu" / "Programs"
