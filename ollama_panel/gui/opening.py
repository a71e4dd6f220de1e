"""Opens files and folders with the program that the desktop has for them."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: str) -> bool:
    """Open a file or a folder; return whether the desktop took it."""
    return bool(path) and QDesktopServices.openUrl(QUrl.fromLocalFile(path))
