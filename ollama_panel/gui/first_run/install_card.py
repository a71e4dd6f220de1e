"""What to do where there is no Ollama: the exact line for this system, or to look around with a simulated one."""

import sys
from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ollama_panel.gui.notices import WayLine
from ollama_panel.gui.offers import DOWNLOAD
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.ways import Ways

COMMANDS = {
    "linux": "curl -fsSL https://ollama.com/install.sh | sh",
    "darwin": "brew install ollama",
    "win32": "winget install Ollama.Ollama",
}
"""The line that installs Ollama: its own installer for Linux, and the packages of the usual managers of the others."""


class InstallCard(Card):
    """The line to copy, and the page with all downloads."""

    def __init__(
        self,
        theme: Theme,
        copy: Callable[[str], None],
        parent: QWidget | None = None,
        platform: str = sys.platform,
    ) -> None:
        """`copy` copies the line."""
        super().__init__(self.tr("Install Ollama"), parent)
        self.body.addWidget(label(self.tr("Type this line in a terminal:"), "muted", wrap=True))
        self.line = Ways(theme, copy)
        self.line.show_lines((WayLine("", COMMANDS.get(platform, COMMANDS["linux"]), is_step=True),))
        self.body.addWidget(self.line)
        then = self.tr("The panel notices it by itself, and this step goes on. Until then you can look around.")
        self.body.addWidget(label(then, "muted", wrap=True))
        self.download = button(self.tr("Other ways…"), self.tr("Opens {url} in your browser").format(url=DOWNLOAD))
        self.download.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(DOWNLOAD)))
        self.body.addSpacing(SM)
        self.body.addWidget(self.download, 0, Qt.AlignmentFlag.AlignLeft)
