"""The action "Start at login", for menus and the settings page."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from ollama_panel.core.errors import PanelError
from ollama_panel.desktop.systems import Desktop
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tasks import exists
from ollama_panel.gui.toasts import Toast


class LoginAction(QAction):
    """Checked while the system starts the panel at login. What the system has is the truth; it may change any time."""

    def __init__(self, desktop: Desktop, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desktop = desktop
        self._client = client
        self.setText(self.tr("Start at login"))
        self.setCheckable(True)
        self.triggered.connect(self._switch)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what the system has now; where that cannot be known, disable the action and say why in its tip."""
        tip = self.tr("Starts the panel hidden in the tray when you log in.")
        try:
            on = self._desktop.login()
        except PanelError as error:
            tip = notice_text(error.notice)
            self.setEnabled(False)
        else:
            self.setEnabled(True)
            self.setChecked(on)
        self.setToolTip(tip)

    @Slot(bool)
    def _switch(self, on: bool) -> None:
        try:
            self._desktop.set_login(on)
        except PanelError as error:
            self._client.report(error.notice)
        else:
            told = self.tr("The panel starts at login") if on else self.tr("The panel does not start at login any more")
            self._client.announce(Toast(told, undo=lambda: self._switch_back(not on)))
        self.refresh()

    async def _switch_back(self, on: bool) -> None:
        if exists(self):  # another language makes a new one
            self._switch(on)
