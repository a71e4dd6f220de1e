"""The resource files as texts, and icons as Qt objects."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from ollama_panel.desktop.resource_files import folder

_SCALES = (1.0, 1.5, 2.0, 3.0)


@lru_cache(maxsize=32)
def text(name: str) -> str:
    """Return the content of a text resource by its path in the folder."""
    return (folder() / name).read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int, scale: float = 1.0) -> QPixmap:
    """Return an icon drawn in `colour` (`#rrggbb`), `size` logical pixels wide."""
    key = f"{name} {colour} {size} {scale}"
    known = QPixmap()
    if QPixmapCache.find(key, known):
        return known
    svg = text(f"icons/{name}.svg").replace("currentColor", colour)
    drawn = QPixmap(QSize(round(size * scale), round(size * scale)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, drawn)
    return drawn


def icon(name: str, colour: str, checked: str | None = None, disabled: str | None = None, size: int = 18) -> QIcon:
    """Return an icon for every screen density, with its own colours for the checked and the disabled state."""
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(pixmap(name, colour, size, scale))
        if checked:
            made.addPixmap(pixmap(name, checked, size, scale), QIcon.Mode.Normal, QIcon.State.On)
        if disabled:
            made.addPixmap(pixmap(name, disabled, size, scale), QIcon.Mode.Disabled)
    return made


def app_icon() -> QIcon:
    """Return the icon of the program."""
    made = QIcon()
    for size in (16, 22, 24, 32, 48, 64, 128, 256):
        made.addPixmap(pixmap("app", "#000000", size))
    return made
