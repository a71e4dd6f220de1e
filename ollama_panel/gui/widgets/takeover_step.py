"""One step of a plan: what it does, who does it, the exact commands, how it is verified, and whether it holds."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.takeover import StepBy, StepState, TakeoverStep
from ollama_panel.gui import resources
from ollama_panel.gui.notices import WayLine, notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import label, rule, set_tone
from ollama_panel.gui.widgets.ways import Ways

_MARK = 18


class StepRow(QWidget):
    """Shows one step; the mark before it has the place of its number, so that nothing moves when it is done."""

    def __init__(self, number: int, theme: Theme, copy: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._theme = number, theme
        self._step: object = None
        self._state = StepState.OPEN
        self.mark = label(str(number), "value")
        self.mark.setFixedWidth(_MARK)
        self.mark.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.told, self.by = label("", wrap=True), label("", "caption")
        self.commands = Ways(theme, copy)
        self.verified, self.problem = label("", "caption", wrap=True), label("", wrap=True)
        set_tone(self.problem, "danger")
        first = QHBoxLayout()
        first.setSpacing(MD)
        first.addWidget(self.told, 1)
        first.addWidget(self.by, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addLayout(first)
        for one in (self.commands, self.verified, self.problem):
            lines.addWidget(one)
        row = QHBoxLayout()
        row.setSpacing(MD)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(rule())
        whole.addLayout(row)
        theme.changed.connect(self._restyle)

    def show_step(self, step: TakeoverStep) -> None:
        """Show a step of a take-over in its state."""
        proof = self.tr("Proof: {how}").format(how=notice_text(step.verified))
        self.show_plan(notice_text(step.told), step.by, step.commands, step.state, notice_text(step.problem), proof)

    def show_plan(
        self, told: str, by: StepBy, commands: Sequence[str], state: StepState, problem: str = "", proof: str = ""
    ) -> None:
        """Show what a step does, who does it by which commands, how far it is, and how that is known."""
        step = told, by, tuple(commands), state, problem, proof
        if step == self._step:
            return
        self._step, self._state = step, state
        self.told.setText(told)
        self.by.setText(self._who(by))
        self.commands.show_lines([WayLine("", command, is_step=True) for command in commands])
        self.commands.setVisible(bool(commands))
        self.verified.setText(proof)
        self.verified.setVisible(bool(proof))
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._restyle()

    def _who(self, by: StepBy) -> str:
        return {
            StepBy.PANEL: self.tr("the panel"),
            StepBy.ROOT: self.tr("an administrator"),
            StepBy.USER: self.tr("you"),
        }[by]

    def _states(self) -> dict[StepState, str]:
        return {
            StepState.OPEN: self.tr("open"),
            StepState.UNDER_WAY: self.tr("under way"),
            StepState.WAITING: self.tr("waits for you"),
            StepState.DONE: self.tr("done"),
            StepState.FAILED: self.tr("failed"),
        }

    def _restyle(self) -> None:
        state, colours = self._state, self._theme.tokens
        if self._step is None:
            return
        icons = {StepState.DONE: ("check", colours.ok), StepState.FAILED: ("warning", colours.danger)}
        if state in icons:
            self.mark.setPixmap(resources.pixmap(*icons[state], size=_MARK, scale=self.devicePixelRatioF()))
        else:
            self.mark.setText(str(self._number))
            tones = {StepState.WAITING: "warn", StepState.UNDER_WAY: "info"}
            set_tone(self.mark, tones.get(state, "muted"))
        told = self.tr("Step {number}, {state}: {told}")
        self.setAccessibleName(told.format(number=self._number, state=self._states()[state], told=self.told.text()))


def fit_rows(
    rows: list[StepRow], place: QVBoxLayout, count: int, theme: Theme, copy: Callable[[str], None], *, first: int = 0
) -> None:
    """Take rows away from the end, or add some, until there are as many as steps; the `first` is there in a layout."""
    while len(rows) > count:
        gone = rows.pop()
        place.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
    while len(rows) < count:
        row = StepRow(len(rows) + 1, theme, copy)
        place.insertWidget(first + len(rows), row)
        rows.append(row)
