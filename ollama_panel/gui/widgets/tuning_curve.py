"""The curve of a tuning on a card, with what it was measured on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ollama_panel.core.tuning.record import ENDED, TuningRecord
from ollama_panel.core.tuning.steps import steps_of
from ollama_panel.gui.charts.steps_plot import StepsPlot
from ollama_panel.gui.models.tuning_texts import about, moment
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card
from ollama_panel.gui.widgets.elided_label import ElidedLabel


class TuningCurve(Card):
    """The card."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What each step gives"), parent)
        self.origin = ElidedLabel("", "caption")
        self.origin.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.heading.setStretch(1, 0)
        self.heading.addWidget(self.origin, 1)
        self.plot = StepsPlot(theme)
        self.body.setSpacing(SM)
        self.body.addWidget(self.plot, 1)

    def show_record(self, record: TuningRecord, other: TuningRecord | None = None) -> None:
        """Show a tuning, and another one beside it, which was made before."""
        beyond = notice_text(record.beyond)
        if not beyond and record.slots_that_fit is not None:
            beyond = self.tr("%n slot(s) fit", "", record.slots_that_fit)
        self.plot.show_steps(steps_of(record), beyond, steps_of(other) if other is not None else None)
        if other is not None:
            first, second = moment(record.provenance.at), moment(other.provenance.at)
            told = self.tr("round: {first} · square: {second}").format(first=first, second=second)
        elif record.state in ENDED:
            told = " · ".join(_origin(record)) or about(record)
        else:
            told = about(record)
        self.origin.show_text(told)


def _origin(record: TuningRecord) -> list[str]:
    it = record.provenance
    ollama = f"Ollama {it.ollama}" if it.ollama else ""
    return [part for part in (it.hardware, it.driver, ollama) if part]
