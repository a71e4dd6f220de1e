"""What a tuning leaves to the user's own requests, what has happened, and under which conditions it measures."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui import resources
from ollama_panel.gui.models.tuning_texts import clock, settings_text
from ollama_panel.gui.notices import notice_text, tone_of
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card, set_tone
from ollama_panel.gui.widgets.elided_label import TwoLineLabel
from ollama_panel.gui.widgets.state_pill import StatePill

_ICON = 15
"""Pixels."""


class TuningTraffic(Card):
    """Three lines in fixed places: the last thing that happened, what comes back by itself, and the conditions."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Your traffic goes first"), parent)
        self._theme = theme
        self.interruptions = StatePill(theme)
        self.heading.addWidget(self.interruptions)
        self._icons = [QLabel() for _ in range(3)]
        self.lines = [TwoLineLabel() for _ in range(3)]
        self._warned = False
        grid = QGridLayout()
        grid.setHorizontalSpacing(SM)
        grid.setVerticalSpacing(SM)
        grid.setColumnStretch(1, 1)
        for row, (icon, line) in enumerate(zip(self._icons, self.lines, strict=True)):
            line.setAlignment(Qt.AlignmentFlag.AlignTop)
            icon.setFixedWidth(_ICON)
            grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(line, row, 1)
        self.body.addLayout(grid)
        self.body.addStretch()
        self.setFixedHeight(self.sizeHint().height())
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_record(self, record: TuningRecord) -> None:
        """Show what has happened during a tuning."""
        self.interruptions.show_state(
            self.tr("%n interruption(s)", "", record.interruptions), "warn" if record.interruptions > 2 else "muted"
        )
        happened = [f"{clock(one.at)} {notice_text(one.what)}" for one in record.happenings]
        self.lines[0].show_text(
            happened[-1]
            if happened
            else self.tr("When a program of yours asks, the trial ends at once and is repeated.")
        )
        if len(happened) > 1:
            self.lines[0].setToolTip("\n".join(happened))
        told = self.tr("Cancel, a crash or a power cut: your settings come back by themselves ({settings}).")
        context = self.tr("context {tokens}").format(tokens=fmt.number(record.settings.context_length))
        settings = self.tr("{slots}, {context}").format(slots=settings_text(record.present), context=context)
        self.lines[1].show_text(told.format(settings=settings))
        conditions = " ".join(map(notice_text, record.conditions))
        self.lines[2].show_text(conditions or self.tr("Nothing is known that would disturb the measurements."))
        warned = tone_of(record.conditions) != "info"
        set_tone(self.lines[2], "warn" if warned else "")
        if warned is not self._warned:
            self._warned = warned
            self._restyle()

    def _restyle(self) -> None:
        colours = self._theme.tokens
        icons = (
            ("check", colours.ok),
            ("undo", colours.muted),
            ("chip", colours.warn if self._warned else colours.muted),
        )
        for label, (name, colour) in zip(self._icons, icons, strict=True):
            label.setPixmap(resources.pixmap(name, colour, _ICON, self.devicePixelRatioF()))
