"""The design tokens: every colour, distance and font size of the window.

Text colours have a contrast of at least 4.5:1 on every surface they are used on (WCAG 2.2, success criterion 1.4.3).
"""

from dataclasses import dataclass, fields
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as `#rrggbb`.

    `pools` and `servers`: what those others take in the memory bar; in time lines, loads and the queues of servers.
    """

    dark: bool
    bg: str
    surface: str
    surface2: str
    border: str
    track: str
    sel: str
    text: str
    muted: str
    accent: str
    accent_fill: str
    accent_hover: str
    on_accent: str
    ok: str
    warn: str
    danger: str
    info: str
    pools: str
    servers: str
    handle: str
    handle_border: str
    overlay_border: str
    warn_bg: str
    danger_bg: str
    info_bg: str


DARK = Tokens(
    dark=True,
    bg="#0f1217",
    surface="#171b22",
    surface2="#1f252e",
    border="#2a313c",
    track="#2b3340",
    sel="#1d2b45",
    text="#e6eaf0",
    muted="#9aa5b5",
    accent="#4c8dff",
    accent_fill="#2f6be0",
    accent_hover="#3a70e2",
    on_accent="#ffffff",
    ok="#3ecf8e",
    warn="#f5b544",
    danger="#f7777b",
    info="#8ab0fb",
    pools="#b388ff",
    servers="#e58bc0",
    handle="#f5f7fa",
    handle_border="#0f1217",
    overlay_border="#566274",
    warn_bg="#2c2415",
    danger_bg="#2f1a1d",
    info_bg="#18243b",
)

LIGHT = Tokens(
    dark=False,
    bg="#f4f6f9",
    surface="#ffffff",
    surface2="#f0f3f7",
    border="#dfe4ec",
    track="#dde3ec",
    sel="#e4edff",
    text="#1a2230",
    muted="#556173",
    accent="#2563eb",
    accent_fill="#2563eb",
    accent_hover="#1d4fd8",
    on_accent="#ffffff",
    ok="#067042",
    warn="#835203",
    danger="#bd1f2a",
    info="#2b5fc4",
    pools="#7446b8",
    servers="#b23d82",
    handle="#ffffff",
    handle_border="#9aa7b8",
    overlay_border="#9aa7b8",
    warn_bg="#fdf5e4",
    danger_bg="#fdecec",
    info_bg="#e9f0fe",
)

XS, SM, MD, LG, XL = 4, 8, 12, 16, 24
"""Distances in pixels."""

RADIUS_CONTROL, RADIUS_CARD = 6, 10
EXPANDED_FROM = 1120
"""The window's width in pixels from which the list at its left, of pages or of steps, has texts."""
CAPTION, BODY, TITLE, HEADING, KPI = 11, 13, 15, 22, 28
"""Font sizes in pixels."""

FONTS = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Cantarell",
    "Ubuntu",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "PingFang SC",
    "DejaVu Sans",
)
MONOSPACE = ("JetBrains Mono", "SF Mono", "Cascadia Mono", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono")


def colours(tokens: Tokens) -> dict[str, str]:
    """Return the colours of a theme by name, for the style sheet."""
    return {field.name: getattr(tokens, field.name) for field in fields(tokens) if field.name != "dark"}


TINT = 0.13
"""The share of a state's colour in the background of its pill."""


@lru_cache(maxsize=64)
def tint(colour: str, ground: str, share: float = TINT) -> str:
    """Return `ground` mixed with a `share` of `colour`, as one opaque colour."""
    mixed = (
        round(int(colour[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)
