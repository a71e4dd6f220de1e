"""Checks whether a window can be opened. Where it cannot, Qt would abort the process with a page of text."""

import ctypes
import os
import sys

from ollama_panel.core.notices import Notice, notice


def problem() -> Notice | None:
    """Return why no window can be opened, or None if no reason is known. Only Linux can lack a display."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY"):
        return None
    display = os.environ.get("DISPLAY")
    if not display:
        return notice("window.no_display")
    return None if _answers(display) else notice("window.display_silent", display=display)


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
