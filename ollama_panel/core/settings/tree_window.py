"""The settings of the window, a branch of `core.settings.tree`."""

from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta


class Theme(Enum):
    """The color theme; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class WindowSettings(msgspec.Struct, frozen=True):
    """The window."""

    theme: Annotated[
        Theme, Meta(title="Theme", description="The colours of the window: those of the desktop, light or dark.")
    ] = Theme.SYSTEM
    language: Annotated[
        str, Meta(title="Language", description="The language of the window: en or zh_CN; empty follows the desktop.")
    ] = ""
