"""The resource files (icons, translations, the style sheet's template), and the program's icon in its sizes."""

from functools import lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512, 1024)
"""The widths in pixels in which the program's icon is kept; packaging/icons.py draws it."""


@lru_cache(maxsize=1)
def folder() -> Path:
    """Return the resource folder, which is inside an installed package or beside the package in a checkout."""
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def app_svg() -> bytes:
    """Return the program's icon as SVG."""
    return (folder() / "icons" / "app.svg").read_bytes()


def app_png(size: int) -> bytes:
    """Return the program's icon as PNG, `size` pixels wide, which is one of `ICON_SIZES`."""
    return (folder() / "icons" / "app" / f"{size}.png").read_bytes()


def app_icns() -> bytes:
    """Return the program's icon in the format of macOS."""
    return (folder() / "icons" / "app" / "app.icns").read_bytes()


def app_ico() -> Path:
    """Return where the program's icon in the format of Windows is: shortcuts refer to it."""
    return folder() / "icons" / "app" / "app.ico"
