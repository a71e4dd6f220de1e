"""Colours are readable in both themes, and the theme changes while the program runs."""

import re
from itertools import combinations
from math import dist
from operator import attrgetter
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ollama_panel.core.settings.tree_window import Theme as Choice
from ollama_panel.desktop import resource_files
from ollama_panel.gui import portal, theme, tokens
from ollama_panel.gui.tokens import DARK, LIGHT, Tokens

GROUNDS = ("bg", "surface", "surface2")
TEXTS = ("text", "muted", "accent", "ok", "warn", "danger", "info")
TONE_ROLE = re.compile(r'set_tone\([\w.\[\]]+, "(\w+)"')
PARTS = attrgetter("accent", "ok", "warn", "pools", "servers", "muted")
both = pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])


def _luminance(colour: str) -> float:
    def channel(start: int) -> float:
        value = int(colour[start : start + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@both
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_colour_is_readable_on_every_surface(colours: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@both
def test_selected_rows_buttons_banners_and_pills_are_readable(colours: Tokens) -> None:
    pairs = [(colours.text, colours.sel), (colours.muted, colours.sel)]
    pairs += [(colours.on_accent, colours.accent_fill), (colours.on_accent, colours.accent_hover)]
    for ground in (colours.info_bg, colours.warn_bg, colours.danger_bg):
        pairs += [(colours.text, ground), (colours.muted, ground)]
    for tone in ("ok", "warn", "danger", "info", "muted"):
        colour = getattr(colours, tone)
        pairs.append((colour, tokens.tint(colour, colours.surface)))
    for text, ground in pairs:
        assert contrast(text, ground) >= 4.5, (text, ground)


@both
def test_curves_bars_and_focus_rings_stand_out(colours: Tokens) -> None:
    for colour in (colours.accent, colours.ok, colours.warn, colours.info, colours.muted, *PARTS(colours)):
        assert contrast(colour, colours.surface) >= 3
        assert contrast(colour, colours.track) >= 3


@both
def test_the_parts_of_the_memory_bar_are_told_apart(colours: Tokens) -> None:
    """None is as dark as text either, which looks like a hole in the bar."""
    for one, other in combinations((*PARTS(colours), colours.text), 2):
        assert dist(_channels(one), _channels(other)) > 70, (one, other)


@both
def test_the_style_sheet_leaves_no_placeholder(colours: Tokens) -> None:
    sheet = theme.stylesheet(colours)
    assert "$" not in sheet
    assert colours.surface in sheet


def test_every_icon_of_the_style_sheet_exists() -> None:
    for name in ("combo", "tick"):
        assert f"/{name}.svg" in theme.stylesheet(DARK)
        assert (resource_files.folder() / "icons" / f"{name}.svg").is_file()


def test_the_theme_changes_while_the_program_runs(qapp: QApplication, theme: theme.Theme) -> None:
    changes = []
    theme.changed.connect(lambda: changes.append(theme.tokens))
    try:
        theme.choose(Choice.LIGHT)
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.bg
        theme.choose(Choice.DARK)
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.bg
    finally:
        theme.choose(Choice.DARK)
    assert changes == [LIGHT, DARK]


def test_the_portals_value_may_be_wrapped_in_variants() -> None:
    from PySide6.QtDBus import QDBusVariant

    assert portal.is_dark(QDBusVariant(QDBusVariant(1)))
    assert not portal.is_dark(QDBusVariant(2))
    assert not portal.is_dark(0)


def test_the_style_sheet_defines_every_tone_of_the_window() -> None:
    folder = Path(theme.__file__).parent
    spoken = {tone for path in folder.rglob("*.py") for tone in TONE_ROLE.findall(path.read_text(encoding="utf-8"))}
    styled = set(re.findall(r'tone="(\w+)"', theme.stylesheet(DARK)))
    assert spoken
    assert spoken <= styled
    assert styled == {"ok", "warn", "danger", "muted"}


@both
def test_every_colour_is_a_colour_and_every_role_of_the_palette_has_one(colours: Tokens) -> None:
    for name, colour in tokens.colours(colours).items():
        assert re.fullmatch("#[0-9a-f]{6}", colour), name
    drawn = theme.palette(colours)
    for role, name in theme._ROLES.items():
        assert drawn.color(role).name() == getattr(colours, name), role
    assert set(theme._SCHEMES) == set(Choice)
