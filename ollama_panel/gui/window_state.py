"""The window's size, place and page, and what its pages remember, kept from one run to the next in a file of their own.

They are no settings: the user does not choose them in a form, and no other machine should get them.
"""

import contextlib
import logging
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QByteArray, QRect, QSettings, QSize
from PySide6.QtWidgets import QWidget

_LOG = logging.getLogger(__name__)
_TITLE_BAR = 40
"""The pixels that the desktop's frame may take above a window; it is known only once the window is shown."""

_GEOMETRY, _PAGE = "window/geometry", "window/page"
_OF_PAGES = "pages/"

T = TypeVar("T")


class WindowState:
    """What the file at `path` says; a file that is missing, damaged or not writable changes nothing but the memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    def restore(self, window: QWidget) -> None:
        """Give a window its last size and place, as far as they are on a screen that is there now."""
        geometry = self._file.value(_GEOMETRY)
        kept = isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)
        available = window.screen().availableGeometry()
        room = available.adjusted(0, _TITLE_BAR, 0, 0)
        if not kept:
            window.resize(window.size().boundedTo(room.size()))  # its place is the desktop's choice
        elif not (window.isMaximized() or window.isFullScreen() or available.contains(window.geometry())):
            window.setGeometry(clamped(window.geometry(), room, window.minimumSize()))

    def page(self) -> str:
        """Return the name of the page that was open, "" if none is known."""
        return str(self._file.value(_PAGE, ""))

    def save(self, window: QWidget, page: str) -> None:
        """Keep the window's geometry, and the name of its page."""
        geometry = window.saveGeometry()
        if geometry == self._file.value(_GEOMETRY) and page == self.page():
            return
        self._make_file()
        self._file.setValue(_GEOMETRY, geometry)
        self._file.setValue(_PAGE, page)
        self._file.sync()
        if self._file.status() is not QSettings.Status.NoError:
            _LOG.info("the window's size and place could not be kept in %s", self._path)

    def value(self, key: str, default: T) -> T:
        """Return what `set` has kept under a key, or the default: also if it is of another type than the default.

        A key names the page and the thing, as in "requests/columns". Of a `msgspec.Struct` the fields are checked, too.
        """
        kept = self._file.value(_OF_PAGES + key)
        if not isinstance(kept, str):
            return default
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.json.decode(kept, type=type(default))
        return default

    def set(self, key: str, value: object) -> None:
        """Keep a value that JSON can hold; the file is written a moment later, and at the end of the program."""
        text = msgspec.json.encode(value).decode()
        if text != self._file.value(_OF_PAGES + key):
            self._make_file()
            self._file.setValue(_OF_PAGES + key, text)

    def _make_file(self) -> None:
        """Make the file, if there is none, for the user alone: QSettings keeps rights, but would let all read it."""
        with contextlib.suppress(OSError):  # QSettings meets the same, and its status is looked at
            self._path.touch(mode=0o600)


def clamped(wanted: QRect, available: QRect, least: QSize) -> QRect:
    """Return `wanted` made smaller, down to the size `least`, and moved, so that it lies within `available`."""
    size = wanted.size().boundedTo(available.size()).expandedTo(least)
    left = max(available.left(), min(wanted.left(), available.right() + 1 - size.width()))
    top = max(available.top(), min(wanted.top(), available.bottom() + 1 - size.height()))
    return QRect(left, top, size.width(), size.height())
