"""The memory after what is ticked: a bar that follows the ticks."""

from PySide6.QtWidgets import QWidget

from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import preview
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.card import Card, label, set_tone
from ollama_panel.gui.widgets.fit_bar import FitBar


class MemoryCard(Card):
    """The parts of the memory of all pools, and whether they fit."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Memory after this"), parent)
        self._made_of: object = None
        self.verdict = label("", "value")
        self.heading.addWidget(self.verdict)
        self.bar = FitBar(theme)
        self.bar.setAccessibleName(self.tr("Memory after this"))
        self.body.addWidget(self.bar)

    def show_settings(self, snapshot: Snapshot, wanted: Settings) -> None:
        """Show what the pools of these settings need on the machine as it is."""
        made_of = (preview.inputs(snapshot), wanted.pools)
        if made_of == self._made_of:
            return
        self._made_of = made_of
        fit = preview.whole_fit(snapshot, wanted)
        self.verdict.setText(fit.verdict)
        set_tone(self.verdict, fit.tone)
        self.verdict.setToolTip(fit.why)
        self.bar.show_parts(fit.parts, fit.total)
