"""The list of Ollama's variables, to look one up and add it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ollama_panel.core.ollama.environment_answer import KnownVariable
from ollama_panel.gui import setting_texts
from ollama_panel.gui.models.variables import details, variable_table
from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import button, label
from ollama_panel.gui.widgets.tables import ColumnLayout, Table

_COLUMNS = (270, 100, 120, 130, 150, 0)
"""Pixels; 0 is the rest."""
_ROW = 28
_DETAIL_LINES = 5


class VariablesDialog(QDialog):
    """A table of variables with a search. `chosen` is emitted with the one that is to be added."""

    chosen = Signal(object)

    def __init__(self, variables: Sequence[KnownVariable], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Variables of Ollama"))
        self.resize(1080, 560)
        self._variables = tuple(variables)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Search names and meanings"))
        self.search.setAccessibleName(self.tr("Search variables"))
        self.search.textChanged.connect(self._show)
        self._model = variable_table(self)
        self.table = Table(self._model, self.tr("Variables"))
        self.table.set_up([ColumnLayout(width) for width in _COLUMNS], _ROW)
        self.table.selectionModel().selectionChanged.connect(self._explain)
        self.table.doubleClicked.connect(self._choose)
        self._details = label("", "caption", wrap=True)
        self._details.setMinimumHeight(self._details.fontMetrics().lineSpacing() * _DETAIL_LINES)
        self.add = button(self.tr("Add to pool"), self.tr("Adds the variable with its default"), primary=True)
        self.add.clicked.connect(self._choose)
        self.add.setDefault(True)
        close = button(self.tr("Close"), self.tr("Adds nothing"))
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addStretch()
        row.addWidget(close)
        row.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LG, LG, LG, LG)
        layout.setSpacing(MD)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._details)
        layout.addLayout(row)
        self.search.setFocus()
        self._show()

    @Slot()
    def _show(self) -> None:
        wanted = self.search.text().strip().lower()
        by_name = [one for one in self._variables if wanted in one.name.lower()]
        by_meaning = [one for one in self._variables if wanted in setting_texts.variable(one).lower()]
        found = [*by_name, *(one for one in by_meaning if one not in by_name)]
        self._model.show_records(found)  # not by the table, which keeps rows that leave under a pointer
        if found:
            self.table.select(0)
        self._explain()

    @Slot()
    def _explain(self) -> None:
        chosen = self.table.selected()
        self._details.setText(details(chosen[0]) if chosen else "")
        self.add.setEnabled(bool(chosen))

    @Slot()
    def _choose(self) -> None:
        if chosen := self.table.selected():
            self.chosen.emit(chosen[0])
            self.accept()
