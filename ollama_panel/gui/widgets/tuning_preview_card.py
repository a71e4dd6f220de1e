"""What a tuning would do, before it is begun: how long it takes, what happens meanwhile, which slots fit."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ollama_panel.core.notices import Notice
from ollama_panel.core.tuning.record import TuningPreview
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.tuning_texts import slots_text
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, label, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import scrolled

_LEAST = 250
"""Pixels."""


class TuningPreviewCard(Card):
    """The card keeps its height whatever there is to tell; a long text scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What will happen"), parent)
        self.headline, self.most = ElidedLabel("", "headline"), ElidedLabel("", "caption")
        self.text, self.caution, self.problem = (label("", wrap=True) for _ in range(3))
        set_tone(self.caution, "warn")
        set_tone(self.problem, "danger")
        content = QWidget()
        content.setObjectName("page")
        lines = QVBoxLayout(content)
        lines.setContentsMargins(0, 0, SM, 0)
        lines.setSpacing(LG)  # as the empty lines in a text
        for part in (self.problem, self.text, self.caution):
            part.setAlignment(Qt.AlignmentFlag.AlignTop)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            lines.addWidget(part)
        lines.addStretch()
        self.body.addWidget(self.headline)
        self.body.addWidget(self.most)
        self.body.addSpacing(SM)
        area = scrolled(content, self)
        area.setAccessibleName(self.tr("What will happen"))
        self.body.addWidget(area, 1)
        self.setMinimumHeight(_LEAST)

    def show_preview(self, task: TuningTask | None, preview: TuningPreview | None) -> None:
        """Show what is known of a task; None = there is no model to tune for, or it is not known yet."""
        if task is None or preview is None:
            self.headline.show_text(fmt.UNKNOWN)
            self.most.show_text("")
            nothing = self.tr("There is no model for a pool with workers: fetch one, or give a pool a worker.")
            self._show(self.text, nothing if task is None else "")
            self._show(self.caution, "")
            self._show(self.problem, "")
            return
        possible = preview.problem is None
        told = self.tr("About {minutes} min, %n trial(s)", "", preview.trials)
        minutes = fmt.number(max(1, round(preview.minutes)))
        self.headline.show_text(told.format(minutes=minutes) if possible else self.tr("Not possible now"))
        most = self.tr("{trials} trials and {minutes} min at most; you can pause and cancel at any time")
        self.most.show_text(most.format(trials=fmt.number(task.most_trials), minutes=fmt.number(task.most_minutes)))
        lines = [self.tr("It goes on with the trials of the tuning that was interrupted.")] if preview.resumes else []
        lines += [notice_text(line) for line in preview.lines]
        if preview.slots_that_fit is not None:
            fit = self.tr("{slots} of each worker fit into the memory.")
            lines.append(fit.format(slots=slots_text(preview.slots_that_fit)))
        lines += [notice_text(preview.beyond)] if preview.beyond is not None else []
        self._show(self.text, "\n\n".join(lines))
        self._show(self.caution, _lines(preview.cautions))
        self._show(self.problem, notice_text(preview.problem))

    def _show(self, part: QLabel, text: str) -> None:
        part.setText(text)
        part.setVisible(bool(text))


def _lines(notices: tuple[Notice, ...]) -> str:
    return "\n\n".join(map(notice_text, notices))
