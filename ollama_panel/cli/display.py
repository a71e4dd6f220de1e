"""Checks whether a window can be opened. Where it cannot, Qt would abort the process with a page of text."""

import ctypes
import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ollama_panel import qt_libraries
from ollama_panel.core.notices import Notice, notice
from ollama_panel.qt_libraries import OFFSCREEN, ON_WAYLAND, ON_X11, Library

LACKING = ("window.libraries", "window.libraries_by_name")
"""The codes of the notices that libraries are missing: they say what to do."""


def problem() -> Notice | None:
    """Return why no window can be opened, or None if no reason is known. Only Linux can lack a display or libraries.

    Qt tries one platform after the other: one that works is enough.
    """
    if not sys.platform.startswith("linux"):
        return None
    platforms = [*_platforms(os.environ)]
    if lacking := qt_libraries.missing(OFFSCREEN):
        return _to_install([*lacking, *(_lacking(platforms[0]) if platforms else ())])
    if not platforms:
        return notice("window.no_display")
    problems = [_problem_of(platform, os.environ) for platform in platforms]
    told = [one for one in problems if one is not None]
    if len(told) < len(problems):
        return None
    return next((one for one in told if one.code in LACKING), told[0])


def _platforms(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of the platforms that Qt tries, in its order: those that the user names, else what is there."""
    if named := environ.get("QT_QPA_PLATFORM"):
        yield from (name.partition(":")[0] for name in named.split(";"))
        return
    if environ.get("WAYLAND_DISPLAY"):
        yield "wayland"
    if environ.get("DISPLAY"):
        yield "xcb"


def _problem_of(platform: str, environ: Mapping[str, str]) -> Notice | None:
    if platform == "xcb" and not environ.get("DISPLAY"):
        return notice("window.no_display")
    if lacking := _lacking(platform):
        return _to_install(lacking)
    if platform == "xcb":
        display = environ["DISPLAY"]
        return None if _answers(display) else notice("window.display_silent", display=display)
    return _problem_of_wayland(environ) if platform.startswith("wayland") else None


def _lacking(platform: str) -> list[Library]:
    """Return the libraries that a platform needs for itself and that are missing."""
    if platform == "xcb":
        return qt_libraries.missing(ON_X11)
    return qt_libraries.missing(ON_WAYLAND) if platform.startswith("wayland") else []


def _problem_of_wayland(environ: Mapping[str, str]) -> Notice | None:
    if environ.get("WAYLAND_SOCKET"):  # a connection that was made already, for Qt to use
        return None
    name = environ.get("WAYLAND_DISPLAY") or "wayland-0"
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(Path(environ.get("XDG_RUNTIME_DIR", "")) / name))
        except OSError:
            return notice("window.display_silent", display=name)
    return None


def _to_install(libraries: Sequence[Library]) -> Notice:
    tool = qt_libraries.package_tool()
    if tool is None:
        return notice("window.libraries_by_name", names=tuple(library.soname for library in libraries))
    line = qt_libraries.line_to_type(qt_libraries.packages(libraries, tool), tool)
    return notice("window.libraries", command=line)


def _answers(display: str) -> bool:
    """Return whether the display accepts a connection of libxcb, as Qt makes it; True, for Qt to report, without it."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not refused
