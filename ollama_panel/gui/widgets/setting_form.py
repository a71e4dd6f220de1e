"""A form of settings, with one editor per key; the codec checks the values, as on the command line.

The names and meanings of the settings are those of `core.settings.catalog`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings import catalog, codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.gui import setting_texts
from ollama_panel.gui.tokens import LG, MD
from ollama_panel.gui.widgets.card import Card, label, set_property


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting; `choices` (value to text) makes it a combo box."""

    key: str
    choices: Mapping[str, str] = field(default_factory=dict)
    placeholder: str = ""


def _named(told: Notice, entry: Entry) -> Notice:
    """Return a notice about a setting with the name that the form gives it."""
    if told.values.get("where") != entry.key:
        return told
    return msgspec.structs.replace(told, values={**told.values, "where": setting_texts.title(entry.key)})


class SettingForm(Card):
    """A card of entries; `edited` is emitted with every change by the user."""

    edited = Signal()

    def __init__(self, title: str, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._entries = tuple(entries)
        self.editors: dict[str, QWidget] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(LG)
        self._grid.setVerticalSpacing(MD - 2)
        self._grid.setColumnMinimumWidth(0, 190)
        self._grid.setColumnStretch(2, 1)
        for row, entry in enumerate(entries):
            self._add(row, entry)
        self.body.addLayout(self._grid)

    def show_settings(self, settings: Settings) -> None:
        """Show these settings without emitting `edited`."""
        for entry in self._entries:
            self._write(entry, codec.get(settings, entry.key))

    def read_into(self, settings: Settings) -> Settings:
        """Return `settings` with the form's values. Marks the invalid ones, and raises PanelError for the first."""
        first: PanelError | None = None
        for entry in self._entries:
            wrong: PanelError | None = None
            try:
                settings = codec.set(settings, entry.key, self._read(entry))
            except PanelError as error:
                wrong = PanelError(_named(error.notice, entry))
            set_property(self.editors[entry.key], "invalid", wrong is not None)
            first = first or wrong
        if first is not None:
            raise first
        return settings

    def _add(self, row: int, entry: Entry) -> None:
        editor, tip = self._editor(entry), setting_texts.meaning(entry.key)
        editor.setToolTip(tip)
        editor.setAccessibleName(setting_texts.label(entry.key))
        editor.setAccessibleDescription(tip)
        name = label(setting_texts.label(entry.key))
        name.setBuddy(editor)
        name.setToolTip(tip)
        hint = label(tip, "caption", wrap=True)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(editor, row, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(hint, row, 2, Qt.AlignmentFlag.AlignVCenter)
        self.editors[entry.key] = editor

    def _editor(self, entry: Entry) -> QWidget:
        if catalog.find(entry.key).switch:
            box = QCheckBox()
            box.toggled.connect(self.edited)
            return box
        if entry.choices:
            combo = QComboBox()
            for value, text in entry.choices.items():
                combo.addItem(text, value)
            combo.setMinimumWidth(240)
            combo.currentIndexChanged.connect(self.edited)
            return combo
        line = QLineEdit()
        line.setPlaceholderText(entry.placeholder)
        line.setMinimumWidth(240)
        line.textEdited.connect(self.edited)
        return line

    def _read(self, entry: Entry) -> str:
        editor = self.editors[entry.key]
        if isinstance(editor, QCheckBox):
            return "true" if editor.isChecked() else "false"
        if isinstance(editor, QComboBox):
            return str(editor.currentData())
        assert isinstance(editor, QLineEdit)
        return editor.text().strip()

    def _write(self, entry: Entry, text: str) -> None:
        editor = self.editors[entry.key]
        blocked = editor.blockSignals(True)
        if isinstance(editor, QCheckBox):
            editor.setChecked(text == "true")
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(text)))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
        editor.blockSignals(blocked)
