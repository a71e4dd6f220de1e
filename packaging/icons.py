"""Draws the icon resources/icons/app.svg in the sizes and formats of desktops, into the folder app beside it.

    python packaging/icons.py

They are committed, so that `ollama-panel install` needs no Qt; a test checks that they show the picture of today.
"""

import struct
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from ollama_panel.desktop.resource_files import ICON_SIZES, app_png

ICNS_TYPES = {
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}
"""The kinds of pictures that macOS reads as PNG, with their sizes in pixels; 11 to 14 are for dense screens."""

ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"


def drawn(size: int) -> QImage:
    """Return the icon, `size` pixels wide."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ICONS / "app.svg")).render(painter, QRectF(image.rect()))
    painter.end()
    return image


def icns(png: Callable[[int], bytes]) -> bytes:
    """Return the icon in the format of macOS, made of pictures in PNG by their size in pixels.

    It is a row of chunks, each with a type and its length in bytes, head included:
    https://en.wikipedia.org/wiki/Apple_Icon_Image_format
    """
    chunks = b"".join(kind + struct.pack(">I", 8 + len(png(size))) + png(size) for kind, size in ICNS_TYPES.items())
    return b"icns" + struct.pack(">I", 8 + len(chunks)) + chunks


def ico(png: Callable[[int], bytes]) -> bytes:
    """Return the icon in the format of Windows: a directory of pictures, then these, as PNG (since Windows Vista)."""
    head = struct.pack("<HHH", 0, 1, len(ICO_SIZES))
    at, directory = len(head) + 16 * len(ICO_SIZES), b""
    for size in ICO_SIZES:
        width = size % 256  # 0 stands for 256
        directory += struct.pack("<BBBBHHII", width, width, 0, 0, 1, 32, len(png(size)), at)
        at += len(png(size))
    return head + directory + b"".join(map(png, ICO_SIZES))


if __name__ == "__main__":
    for size in ICON_SIZES:
        drawn(size).save(str(ICONS / "app" / f"{size}.png"))
    (ICONS / "app" / "app.icns").write_bytes(icns(app_png))
    (ICONS / "app" / "app.ico").write_bytes(ico(app_png))
