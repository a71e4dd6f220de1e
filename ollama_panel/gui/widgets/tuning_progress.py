"""A tuning under way in one strip: what is tried and why, how far it is, and how long it takes yet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ollama_panel.core.tuning.record import TuningRecord, TuningState
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.tuning_texts import span, state_label, trial_title
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, label
from ollama_panel.gui.widgets.elided_label import ElidedLabel, LinesLabel
from ollama_panel.gui.widgets.state_pill import StatePill
from ollama_panel.gui.widgets.trial_bar import TrialBar

STRIP, LINES = 104, 3
"""Pixels: the height of the strip, which is that of the verdict in its place; the lines of the text in it."""
_TIME = 116
"""Pixels: the width of the time that is left."""


class TuningProgress(Card):
    """The strip. Its parts keep their places in all states."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedHeight(STRIP)
        self.body.setContentsMargins(LG, SM, LG, SM)
        self.title = ElidedLabel("", "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.state = StatePill(theme)
        self.why = LinesLabel(LINES, "", "muted")
        self.why.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.number, self.most = ElidedLabel("", "value"), label("", "caption")
        self.bar = TrialBar(theme)
        self.gone, self.at_most = label("", "muted"), label("", "muted")
        self.left, self.left_unit = label("", "kpi"), label("", "muted")
        self._lay_out()

    def show_record(self, record: TuningRecord) -> None:
        """Show a tuning."""
        self.title.show_text(self._title(record))
        self.state.show_state(*state_label(record))
        self.why.show_text(self._why(record))
        done, about = len(record.outcomes), trials_about(record)
        told = self.tr("Trial {number} of about {about}")
        self.number.show_text(told.format(number=fmt.number(min(done + 1, about)), about=fmt.number(about)))
        self.most.setText(self.tr("{number} at most").format(number=fmt.number(record.task.most_trials)))
        self.bar.show_tones(_tones(record, about), self.number.text())
        self.gone.setText(self.tr("{time} gone").format(time=span(record.elapsed_s)))
        minutes = fmt.number(record.task.most_minutes)
        self.at_most.setText(self.tr("{minutes} min at most").format(minutes=minutes))
        self._show_left(record)

    def _title(self, record: TuningRecord) -> str:
        trial = record.current
        if trial is None:
            if record.state is TuningState.PAUSED:
                return self.tr("Trial {number} comes next").format(number=fmt.number(len(record.outcomes) + 1))
            return self.tr("Setting up") if not record.outcomes else self.tr("Between two trials")
        title = trial_title(trial, record)
        if record.state is TuningState.MEASURING and record.wave:
            return self.tr("{settings}, wave {number}").format(settings=title, number=fmt.number(record.wave))
        return title

    def _why(self, record: TuningRecord) -> str:
        """Return why it does not go on, else why the trial is made."""
        if record.reason is not None:
            return notice_text(record.reason)
        if record.state is TuningState.RESTORING:
            return self.tr("The workers start with your settings again.")
        if record.state is TuningState.PAUSED:
            return self.tr("Your settings are in force. Go on makes the trial that is next, and those after it.")
        if record.current is None:
            return self.tr("The model is loaded once for all numbers of slots. Requests of your programs go first.")
        return self.tr("Why: {reason}").format(reason=notice_text(record.current.why))

    def _show_left(self, record: TuningRecord) -> None:
        left = record.left_s
        if left is None or record.state in (TuningState.PAUSED, TuningState.WAITING):
            self.left.setText(fmt.UNKNOWN)
            self.left_unit.setText("")
        elif left < 60:
            self.left.setText("< 1")
            self.left_unit.setText(self.tr("min"))
        else:
            self.left.setText(fmt.number(round(left / 60)))
            self.left_unit.setText(self.tr("min, about"))

    def _lay_out(self) -> None:
        first = QVBoxLayout()
        first.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(SM)
        head.addWidget(self.title)
        head.addWidget(self.state)
        head.addStretch()
        first.addLayout(head)
        first.addWidget(self.why)
        first.addStretch()
        second = QGridLayout()
        second.setVerticalSpacing(7)
        second.addWidget(self.number, 0, 0)
        second.addWidget(self.most, 0, 1, Qt.AlignmentFlag.AlignRight)
        second.addWidget(self.bar, 1, 0, 1, 2)
        second.addWidget(self.gone, 2, 0)
        second.addWidget(self.at_most, 2, 1, Qt.AlignmentFlag.AlignRight)
        second.setColumnStretch(0, 1)
        third = QVBoxLayout()
        third.setSpacing(0)
        time = QHBoxLayout()
        time.setSpacing(6)
        time.addWidget(self.left)
        time.addWidget(self.left_unit, 0, Qt.AlignmentFlag.AlignBottom)
        time.addStretch()
        third.addStretch()
        third.addWidget(label(self.tr("Time left"), "muted"))
        third.addLayout(time)
        third.addStretch()
        row = QHBoxLayout()
        row.setSpacing(LG + SM)
        row.addLayout(first, 40)
        row.addWidget(_upright())
        row.addLayout(second, 44)
        row.addWidget(_upright())
        place = QWidget()
        place.setLayout(third)
        third.setContentsMargins(0, 0, 0, 0)
        place.setMinimumWidth(_TIME)
        row.addWidget(place)
        self.body.addLayout(row)


def trials_about(record: TuningRecord) -> int:
    """Return how many trials there are about, those that have ended among them."""
    to_come = sum(max(1, len(one.candidates)) for one in record.to_come if not one.skipped)
    about = len(record.outcomes) + (record.current is not None) + to_come
    return max(1, min(about, max(record.task.most_trials, len(record.outcomes))))


def _tones(record: TuningRecord, about: int) -> list[str]:
    """Return the colours of the segments: of those that have ended, the one under way, and those to come."""
    done = ["ok" if one.measurement is not None else "danger" for one in record.outcomes]
    held = record.state in (TuningState.PAUSED, TuningState.WAITING)
    now = ["warn" if held else "accent"] if record.current is not None else []
    return [*done, *now, *["track"] * max(0, about - len(done) - len(now))]


def _upright() -> QFrame:
    line = QFrame()
    line.setObjectName("upright")
    return line
