"""The system's requirements: the shared libraries that Qt loads, and their installation with apt."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple

from dev_steps import StepError, answer, say, succeeds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Library(NamedTuple):
    """A shared library: its name for the loader, and the Debian package that contains it."""

    soname: str
    package: str


OFFSCREEN = (
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libEGL.so.1", "libegl1"),
    Library("libGL.so.1", "libgl1"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1"),
)
"""The libraries that QtWidgets needs even without a display, as found on a minimal Debian 12."""

ON_X11 = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
"""The further libraries that Qt's xcb platform needs; the rest of libxcb are their dependencies."""


def has_display() -> bool:
    """Return whether a window can be opened. Only Linux can lack a display."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing(libraries: Sequence[Library], loads: Callable[[str], bool]) -> list[Library]:
    """Return the libraries that `loads` cannot load."""
    return [library for library in libraries if not loads(library.soname)]


def install_command(packages: Sequence[str]) -> list[str]:
    """Return the apt command for these packages, without the prefix that runs it as root."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def line_to_type(packages: Sequence[str]) -> str:
    """Return the command that a user types to install these packages."""
    return " ".join(["sudo", *install_command(packages)])


def has_apt() -> bool:
    """Return whether this is Debian, Ubuntu or another system with apt."""
    return shutil.which("apt-get") is not None


def can_install() -> bool:
    """Return whether packages can be installed without a question: as root, or by sudo without a password."""
    return has_apt() and _as_root() is not None


def missing_qt_packages(*, on_screen: bool) -> list[str]:
    """Return the packages that Qt lacks on Linux. Raises StepError with the libraries' names where there is no apt."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = OFFSCREEN + (ON_X11 if on_screen and os.environ.get("DISPLAY") else ())
    say(f"checking the {len(wanted)} system libraries that Qt needs")
    lacking = missing(wanted, loads)
    if lacking and not has_apt():
        names = ", ".join(library.soname for library in lacking)
        raise StepError(f"Qt lacks shared libraries: {names}. Install them with the system's package manager.")
    return [library.package for library in lacking]


def install(packages: Sequence[str]) -> None:
    """Install packages as root or by sudo without a password. Raises StepError with the command to type otherwise."""
    prefix = _as_root()
    if prefix is None:
        raise StepError(f"Packages are missing that only root can install. {_type_this(packages)}")
    say(f"installing with apt: {' '.join(packages)}")
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *install_command(packages)]
    if succeeds(command):
        return
    say("the package lists may be old: updating them, then once more")
    if not (succeeds([*prefix, "apt-get", "update"]) and succeeds(command)):
        raise StepError(f"apt could not install the packages; see its message above. {_type_this(packages)}")


def _type_this(packages: Sequence[str]) -> str:
    return f"Type this, then try again:\n\n    {line_to_type(packages)}\n"


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if answer(["sudo", "-n", "true"]) is not None else None


def loads(soname: str) -> bool:
    """Return whether the loader finds a library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True
