"""One server whose place the workers have taken, or are to take or to give back; with the way back."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.replacements import Replacement, ServerCommand
from ollama_panel.core.replacing import of_replacement
from ollama_panel.core.servers import FoundServer
from ollama_panel.gui import results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import button, label, rule


class ReplacementRow(QWidget):
    """Says how far it is, what the user is to type, and gives the server its place back."""

    def __init__(self, client: EngineClient, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._name = name
        self.told, self.todo = label("", wrap=True), label("", "mono", wrap=True)
        self.todo.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.give_back = button(
            self.tr("Give it back"), self.tr("Stops what has its place, and starts the server as it ran"), small=True
        )
        self.give_back.setAccessibleName(f"{self.give_back.text()} {name}")
        self.give_back.clicked.connect(self._start)
        row = QHBoxLayout()
        row.setSpacing(LG)
        row.addWidget(self.told, 1)
        row.addWidget(self.give_back)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, SM, 0, SM)
        whole.setSpacing(SM)
        whole.addWidget(rule())
        whole.addLayout(row)
        whole.addWidget(self.todo)

    def show_replacement(self, one: Replacement, found: Iterable[FoundServer]) -> None:
        """Show how far it is; `found` are the servers that run now."""
        self.told.setText(notice_text(of_replacement(one, found)))
        self.todo.setText("\n".join(one.todo))
        self.todo.setVisible(bool(one.todo))

    def _start(self) -> None:
        """Give the server its place back; meanwhile the button takes no further click."""
        self.give_back.setEnabled(False)
        self._client.spawn(self._give_back())

    async def _give_back(self) -> None:
        try:
            await results.act_on_server(self._client, self._name, ServerCommand.GIVE_BACK)
        finally:
            if tasks.exists(self):
                self.give_back.setEnabled(True)
