"""What to do with an export: the steps of the panel where it can do them, and those by hand, with their commands."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.export.deployment import Step
from ollama_panel.core.notices import Notice
from ollama_panel.gui import resources
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM
from ollama_panel.gui.widgets.card import Card, button, label, rule, set_tone
from ollama_panel.gui.widgets.command_box import CommandBox
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import scrolled

_MARK, _ICON = 20, 16
_LEAST, _ROOMY = 38, 300
"""Pixels: the least heights of the steps by hand."""


class StepRow(QWidget):
    """A numbered step: a title, what is said of it, and what to type for it."""

    def __init__(self, theme: Theme, number: int, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark = label(str(number), "step")
        mark.setFixedSize(_MARK, _MARK)
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._number = number
        self.told = label("", "muted" if title else "", wrap=True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.command = CommandBox(theme)
        self.command.hide()
        lines = QVBoxLayout()
        lines.setSpacing(1)
        if title:
            lines.addWidget(label(title, "value"))
        lines.addWidget(self.told)
        first = QHBoxLayout()
        first.setSpacing(MD)
        first.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        first.addLayout(lines, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(SM - 2)
        whole.addLayout(first)
        whole.addWidget(self.command)

    def show_step(self, told: str, command: str = "") -> None:
        """Show what is said of the step, and its commands, "" = none."""
        self.told.setText(told)
        self.command.show_command(command, self.tr("Commands of step {number}").format(number=self._number))
        self.command.setVisible(bool(command))


class PanelSteps(Card):
    """What the panel does by itself when an export is applied."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What to do next"), parent)
        self.body.setSpacing(SM)
        self._put = StepRow(theme, 1, self.tr("Apply here"))
        self._restart = StepRow(theme, 2, self.tr("Reload and restart"))
        self._prove = StepRow(theme, 3, self.tr("Prove it"))
        for row in (self._put, self._restart, self._prove):
            self.body.addWidget(rule())
            self.body.addWidget(row)

    def show_waiting(self, waiting: int) -> None:
        """Tell the steps; so many requests wait in the panel."""
        self._put.show_step(
            self.tr("Shows the difference, keeps a copy, writes the files. Says first what needs sudo.")
        )
        idle = self.tr("When no client is at work there.")
        wait = self.tr("%n wait here meanwhile.", "", waiting) if waiting else ""
        self._restart.show_step(" ".join(filter(None, (idle, wait))))
        self._prove.show_step(self.tr("Reads the settings back from log and process; goes back if they do not hold."))


class HandSteps(Card):
    """The steps with their commands. `copy_wanted` has all commands, as they are to be typed."""

    copy_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._theme = theme
        self._shown: tuple[tuple[Step, ...], tuple[Notice, ...]] | None = None
        self.rows: list[StepRow] = []
        self.title = ElidedLabel("", "title")
        self.notes = label("", "caption", wrap=True)
        set_tone(self.notes, "warn")
        self.copy = button(self.tr("Copy commands"), self.tr("Copies the commands of all steps"), small=True)
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(self.commands))
        content = QWidget()
        content.setObjectName("page")
        self._lines = QVBoxLayout(content)
        self._lines.setContentsMargins(0, 0, SM, 0)
        self._lines.setSpacing(MD)
        self._lines.addWidget(self.notes)
        self._lines.addStretch(1)
        self.area = scrolled(content, self)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # texts alone would not scroll by the keyboard
        self.be_roomy(False)
        self.body.setContentsMargins(16, 13, 8, 13)
        self.body.setSpacing(SM)
        self.body.addWidget(self.title)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def commands(self) -> str:
        """The commands of all steps, one in each line."""
        steps = self._shown[0] if self._shown is not None else ()
        return "".join(f"{step.command}\n" for step in steps if step.command)

    def show_steps(self, title: str, steps: Sequence[Step], notes: Sequence[Notice]) -> None:
        """Show these steps, and below them notes on what holds for this machine only."""
        self.title.show_text(title)
        self.area.setAccessibleName(title)
        if self._shown == (tuple(steps), tuple(notes)):
            return
        self._shown = tuple(steps), tuple(notes)
        while self.rows:
            gone = self.rows.pop()
            self._lines.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for number, step in enumerate(steps, 1):
            row = StepRow(self._theme, number)
            row.show_step(notice_text(step.told), step.command)
            self.rows.append(row)
            self._lines.insertWidget(number - 1, row)
        told = map(notice_text, notes) if steps or notes else (self.tr("The steps are told with the text."),)
        self.notes.setText("\n".join(told))
        set_tone(self.notes, "warn" if notes else "muted")
        self.notes.setVisible(bool(self.notes.text()))
        self.copy.setEnabled(bool(self.commands))

    def be_roomy(self, on: bool) -> None:
        """Take a height in which most steps can be read whole, as where nothing else is beside them."""
        self.area.setMinimumHeight(_ROOMY if on else _LEAST)

    def _restyle(self) -> None:
        colours = self._theme.tokens
        self.copy.setIcon(resources.icon("copy", colours.text, disabled=colours.muted, size=_ICON))
        self.copy.setIconSize(QSize(_ICON, _ICON))
