"""What is known of one Ollama server beyond its line in the list; its values can be selected, to be copied."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ollama_panel.core.server_notices import of_log
from ollama_panel.core.servers import FoundServer
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, XS
from ollama_panel.gui.widgets.card import label


class ServerDetails(QWidget):
    """Names with their values, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = (self.tr("Process"), self.tr("Program"), self.tr("Models in"), self.tr("Log"), self.tr("Environment"))
        self.values = tuple(label("", wrap=True) for _ in titles)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(LG)
        grid.setVerticalSpacing(XS)
        grid.setColumnStretch(1, 1)
        for row, (title, value) in enumerate(zip(titles, self.values, strict=True)):
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label(title, "muted", of=value), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)

    def show_server(self, server: FoundServer) -> None:
        """Show what is known of a server."""
        user = self.tr("{pid}, of user {user}").format(pid=server.pid, user=server.user or fmt.UNKNOWN)
        log = notice_text(of_log(server))
        told = (user, " ".join(server.arguments), server.store, log, self._variables(server))
        for value, text in zip(self.values, told, strict=True):
            value.setText(text or fmt.UNKNOWN)

    def _variables(self, server: FoundServer) -> str:
        if server.variables is None:
            return notice_text(server.unreadable)
        told = "\n".join(f"{name}={value}" for name, value in server.variables.items())
        return told or self.tr("no variable that Ollama reads")
