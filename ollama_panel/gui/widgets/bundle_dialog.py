"""The dialog of the support bundle: every file with its text, so that nothing is sent unread, and Save."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.doctor.bundle import archive, file_name
from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.findings import BundleFile
from ollama_panel.core.notices import Notice, notice
from ollama_panel.gui import dialogs, results, tasks
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.card import button, label, set_tone
from ollama_panel.gui.widgets.finding_difference import syntax_of
from ollama_panel.gui.widgets.numbered_text import NumberedText

_SIZE = (960, 640)
_LIST = 260
"""Pixels: the width of the list."""


class BundleDialog(QDialog):
    """Lists the files; it does not block the window."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bundle")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Support bundle"))
        self.resize(*_SIZE)
        self._client = client
        self._asked = False
        self.files: tuple[BundleFile, ...] = ()
        self.told = label(
            self.tr("One file with what helps others to see what is wrong. Secrets are taken out; read it before."),
            wrap=True,
        )
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Files of the bundle"))
        self.list.setFixedWidth(_LIST)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.about = label("", "muted", wrap=True)
        self.text = NumberedText(theme, self.tr("Text of the file"))
        self.state = label("", "muted", wrap=True)
        self.copy = button(self.tr("Copy"), self.tr("Copies the text of this file"))
        self.close_button = button(self.tr("Close"), self.tr("Nothing is saved"))
        self.save = button(self.tr("Save…"), self.tr("Saves all files as one; nothing is sent"), primary=True)
        self.list.currentRowChanged.connect(self._show_file)
        self.copy.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.close)
        self.save.clicked.connect(lambda: client.spawn(self._save()))
        self._lay_out()
        self._tell(self.tr("Gathering…"))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            self._client.spawn(self._ask())

    async def _ask(self) -> None:
        files: Sequence[BundleFile] = ()
        refused: Notice | None = None
        try:
            files = await self._client.doctor.bundle()
        except PanelError as error:
            refused = error.notice
        if tasks.exists(self):
            self.show_files(files, refused)

    def show_files(self, files: Sequence[BundleFile], refused: Notice | None = None) -> None:
        """Show these files, or why there are none."""
        self.files = tuple(files)
        self.list.clear()
        for one in files:
            item = QListWidgetItem(one.name)
            item.setToolTip(notice_text(one.about))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if files else -1)
        size = sum(len(one.text.encode()) for one in files)
        told = self.tr("%n file(s), {size} before it is packed", "", len(self.files)).format(size=fmt.size(size))
        self._tell(told if refused is None else notice_text(refused), "muted" if refused is None else "danger")

    def _show_file(self, place: int) -> None:
        one = self.files[place] if 0 <= place < len(self.files) else None
        self.about.setText(notice_text(one.about) if one is not None else "")
        self.text.show_text(one.text if one is not None else "", syntax_of(one.name if one is not None else ""), {})

    def _tell(self, text: str, tone: str = "muted") -> None:
        self.state.setText(text)
        set_tone(self.state, tone)
        self.save.setEnabled(bool(self.files))
        self.copy.setEnabled(bool(self.files))

    def _copy(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self.files):
            results.copy(self._client, self.files[place].text, self.files[place].name)

    async def _save(self) -> None:
        name = file_name(QDateTime.currentSecsSinceEpoch())
        path = await dialogs.save_as(self, self.tr("Save the support bundle"), name)
        if path is not None:
            _write(self.files, path)
            self._client.announce(Toast(self.tr("Saved"), str(path)))
            self.close()

    def _lay_out(self) -> None:
        for made in (self.copy, self.close_button):
            made.setAutoDefault(False)
        right = QVBoxLayout()
        right.setSpacing(SM)
        right.addWidget(self.about)
        right.addWidget(self.text, 1)
        middle = QHBoxLayout()
        middle.setSpacing(LG)
        middle.addWidget(self.list)
        middle.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SM)
        buttons.addWidget(self.state, 1)
        for made in (self.copy, self.close_button, self.save):
            buttons.addWidget(made)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL, LG, XL, LG)
        whole.setSpacing(MD)
        whole.addWidget(self.told)
        whole.addLayout(middle, 1)
        whole.addLayout(buttons)


def _write(files: Sequence[BundleFile], path: Path) -> None:
    """Write the files into one; the dialog has asked whether one that is there is to be replaced."""
    try:
        path.write_bytes(archive(files, QDateTime.currentSecsSinceEpoch()))
    except OSError as error:
        raise PanelError(not_written(str(path), error, notice("advice.another_place"))) from error


def show_bundle(client: EngineClient, theme: Theme, parent: QWidget) -> BundleDialog:
    """Show the dialog, one in each window at most, and return it."""
    return dialogs.shown_alone(parent, BundleDialog, lambda window: BundleDialog(client, theme, window))
