"""The export page: the settings in force as text for another target, to preview, copy and save."""

from pathlib import Path
from typing import Self

from PySide6.QtCore import QDate, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget
from typing_extensions import override

from ollama_panel import __version__
from ollama_panel.core import export
from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.export.deployment import Site
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.stores import service_of
from ollama_panel.gui import dialogs, preview, results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.layout import PageFrame, scroll_like


class ExportPage(PageFrame):
    """The list of targets on the left; the instructions and the text of the export on the right."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Export"), parent)
        self._client = client
        self._export: export.Export | None = None
        self._made_of: object = None
        self.targets = QListWidget()
        self.targets.setAccessibleName(self.tr("Export targets"))
        self.targets.setFixedWidth(230)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setObjectName("mono")
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("Preview of the export"))
        self._how = label("", "muted", wrap=True)
        self._title = label("", "title")
        self.copy = button(self.tr("Copy"), self.tr("Copies the whole text"))
        self.save = button(self.tr("Save as…"), self.tr("Writes the text to a file"), primary=True)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(lambda: client.spawn(self._save()))
        self.set_summary(self.tr("The settings in force, for machines where Ollama runs without the panel"))
        self._lay_out()
        self._list_targets()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the export of the settings in force."""
        machine = snapshot.ollama_binary, snapshot.cores, snapshot.gpu, service_of(snapshot.stores)
        made_of = (snapshot.settings, snapshot.profiles, snapshot.starting, *machine, self.targets.currentRow())
        if made_of == self._made_of:
            return
        self._made_of = made_of
        self._render(snapshot)

    @override
    def take_over(self, old: Self) -> None:
        self.targets.setCurrentRow(old.targets.currentRow())
        self.show_snapshot(self._client.snapshot)
        scroll_like(self.text, old.text)

    def _lay_out(self) -> None:
        self.controls.addWidget(self.copy)
        self.controls.addWidget(self.save)
        left, right = Card(self.tr("Target")), Card()
        left.body.setContentsMargins(MD, MD, MD, MD)
        left.body.addWidget(self.targets, 1)
        right.body.setSpacing(SM)
        right.body.addWidget(self._title)
        right.body.addWidget(self._how)
        right.body.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.setSpacing(LG - 2)
        row.addWidget(left)
        row.addWidget(right, 1)
        self.body.addLayout(row, 1)

    def _list_targets(self) -> None:
        for target in export.targets():
            item = QListWidgetItem(notice_text(target.title))
            item.setToolTip(notice_text(target.summary))
            item.setData(Qt.ItemDataRole.UserRole, target)
            self.targets.addItem(item)
        self.targets.setCurrentRow(0)
        self.targets.currentRowChanged.connect(lambda: self.show_snapshot(self._client.snapshot))

    def _render(self, snapshot: Snapshot) -> None:
        item = self.targets.currentItem()
        target = item.data(Qt.ItemDataRole.UserRole)
        self._title.setText(item.text())
        if snapshot.starting:  # the machine, which the export describes, is not known yet
            self._show(None, self.tr("Starting…"))
            return
        try:
            specs = preview.planned(snapshot)
            service, models = service_of(snapshot.stores)
            site = Site(models=models) if service is None else Site(service, models)
            made = export.render(
                target.id,
                snapshot.settings,
                specs,
                version=__version__,
                date=_today(),
                words=notice_text,
                site=site,
                profiles=snapshot.profiles,
            )
            self._show(made, notice_text(made.instructions))
        except PanelError as error:
            self._show(None, notice_text(error.notice))

    def _show(self, made: export.Export | None, how: str) -> None:
        self._export = made
        self._how.setText(how)
        self.text.setPlainText("" if made is None else made.text)
        self.copy.setEnabled(made is not None)
        self.save.setEnabled(made is not None)

    @Slot()
    def _copy(self) -> None:
        if self._export is not None:
            results.copy(self._client, self._export.text, self._export.files[0].name)

    async def _save(self) -> None:
        if (made := self._export) is None:
            return
        path = await dialogs.save_as(self, self.tr("Save export"), made.files[0].name)
        if path is not None:
            _write(path, made.text)
            self._client.announce(Toast(self.tr("Saved"), str(path)))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise PanelError(not_written(str(path), error, notice("advice.another_place"))) from error


def _today() -> str:
    return QDate.currentDate().toString(Qt.DateFormat.ISODate)
