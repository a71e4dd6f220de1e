"""The theme: the Fusion style with a palette and a style sheet of our own, switched while the program runs.

`QStyleHints.setColorScheme` does nothing on several Linux platforms, where the palette does not follow the desktop
either, so palette and style sheet are always our own; the hint is still set, for native title bars.
"""

from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from ollama_panel.core.settings.tree_window import Theme as Choice
from ollama_panel.desktop import resource_files
from ollama_panel.gui import resources, tokens
from ollama_panel.gui.portal import DesktopScheme
from ollama_panel.gui.tokens import DARK, LIGHT, Tokens

_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface2",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface2",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "accent_fill",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.ToolTipBase: "surface2",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Accent: "accent",
}
_SCHEMES = {
    Choice.SYSTEM: Qt.ColorScheme.Unknown,
    Choice.LIGHT: Qt.ColorScheme.Light,
    Choice.DARK: Qt.ColorScheme.Dark,
}


def palette(colours: Tokens) -> QPalette:
    """Return the palette of a theme."""
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, QColor(getattr(colours, name)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return made


def stylesheet(colours: Tokens) -> str:
    """Return the style sheet of a theme."""
    sizes = {
        "caption": tokens.CAPTION,
        "body": tokens.BODY,
        "title": tokens.TITLE,
        "heading": tokens.HEADING,
        "kpi": tokens.KPI,
        "control_radius": tokens.RADIUS_CONTROL,
        "card_radius": tokens.RADIUS_CARD,
        "mono": ", ".join(f'"{family}"' for family in tokens.MONOSPACE),
        "icons": (resource_files.folder() / "icons").as_posix(),
    }
    return Template(resources.text("style.qss")).substitute(sizes | tokens.colours(colours))


def font() -> QFont:
    """Return the text font, the first installed one of the list."""
    made = QFont()
    made.setFamilies(list(tokens.FONTS))
    made.setPixelSize(tokens.BODY)
    return made


class Theme(QObject):
    """The theme in use. Painted widgets read `tokens` when they paint; `changed` is for those that cache QPens."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: Choice = Choice.SYSTEM) -> None:
        super().__init__(app)
        self.tokens = LIGHT
        self._app = app
        self._choice = choice
        self._desktop = DesktopScheme(self)
        self._desktop.changed.connect(self._follow)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        app.setStyle("Fusion")
        app.setFont(font())
        self._apply(self._wanted())

    def choose(self, choice: Choice) -> None:
        """Apply a theme; SYSTEM follows the desktop."""
        if choice is self._choice:
            return
        self._choice = choice
        self._app.styleHints().setColorScheme(_SCHEMES[choice])
        self._follow()

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self.tokens:
            self._apply(wanted)

    def _wanted(self) -> Tokens:
        if self._choice is not Choice.SYSTEM:
            return DARK if self._choice is Choice.DARK else LIGHT
        scheme = self._app.styleHints().colorScheme()
        if scheme is Qt.ColorScheme.Unknown:
            return DARK if self._desktop.dark else LIGHT
        return DARK if scheme is Qt.ColorScheme.Dark else LIGHT

    def _apply(self, wanted: Tokens) -> None:
        self.tokens = wanted
        self._app.setPalette(palette(wanted))
        self._app.setStyleSheet(stylesheet(wanted))
        self.changed.emit()
