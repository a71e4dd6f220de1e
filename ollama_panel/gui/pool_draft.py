"""What a user wants of a pool beside what is in force; it outlives the card that shows it, as an Apply does."""

from PySide6.QtCore import QObject, Signal

from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.gui import preview, results
from ollama_panel.gui.client import EngineClient


class PoolDraft(QObject):
    """The draft of one pool's settings. `changed` is emitted with every change of it, and when an Apply has ended."""

    changed = Signal()

    def __init__(self, pool: PoolSettings) -> None:
        super().__init__()
        self.base = pool
        self.wanted = pool
        self.applying = False

    @property
    def dirty(self) -> bool:
        """Whether the user wants something else than what is in force."""
        return self.wanted != self.base

    def edit(self, wanted: PoolSettings) -> None:
        """Set what the user wants."""
        self.wanted = wanted
        self.changed.emit()

    def revert(self) -> None:
        """Want what is in force."""
        self.edit(self.base)

    def rebase(self, base: PoolSettings) -> None:
        """Take what is in force now, and keep what the user has changed."""
        self.wanted, self.base = merged(self.base, self.wanted, base), base
        self.changed.emit()

    async def apply(self, client: EngineClient) -> None:
        """Put the draft in force. Raises PanelError if the engine refuses it or an instance does not run with it."""
        self.applying = True
        self.changed.emit()
        try:
            await results.apply(client, preview.with_pool(client.snapshot.settings, self.wanted))
        finally:
            self.applying = False
            self.changed.emit()
