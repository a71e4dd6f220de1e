"""The fourth step: whether a request gets its answer through the panel, and who else comes through it."""

from typing import Self

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.trial import TrialState
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.clients_part import ClientsPart
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.trial_card import TrialCard

_TRIAL = 324
"""The height in pixels of the test, as on the page Connect."""


class TrialStep(PageFrame):
    """Sends a request through the panel, as a program does, beside the programs that do."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Test"), parent)
        self._client = client
        self.card, self.clients = TrialCard(client, theme), ClientsPart(client, theme)
        self.card.setFixedHeight(_TRIAL)
        self.set_summary(self.tr("A request goes through the panel, as those of your programs do."))
        self.body.addWidget(self.card)
        self.body.addWidget(self.clients, 1)

    @property
    def answered(self) -> bool:
        """Whether a test has got its answer."""
        return self.card.trial is not None and self.card.trial.state is TrialState.ANSWERED

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.card.show_snapshot(snapshot)
        self.clients.show_snapshot(snapshot)

    @override
    def take_over(self, old: Self) -> None:
        self.card.take_over(old.card)
        self.clients.show_snapshot(self._client.snapshot)
        self.clients.show_all(old.clients.all.isChecked())
