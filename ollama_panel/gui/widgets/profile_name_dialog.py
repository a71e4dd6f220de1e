"""Asks for the name under which settings are saved as a profile."""

from collections.abc import Container

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import button, label

_LONGEST, _WIDTH = 60, 380


class ProfileNameDialog(QDialog):
    """The dialog; `name` is what was entered."""

    def __init__(self, proposed: str, taken: Container[str], parent: QWidget) -> None:
        """`taken` are names of profiles that there are."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save as profile"))
        self.setMinimumWidth(_WIDTH)
        self._taken = taken
        self.field = QLineEdit(proposed)
        self.field.setMaxLength(_LONGEST)
        self.field.setAccessibleName(self.tr("Name of the profile"))
        self.field.selectAll()
        self.hint = label("", "caption")
        self.save = button(self.tr("Save"), self.tr("Keeps the settings, with what was measured"), primary=True)
        self.save.setDefault(True)
        self.save.clicked.connect(self.accept)
        cancel = button(self.tr("Cancel"), self.tr("Saves nothing"))
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(LG, LG, LG, LG)
        layout.setSpacing(MD)
        layout.addWidget(label(self.tr("Name"), "muted", of=self.field))
        layout.addWidget(self.field)
        layout.addWidget(self.hint)
        layout.addLayout(row)
        self.field.textChanged.connect(self._changed)
        self.field.setFocus()
        self._changed()

    @property
    def name(self) -> str:
        """The name that was entered."""
        return self.field.text().strip()

    def _changed(self) -> None:
        self.save.setEnabled(bool(self.name))
        replaces = self.name in self._taken
        self.hint.setText(self.tr("It replaces the profile of this name.") if replaces else " ")
