"""The icon of the program in its sizes."""

import pytest
from PySide6.QtGui import QColor, QImage

import icons
from ollama_panel.desktop.resource_files import ICON_SIZES, app_png

ALIKE = 8
"""How much a colour, of 0 to 255, may differ between versions of Qt."""


@pytest.mark.parametrize("size", ICON_SIZES)
def test_the_picture_is_that_of_the_svg(size: int) -> None:
    kept, now = QImage.fromData(app_png(size)), icons.drawn(size)
    assert (kept.width(), kept.height()) == (size, size)
    points = [(x, y) for x in range(0, size, max(1, size // 32)) for y in range(0, size, max(1, size // 32))]
    assert [at for at in points if _difference(kept.pixelColor(*at), now.pixelColor(*at)) > ALIKE] == []


def _difference(one: QColor, other: QColor) -> int:
    return max(abs(one.getRgb()[part] - other.getRgb()[part]) for part in range(4))
