"""The buttons of the tuning page, for each of its views."""

from enum import Enum

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from ollama_panel.core.tuning.record import TuningRecord, TuningState
from ollama_panel.gui import resources
from ollama_panel.gui.models.tuning_texts import settings_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import button

_ICON = 16
_LATER = "tuning.waits_until"
"""Why a tuning waits that goes on only at a quiet time, unless the user lets it go on before."""


class View(Enum):
    """What the page shows: the form of a new tuning, the one under way, or what one has found."""

    BEFORE = "before"
    LIVE = "live"
    AFTER = "after"


class TuningButtons(QWidget):
    """The buttons of one view at a time. Within a view they keep their places, and are grey when they mean nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.last = button(self.tr("Last result"), self.tr("Shows what the last tuning has found"))
        self.start = button(self.tr("Start"), self.tr("Begins to measure; your programs go first"), primary=True)
        self.pause = button(self.tr("Pause"), self.tr("Your settings are in force until it goes on"))
        self.resume = button(self.tr("Go on"), self.tr("Goes on with the trials that are left"))
        self.cancel = button(self.tr("Cancel"), self.tr("Ends the tuning; your settings are in force as before"))
        self.cancel.setProperty("danger", True)
        self.new = button(self.tr("New tuning"), self.tr("Measures again, or for another model or goal"))
        self.copy = button(self.tr("Copy"), self.tr("Copies the result as text, picture or table"))
        self.export = button(self.tr("Export"), self.tr("Shows the settings in force for machines without the panel"))
        self.save = button(self.tr("Save as profile"), self.tr("Keeps the settings found under a name"))
        self.apply = button(self.tr("Apply"), primary=True)
        self.menu = QMenu(self)
        self.as_text = self.menu.addAction(self.tr("Copy as text"))
        self.as_picture = self.menu.addAction(self.tr("Copy as picture"))
        self.as_table = self.menu.addAction(self.tr("Copy as table (CSV)"))
        self.copy.setMenu(self.menu)
        self._views = {
            View.BEFORE: (self.last, self.start),
            View.LIVE: (self.pause, self.resume, self.cancel),
            View.AFTER: (self.new, self.copy, self.export, self.save, self.apply),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(MD - 2)
        row.addStretch()
        for made in (one for group in self._views.values() for one in group):
            made.setIconSize(QSize(_ICON, _ICON))
            row.addWidget(made)
        width = max(self.pause.sizeHint().width(), self.resume.sizeHint().width()) + _ICON
        for made in (self.pause, self.resume):
            made.setMinimumWidth(width)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_view(self, view: View, record: TuningRecord | None, *, applies: bool) -> None:
        """Show the buttons of a view; `applies`: there is something to apply."""
        for other, group in self._views.items():
            for made in group:
                made.setVisible(other is view)
        if record is None:
            return
        later = record.reason is not None and record.reason.code == _LATER
        stands = record.state is TuningState.PAUSED or (record.state is TuningState.WAITING and later)
        self.pause.setVisible(view is View.LIVE and not stands)
        self.resume.setVisible(view is View.LIVE and stands)
        self.pause.setEnabled(record.state is not TuningState.RESTORING)
        self.cancel.setEnabled(record.state is not TuningState.RESTORING)
        found = record.verdict is not None and record.verdict.after is not None
        self.copy.setEnabled(bool(record.outcomes))
        self.save.setEnabled(found)
        self.apply.setEnabled(applies)
        verdict = record.verdict
        if verdict is None or not found:
            self.apply.setText(self.tr("Apply"))
        else:
            settings = settings_text(verdict.best, record.present)
            self.apply.setText(self.tr("Apply {settings}").format(settings=settings))
        self.apply.setToolTip(self.tr("Puts what was found into force; Undo brings your settings back"))

    def _restyle(self) -> None:
        colours = self._theme.tokens
        icons: tuple[tuple[QPushButton, str], ...] = (
            (self.pause, "pause"),
            (self.resume, "play"),
            (self.copy, "copy"),
            (self.export, "export"),
        )
        for made, name in icons:
            made.setIcon(resources.icon(name, colours.text, disabled=colours.muted, size=_ICON))
