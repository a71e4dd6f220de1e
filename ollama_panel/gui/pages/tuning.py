"""The tuning page: what is to be measured, the measurement as it goes on, and what it has found."""

from typing import Self

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.card import button
from ollama_panel.gui.widgets.layout import PageFrame


class TuningPage(PageFrame):
    """Begins, shows and applies tunings. `page_wanted` has the name of another page that the user wants to see."""

    page_wanted = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Tuning"), parent)
        self._client, self._theme = client, theme
        self.start = button(self.tr("Start"), self.tr("Measures which settings suit this machine"), primary=True)
        self.controls.addWidget(self.start)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the tuning under way, or the last one."""
        self.set_summary(
            self.tr("Measures which settings suit this machine. Nothing is changed until you press Apply.")
        )
        self.start.setEnabled(not snapshot.starting and snapshot.tuning is None)

    @override
    def take_over(self, old: Self) -> None:
        self.show_snapshot(self._client.snapshot)
