"""The dialog that chooses programs among those that run now."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import button, label


class ProgramsDialog(QDialog):
    """A list with a tick for each program; those that were chosen before are there, be it that they do not run."""

    def __init__(self, running: Sequence[str], chosen: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Programs that get the GPU"))
        self.resize(420, 480)
        self._chosen = tuple(chosen)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the programs that run now"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Programs"))
        for name in (*self._chosen, *(one for one in running if one not in self._chosen)):
            item = QListWidgetItem(name, self.list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in self._chosen else Qt.CheckState.Unchecked)
        self.list.itemActivated.connect(self._toggle)
        self.cancel = button(self.tr("Cancel"), self.tr("Changes nothing"))
        self.take = button(self.tr("OK"), self.tr("Keeps these programs; Apply puts them in force"), primary=True)
        self.take.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.take.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addStretch()
        row.addWidget(self.cancel)
        row.addWidget(self.take)
        text = self.tr("While one of these runs, the models leave the memory and requests wait.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LG, LG, LG, LG)
        layout.setSpacing(MD)
        layout.addWidget(label(text, "muted", wrap=True))
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        self.search.setFocus()

    def programs(self) -> tuple[str, ...]:
        """Return the names of the programs with a tick."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(one.text() for one in items if one.checkState() is Qt.CheckState.Checked)

    def _filter(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(text.strip().casefold() not in item.text().casefold())

    def _toggle(self, item: QListWidgetItem) -> None:
        ticked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
