"""The system's libraries that Qt loads on Linux, and the line to type where they are missing.

This is the one list of them. `packaging/dev.py` reads it before anything is installed, on any Python from 3.8 on, so
the module imports nothing of the package.
"""

from __future__ import annotations

import ctypes
import shutil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Library(NamedTuple):
    """A library: its name for the loader, and the package that has it, for each package manager."""

    soname: str
    apt: str
    dnf: str
    pacman: str
    zypper: str


class PackageTool(NamedTuple):
    """A package manager: the field of `Library` with its packages, its program, and its arguments to install some."""

    field: str
    program: str
    arguments: tuple[str, ...]


OFFSCREEN = (
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    Library("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2", "krb5-libs", "krb5", "krb5"),
)
"""What QtWidgets and QtNetwork need even without a display, as found on a minimal Debian 12."""

ON_X11 = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    Library(
        "libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"
    ),
)
"""What Qt's xcb platform needs beside that; the rest of libxcb are dependencies of these."""

ON_WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0", "libwayland-client", "wayland", "libwayland-client0"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor", "wayland", "libwayland-cursor0"),
)
"""What Qt's wayland platform needs beside the first."""

PACKAGE_TOOLS = (
    PackageTool("apt", "apt-get", ("install", "-y", "--no-install-recommends")),
    PackageTool("dnf", "dnf", ("install",)),
    PackageTool("pacman", "pacman", ("-S", "--needed")),
    PackageTool("zypper", "zypper", ("install",)),
)
"""Of Debian and Ubuntu, Fedora, Arch Linux and openSUSE, and of what is made from these."""


def loads(soname: str) -> bool:
    """Return whether the loader finds a library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing(libraries: Sequence[Library], loads: Callable[[str], bool] = loads) -> list[Library]:
    """Return the libraries that `loads` cannot load."""
    return [library for library in libraries if not loads(library.soname)]


def package_tool(which: Callable[[str], str | None] = shutil.which) -> PackageTool | None:
    """Return the package manager of this system, None if it is none of those that are known."""
    return next((tool for tool in PACKAGE_TOOLS if which(tool.program) is not None), None)


def packages(libraries: Sequence[Library], tool: PackageTool) -> list[str]:
    """Return the packages that have these libraries, each once."""
    return list(dict.fromkeys(str(getattr(library, tool.field)) for library in libraries))


def line_to_type(packages: Sequence[str], tool: PackageTool) -> str:
    """Return the command with which a user installs these packages."""
    return " ".join(["sudo", tool.program, *tool.arguments, *packages])
