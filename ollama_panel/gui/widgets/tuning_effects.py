"""What applying the result of a tuning does: what restarts, what becomes of requests, and the way back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.core.tuning.trial import Candidate
from ollama_panel.gui import preview
from ollama_panel.gui.models.tuning_texts import settings_text
from ollama_panel.gui.widgets.card import Card, label
from ollama_panel.gui.widgets.plan_text import PlanText

_LINES = 3


class TuningEffects(Card):
    """The card; it has the same height whatever it says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.addWidget(label(self.tr("Apply does this"), "section"))
        self.text = PlanText(self.tr("What applying the result does"), _LINES, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.text)

    def show_record(self, record: TuningRecord, snapshot: Snapshot) -> bool:
        """Show what applying a tuning does; return whether there is something to apply."""
        verdict = record.verdict
        pool = preview.pool_of(snapshot.settings, record.task.pool)
        if verdict is None or verdict.after is None:
            self.text.show_text(self.tr("Nothing was found that could be applied."))
            return False
        if pool is None:
            self.text.show_text(self.tr("The pool {pool} does not exist any more.").format(pool=record.task.pool))
            return False
        wanted = verdict.best.applied(pool)
        if wanted == pool:
            self.text.show_text(self.tr("Nothing: these settings are in force."))
            return False
        plan = preview.plan_text(snapshot, preview.with_pool(snapshot.settings, wanted))
        back = self.tr("Undo brings back {settings}.").format(settings=settings_text(Candidate.of(pool), verdict.best))
        self.text.show_text("\n".join(filter(None, (plan, back))))
        return True
