"""The menu and the start at login of Linux desktops: files in the folders of the XDG Base Directory Specification."""

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ollama_panel.core.errors import PanelError, not_read
from ollama_panel.desktop import files, freedesktop
from ollama_panel.desktop.files import Change, File
from ollama_panel.desktop.program import MINIMIZED

_OFF = {"Hidden": "true", "X-GNOME-Autostart-enabled": "false"}
"""How the tools of desktops switch an entry off without removing it."""


class LinuxDesktop:
    """The desktop of the user whose variables are `environ`; `command` returns what opens the window."""

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        environ: Mapping[str, str],
        home: Callable[[], Path] = files.home,
    ) -> None:
        self._command = command
        self._environ = environ
        self._home = home

    def provided(self) -> str | None:
        """Return the entry of the whole system that starts this very program, as a package of the system has it."""
        program = Path(self._command()[0]).resolve()
        folders = self._environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
        for folder in map(Path, folders.split(":")):
            path = folder / "applications" / freedesktop.DESKTOP_FILE
            tried = shutil.which(freedesktop.values(_text(path)).get("TryExec", ""))
            if tried and Path(tried).resolve() == program:
                return str(path)
        return None

    def install(self, login: bool) -> list[Change]:
        """Write the entry of the menu, unless the system has it, and the one for the login if it is wanted or there."""
        if self.provided():
            changes = self._remove_menu()
        else:
            changes = files.write(self._menu(self._command()))
            with contextlib.suppress(OSError):  # GTK takes its cache of icons for out of date when it is older
                os.utime(self._data / "icons" / "hicolor")
        return [*changes, *(self.set_login(True) if login or self.login() else ())]

    def uninstall(self) -> list[Change]:
        """Remove all that `install` and `set_login` wrote."""
        return [*self._remove_menu(), *self.set_login(False)]

    def login(self) -> bool:
        """Return whether the program starts at login."""
        entry = freedesktop.values(_text(self._login_path))
        off = any(entry.get(key) == value for key, value in _OFF.items())
        return bool(entry) and not off and bool(shutil.which(entry.get("TryExec", "sh")))

    def set_login(self, on: bool) -> list[Change]:
        """Write or remove the entry that starts the program at login."""
        if not on:
            return files.remove([self._login_path], self._config)
        text = freedesktop.login_entry([*self._command(), MINIMIZED])
        return files.write([File(self._login_path, text.encode())])

    @property
    def _data(self) -> Path:
        return self._folder("XDG_DATA_HOME", ".local/share")

    @property
    def _config(self) -> Path:
        return self._folder("XDG_CONFIG_HOME", ".config")

    def _folder(self, variable: str, default: str) -> Path:
        """Return a folder of the user; the specification wants relative paths to be ignored."""
        named = Path(self._environ.get(variable, ""))
        return named if named.is_absolute() else self._home() / default

    @property
    def _login_path(self) -> Path:
        return self._config / "autostart" / freedesktop.DESKTOP_FILE

    def _menu(self, command: Sequence[str]) -> list[File]:
        entry = freedesktop.menu_entry(command)
        return [
            File(self._data / "applications" / freedesktop.DESKTOP_FILE, entry.encode()),
            File(self._data / "metainfo" / freedesktop.METAINFO_FILE, freedesktop.metainfo().encode()),
            *(File(self._data / "icons" / name, content) for name, content in freedesktop.icons()),
        ]

    def _remove_menu(self) -> list[Change]:
        return files.remove([file.path for file in self._menu([freedesktop.NAME])], self._data)


def _text(path: Path) -> str:
    """Return the text of an entry, "" if there is none. Raises PanelError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise PanelError(not_read(str(path), error)) from error
