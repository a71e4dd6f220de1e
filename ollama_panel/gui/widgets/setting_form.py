"""A form of settings, with one editor per key; the codec checks the values, as on the command line.

The names and meanings of the settings are those of `core.settings.catalog`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QToolButton, QWidget

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings import catalog, codec
from ollama_panel.core.settings.tree import Settings
from ollama_panel.gui import resources, setting_texts
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD
from ollama_panel.gui.widgets.card import Card, flat_button, label, set_property, set_tone
from ollama_panel.gui.widgets.inputs import ComboBox


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting; `choices` (value to text) makes it a combo box.

    `in_words` is what the setting does, where its own description names values that the window shows as words.
    """

    key: str
    choices: Mapping[str, str] = field(default_factory=dict)
    placeholder: str = ""
    in_words: str = ""

    @property
    def meaning(self) -> str:
        """What the setting does."""
        return self.in_words or setting_texts.meaning(self.key)


def _named(told: Notice, entry: Entry) -> Notice:
    """Return a notice about a setting with the name that the form gives it."""
    if told.values.get("where") != entry.key:
        return told
    return msgspec.structs.replace(told, values={**told.values, "where": setting_texts.title(entry.key)})


_REVERT = 29
"""Pixels of the button that takes a change back. Forms without it leave its place free, so that all columns agree."""


class SettingForm(Card):
    """A card of entries; `edited` is emitted with every change by the user.

    With `marks`, an entry that differs from what is in force is marked, and has a button that takes it back.
    """

    edited = Signal()

    def __init__(
        self, title: str, entries: Sequence[Entry], theme: Theme, *, marks: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self._entries = tuple(entries)
        self._theme = theme
        self._marks = marks
        self._in_force: dict[str, str] = {}
        self.editors: dict[str, QWidget] = {}
        self.reverts: dict[str, QToolButton] = {}
        self._names: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(LG)
        self._grid.setVerticalSpacing(MD - 2)
        self._grid.setColumnMinimumWidth(0, 190)
        self._grid.setColumnMinimumWidth(2, 0 if marks else _REVERT + LG)
        self._grid.setColumnStretch(3, 1)
        for row, entry in enumerate(entries):
            self._add(row, entry)
        self.body.addLayout(self._grid)
        theme.changed.connect(self._restyle)
        self._restyle()

    def add_switch(self, action: QAction) -> None:
        """Add a switch that is no setting, as the last row: a check box for a checkable action."""
        box = QCheckBox()
        box.setChecked(action.isChecked())
        box.setEnabled(action.isEnabled())
        self._add_row(self._grid.rowCount(), action.text(), box, action.toolTip())
        action.toggled.connect(box.setChecked)
        action.enabledChanged.connect(box.setEnabled)
        box.clicked.connect(action.trigger)

    def show_settings(self, settings: Settings) -> None:
        """Show these settings without emitting `edited`."""
        for entry in self._entries:
            self._write(entry, codec.get(settings, entry.key))

    def rebase(self, base: Settings, settings: Settings) -> None:
        """Show other settings than `base` in what the user has not changed from those, without emitting `edited`."""
        for entry in self._entries:
            if self._read(entry) == codec.get(base, entry.key):
                self._write(entry, codec.get(settings, entry.key))

    def mark_changes(self, settings: Settings) -> int:
        """Mark what differs from the settings in force; return how many entries that are."""
        self._in_force = {entry.key: codec.get(settings, entry.key) for entry in self._entries}
        return sum(self._mark(entry) for entry in self._entries)

    def enter(self, texts: Mapping[str, str]) -> None:
        """Show what a user has entered, by key, without emitting `edited`."""
        for entry in self._entries:
            self._write(entry, texts[entry.key])

    def entered(self) -> dict[str, str]:
        """Return the text of every entry, as the user left it, by key."""
        return {entry.key: self._read(entry) for entry in self._entries}

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
        editor, title = self._editor(entry), setting_texts.label(entry.key)
        self._names[entry.key] = self._add_row(row, title, editor, entry.meaning)
        self.editors[entry.key] = editor
        if self._marks:
            revert = flat_button(self.tr("Revert {setting}").format(setting=title), "")
            revert.clicked.connect(lambda: self._revert(entry))
            revert.setEnabled(False)
            self.reverts[entry.key] = revert
            self._grid.addWidget(revert, row, 2, Qt.AlignmentFlag.AlignVCenter)

    def _mark(self, entry: Entry) -> bool:
        """Show whether an entry differs from what is in force, by its tone and a dot, and in words; return it."""
        before = self._in_force[entry.key]
        changed = self._read(entry) != before
        title, tip = setting_texts.label(entry.key), entry.meaning
        told = self.tr("In force: {value}").format(value=self._words(entry, before))
        name = self._names[entry.key]
        name.setText(f"{title} •" if changed else title)
        set_tone(name, "warn" if changed else "")
        self.editors[entry.key].setAccessibleDescription(f"{told}. {tip}" if changed else tip)
        self.reverts[entry.key].setEnabled(changed)
        self.reverts[entry.key].setToolTip(told)
        return changed

    def _words(self, entry: Entry, value: str) -> str:
        """Return a value as the form shows it."""
        if isinstance(self.editors[entry.key], QCheckBox):
            return self.tr("on") if value == "true" else self.tr("off")
        return entry.choices.get(value, value) or entry.placeholder or "—"

    def _revert(self, entry: Entry) -> None:
        self.editors[entry.key].setFocus()  # the button becomes grey, and would hand the focus to the next row
        self._write(entry, self._in_force[entry.key])
        self.edited.emit()

    def _restyle(self) -> None:
        colours = self._theme.tokens
        for revert in self.reverts.values():
            revert.setIcon(resources.icon("undo", colours.text, disabled=colours.border, size=16))

    def _add_row(self, row: int, text: str, editor: QWidget, tip: str) -> QLabel:
        editor.setToolTip(tip)
        editor.setAccessibleName(text)
        editor.setAccessibleDescription(tip)
        name = label(text)
        name.setBuddy(editor)
        name.setToolTip(tip)
        hint = label(tip, "caption", wrap=True)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(editor, row, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(hint, row, 3, Qt.AlignmentFlag.AlignVCenter)
        return name

    def _editor(self, entry: Entry) -> QWidget:
        if catalog.find(entry.key).switch:
            box = QCheckBox()
            box.toggled.connect(self.edited)
            return box
        if entry.choices:
            combo = ComboBox()
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
        if isinstance(editor, ComboBox):
            return str(editor.currentData())
        assert isinstance(editor, QLineEdit)
        return editor.text().strip()

    def _write(self, entry: Entry, text: str) -> None:
        editor = self.editors[entry.key]
        blocked = editor.blockSignals(True)
        if isinstance(editor, QCheckBox):
            editor.setChecked(text == "true")
        elif isinstance(editor, ComboBox):
            editor.setCurrentIndex(max(0, editor.findData(text)))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
        editor.blockSignals(blocked)
