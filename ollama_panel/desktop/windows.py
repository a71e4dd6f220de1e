"""The Start menu and the start at login on Windows: a shortcut, and a value of the registry's Run key."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Protocol

import pylnk3

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.desktop import files, resource_files
from ollama_panel.desktop.files import Change, File, Outcome
from ollama_panel.desktop.program import MINIMIZED

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
"""The key whose values Windows runs at login, each a command line."""

APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where the Task Manager notes what the user switched off: the first byte of such a value is odd."""

VALUE = "Ollama Panel"
_WHERE = rf"HKEY_CURRENT_USER\{RUN}\{VALUE}"


class Registry(Protocol):
    """The registry of the current user (HKEY_CURRENT_USER). All methods raise OSError."""

    def read(self, key: str, name: str) -> str | bytes | None:
        """Return a value, None if there is none."""
        ...

    def write(self, key: str, name: str, text: str) -> None:
        """Write a value of the type REG_SZ, and make its key if there is none."""
        ...

    def delete(self, key: str, name: str) -> None:
        """Delete a value that exists."""
        ...


_NO_TIME = datetime(1980, 1, 1)
"""The first moment that the format knows; it has no time zones."""


def shortcut(command: Sequence[str], icon: str, folder: str) -> bytes:
    """Return a shortcut (.lnk) that starts `command` in a folder."""
    link = pylnk3.for_file(
        command[0],
        arguments=subprocess.list2cmdline(command[1:]) or None,
        description="One address, a queue and a window for your local Ollama servers",
        icon_file=icon,
        work_dir=folder,
    )
    segments = [item for item in link.shell_item_id_list.items if isinstance(item, pylnk3.PathSegmentEntry)]
    for segment in segments:
        # What is not on disk where this runs counts as a file; and only ASCII short names are written right (0.4.3).
        segment.type = pylnk3.TYPE_FILE if segment is segments[-1] else pylnk3.TYPE_FOLDER
        segment.short_name = "".join(map(_ascii, segment.full_name))
        # It writes seconds where the format counts in twos, and 30 would be read as 60. No time is needed here.
        segment.modified = segment.created = segment.accessed = _NO_TIME
    written = BytesIO()
    link.write(written)
    return written.getvalue()


def _ascii(letter: str) -> str:
    """Return what stands for a letter in a short name, as long as the letter in UTF-16."""
    return letter if letter.isascii() else "?" * (len(letter.encode("utf-16-le")) // 2)


class WindowsDesktop:
    """The desktop of a user of Windows; `command` returns what opens the window, `programs` the Start menu's folder."""

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        programs: Callable[[], Path],
        registry: Registry,
        home: Callable[[], Path] = files.home,
    ) -> None:
        self._command = command
        self._programs = programs
        self._registry = registry
        self._home = home

    def provided(self) -> str | None:
        """Return None: no package of the whole system is known to have a shortcut."""
        return None

    def install(self, login: bool) -> list[Change]:
        """Write the shortcut, and the registry's value if it is wanted or there."""
        icon = str(resource_files.app_ico())
        link = File(self._shortcut, shortcut(self._command(), icon, str(self._home())))
        return [*files.write([link]), *(self.set_login(True) if login or self.login() else ())]

    def uninstall(self) -> list[Change]:
        """Remove all that `install` and `set_login` wrote."""
        return [*files.remove([self._shortcut], self._programs()), *self.set_login(False)]

    def login(self) -> bool:
        """Return whether the program starts at login: the value is there, and was not switched off."""
        with _told():
            return self._read(RUN) is not None and not self._is_off()

    def set_login(self, on: bool) -> list[Change]:
        """Write or delete the registry's value."""
        with _told():
            if not on:
                return [Change(Outcome.REMOVED, _WHERE)] if self._delete(RUN) | self._delete(APPROVED) else []
            line = subprocess.list2cmdline([*self._command(), MINIMIZED])
            if self._read(RUN) == line and not self._is_off():
                return [Change(Outcome.UNCHANGED, _WHERE)]
            self._registry.write(RUN, VALUE, line)
            self._delete(APPROVED)
            return [Change(Outcome.WRITTEN, _WHERE)]

    @property
    def _shortcut(self) -> Path:
        return self._programs() / "Ollama Panel.lnk"

    def _read(self, key: str) -> str | bytes | None:
        return self._registry.read(key, VALUE)

    def _is_off(self) -> bool:
        noted = self._read(APPROVED)
        return isinstance(noted, bytes) and bool(noted) and noted[0] % 2 == 1

    def _delete(self, key: str) -> bool:
        """Delete the program's value in a key, and return whether there was one."""
        if self._read(key) is None:
            return False
        self._registry.delete(key, VALUE)
        return True


@contextmanager
def _told() -> Iterator[None]:
    """Raise PanelError in place of the registry's OSError."""
    try:
        yield
    except OSError as error:
        raise PanelError(notice("desktop.registry", key=_WHERE, reason=reason_of(error))) from error
