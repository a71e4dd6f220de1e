"""The system's requirements: whether the libraries are there that Qt loads, and their installation with apt."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dev_steps import StepError, answer, say, succeeds

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))  # the package is not installed yet
from ollama_panel.qt_libraries import (
    OFFSCREEN,
    ON_WAYLAND,
    ON_X11,
    PACKAGE_TOOLS,
    Library,
    line_to_type,
    loads,
    missing,
    package_tool,
    packages,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

APT = PACKAGE_TOOLS[0]


def has_display() -> bool:
    """Return whether a window can be opened. Only Linux can lack a display."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def install_command(packages: Sequence[str]) -> list[str]:
    """Return the apt command for these packages, without the prefix that runs it as root."""
    return [APT.program, *APT.arguments, *packages]


def has_apt() -> bool:
    """Return whether this is Debian, Ubuntu or another system with apt."""
    return shutil.which("apt-get") is not None


def can_install() -> bool:
    """Return whether packages can be installed without a question: as root, or by sudo without a password."""
    return has_apt() and as_root() is not None


def missing_qt_packages(*, on_screen: bool) -> list[str]:
    """Return the packages that Qt lacks on Linux. Raises StepError with the line to type where there is no apt."""
    wanted = [*OFFSCREEN]
    if on_screen and os.environ.get("DISPLAY"):
        wanted += ON_X11
    if on_screen and os.environ.get("WAYLAND_DISPLAY"):
        wanted += ON_WAYLAND
    return missing_packages(wanted)


def missing_packages(wanted: Sequence[Library]) -> list[str]:
    """Return the packages of those libraries that are missing on Linux. Raises StepError as `missing_qt_packages`."""
    if not sys.platform.startswith("linux"):
        return []
    say(f"checking the {len(wanted)} system libraries that Qt needs")
    lacking = missing(wanted, loads)
    if not lacking or has_apt():
        return packages(lacking, APT)
    manager = package_tool()
    if manager is None:
        names = ", ".join(library.soname for library in lacking)
        raise StepError(f"Qt lacks shared libraries: {names}. Install them with the system's package manager.")
    line = line_to_type(packages(lacking, manager), manager)
    raise StepError(f"Qt lacks shared libraries. Type this, then try again:\n\n    {line}\n")


def install(names: Sequence[str]) -> None:
    """Install packages as root or by sudo without a password. Raises StepError with the command to type otherwise."""
    prefix = as_root()
    if prefix is None:
        raise StepError(f"Packages are missing that only root can install. {_type_this(names)}")
    say(f"installing with apt: {' '.join(names)}")
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *install_command(names)]
    if succeeds(command):
        return
    say("the package lists may be old: updating them, then once more")
    if not (succeeds([*prefix, "apt-get", "update"]) and succeeds(command)):
        raise StepError(f"apt could not install the packages; see its message above. {_type_this(names)}")


def _type_this(names: Sequence[str]) -> str:
    return f"Type this, then try again:\n\n    {line_to_type(names, APT)}\n"


def as_root() -> list[str] | None:
    """Return what runs a command as root without a question, before the command; None if nothing does."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if answer(["sudo", "-n", "true"]) is not None else None
