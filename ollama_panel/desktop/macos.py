"""The application and the start at login on macOS: a bundle that starts the installed program, and a launch agent.

The formats are those of Apple's "Bundle Programming Guide" and of the manual page launchd.plist(5).
"""

import os
import plistlib
import re
import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from ollama_panel import __version__
from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.desktop import files, resource_files
from ollama_panel.desktop.files import Change, File
from ollama_panel.desktop.freedesktop import COMPONENT_ID
from ollama_panel.desktop.program import MINIMIZED

_LAUNCHER = "ollama-panel"
_ICON = "ollama-panel.icns"
_SHELL = b"#!/bin/sh\n"
_LIMIT_S = 10
"""Seconds that `launchctl` may take."""

Run = Callable[[Sequence[str]], str]
"""Runs a program and returns what it prints. Raises OSError or subprocess.SubprocessError."""


def info_plist(version: str) -> bytes:
    """Return the Info.plist of the application."""
    return plistlib.dumps(
        {
            "CFBundleDevelopmentRegion": "en",
            "CFBundleDisplayName": "Ollama Panel",
            "CFBundleExecutable": _LAUNCHER,
            "CFBundleIconFile": _ICON,
            "CFBundleIdentifier": COMPONENT_ID,
            "CFBundleInfoDictionaryVersion": "6.0",
            "CFBundleName": "Ollama Panel",
            "CFBundlePackageType": "APPL",
            "CFBundleShortVersionString": version,
            "CFBundleVersion": version,
            "LSApplicationCategoryType": "public.app-category.developer-tools",
            "NSHighResolutionCapable": True,
        }
    )


def launcher(command: Sequence[str]) -> bytes:
    """Return the shell script that the application runs; it becomes the program, so that the Dock shows one of them."""
    return _SHELL + f'exec {shlex.join(command)} "$@"\n'.encode()


def launch_agent(command: Sequence[str]) -> bytes:
    """Return the property list that has launchd run `command` once at each login."""
    return plistlib.dumps(
        {
            "Label": COMPONENT_ID,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
            "AssociatedBundleIdentifiers": [COMPONENT_ID],
        }
    )


def run(command: Sequence[str]) -> str:
    """Run a program of the system and return what it prints. Raises OSError or subprocess.SubprocessError."""
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=_LIMIT_S).stdout


class MacDesktop:
    """The desktop of a user of macOS; `command` returns what opens the window, and `run` runs `launchctl`."""

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        home: Callable[[], Path] = files.home,
        run: Run = run,
    ) -> None:
        self._command = command
        self._home = home
        self._run = run

    def provided(self) -> str | None:
        """Return the application that this very program is, if it was built as one."""
        for folder in Path(self._command()[0]).parents:
            if folder.suffix == ".app" and (folder / "Contents" / "Info.plist").is_file():
                return str(folder)
        return None

    def install(self, login: bool) -> list[Change]:
        """Write the application, unless this program is one, and the launch agent if it is wanted or there."""
        changes = [] if self.provided() else self._write_application()
        return [*changes, *(self.set_login(True) if login or self.login() else ())]

    def uninstall(self) -> list[Change]:
        """Remove all that `install` and `set_login` wrote."""
        paths = [file.path for file in self._application(())] if self._is_ours() else []
        return [*files.remove(paths, self._applications), *self.set_login(False)]

    def login(self) -> bool:
        """Return whether the program starts at login. A disabled agent does not, though its file is there."""
        return self._agent.is_file() and not self._is_disabled()

    def set_login(self, on: bool) -> list[Change]:
        """Write or remove the launch agent. It counts at the next login: a program that it has started goes on."""
        if not on:
            return files.remove([self._agent], self._agent.parent)
        changes = files.write([File(self._agent, launch_agent([*self._command(), MINIMIZED]))])
        if self._is_disabled():
            try:
                self._run(["launchctl", "enable", f"{_domain()}/{COMPONENT_ID}"])
            except (OSError, subprocess.SubprocessError) as error:
                raise PanelError(notice("desktop.launchctl", reason=reason_of(error))) from error
        return changes

    @property
    def _applications(self) -> Path:
        return self._home() / "Applications"

    @property
    def _bundle(self) -> Path:
        return self._applications / "Ollama Panel.app"

    @property
    def _agent(self) -> Path:
        return self._home() / "Library" / "LaunchAgents" / f"{COMPONENT_ID}.plist"

    def _write_application(self) -> list[Change]:
        if not self._is_ours():
            raise PanelError(notice("desktop.other_app", path=str(self._bundle)))
        return files.write(self._application(self._command()))

    def _application(self, command: Sequence[str]) -> list[File]:
        contents = self._bundle / "Contents"
        return [
            File(contents / "MacOS" / _LAUNCHER, launcher(command), executable=True),
            File(contents / "Resources" / _ICON, resource_files.app_icns()),
            File(contents / "Info.plist", info_plist(__version__)),
        ]

    def _is_ours(self) -> bool:
        """Return whether there is no bundle, or one of ours: one with the program itself in it has no script."""
        if not self._bundle.exists():
            return True
        try:
            return (self._bundle / "Contents" / "MacOS" / _LAUNCHER).read_bytes().startswith(_SHELL)
        except OSError:
            return False

    def _is_disabled(self) -> bool:
        """Return whether launchd leaves the agent out; False if launchctl does not answer, as in another's session."""
        try:
            printed = self._run(["launchctl", "print-disabled", _domain()])
        except (OSError, subprocess.SubprocessError):
            return False
        return re.search(rf'"{re.escape(COMPONENT_ID)}" => (disabled|true)', printed) is not None


def _domain() -> str:
    """Return how launchctl names the session of the user."""
    return f"gui/{os.getuid()}"
