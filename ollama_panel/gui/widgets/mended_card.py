"""What the doctor has mended before, each with the way back while there is one; and the findings that are set aside."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.findings import Ignored, Mended
from ollama_panel.gui import resources
from ollama_panel.gui.doctor_texts import Counts, day_text, headline
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM, XS
from ollama_panel.gui.widgets.card import Card, button, label, rule, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import drop_rows

_ROW, _ICON = 52, 16
"""Pixels: the height of a row, and the icon of its button."""
_MOST = 8
"""How many of those that were mended are listed; the state keeps more."""
R = TypeVar("R", Mended, Ignored)


class _Row(QWidget, Generic[R]):
    """A headline with a caption, a day, and a button."""

    def __init__(self, theme: Theme, action: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._icon = theme, icon
        self.shown: R | None = None
        self.told, self.note, self.day = ElidedLabel(), ElidedLabel("", "caption"), label("", "caption")
        self.act = button(action, small=True)
        self.act.setProperty("plain", bool(icon))
        room = self.act.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.act.setSizePolicy(room)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch()
        words.addWidget(self.told)
        words.addWidget(self.note)
        words.addStretch()
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addLayout(words, 1)
        row.addWidget(self.day)
        row.addWidget(self.act)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.line = rule()
        whole.addWidget(self.line)
        whole.addLayout(row, 1)
        self.setMinimumHeight(_ROW)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_texts(self, one: R, note: str, tip: str) -> None:
        """Show one, with what is said below its headline."""
        self.shown = one
        told = headline(one.told)
        self.told.show_text(told)
        self.note.show_text(note)
        self.day.setText(day_text(one.at))
        self.act.setToolTip(tip)
        self.act.setAccessibleName(": ".join((self.act.text(), told, self.day.text())))

    def _restyle(self) -> None:
        if self._icon:
            colours = self._theme.tokens
            self.act.setIcon(resources.icon(self._icon, colours.text, disabled=colours.muted, size=_ICON))
            self.act.setIconSize(QSize(_ICON, _ICON))


class MendedCard(Card):
    """The list, the newest first. `undo_wanted` has what is to be taken back."""

    undo_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Mended before"), parent)
        self._theme = theme
        self.rows: dict[str, _Row[Mended]] = {}
        self.nothing = label(self.tr("What is mended from here is listed with its way back."), "muted", wrap=True)
        self.body.setSpacing(0)
        self.body.addSpacing(XS)
        self.body.addWidget(self.nothing)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)

    def show_mended(self, mended: Sequence[Mended], *, ready: bool) -> None:
        """Show these. `ready`: the engine takes commands."""
        latest = {one.id: one for one in mended[:_MOST]}
        drop_rows(self.rows, latest, self._list)
        for place, one in enumerate(latest.values()):
            if one.id not in self.rows:
                self.rows[one.id] = row = _Row[Mended](self._theme, self.tr("Undo"), "undo")
                row.act.clicked.connect(lambda _=False, row=row: self.undo_wanted.emit(row.shown))
                self._list.insertWidget(place, row)
            row = self.rows[one.id]
            row.show_texts(one, self._note(one), self.tr("Shows first what it brings back"))
            row.act.setVisible(one.can_undo and not one.undone)
            row.act.setEnabled(ready)
            set_tone(row.note, "danger" if one.problem is not None else "")
        self.nothing.setVisible(not latest)

    def _note(self, one: Mended) -> str:
        if one.undone:
            return self.tr("taken back")
        if one.problem is not None:
            return notice_text(one.problem)
        if one.todo:
            return self.tr("commands are left for you to type")
        if one.applying is not None and one.applying.files:
            return ", ".join(file.path for file in one.applying.files)
        return self.tr("mended")


class IgnoredCard(Card):
    """The findings that are set aside. `show_wanted` has the one that is to be shown again."""

    show_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._theme = theme
        self.rows: dict[str, _Row[Ignored]] = {}
        self.title = label("", "section")
        self._mark = label()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        lines = QVBoxLayout()
        lines.setSpacing(XS)
        lines.addWidget(self.title)
        lines.addLayout(self._list)
        row = QHBoxLayout()
        row.setSpacing(MD)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        self.body.setContentsMargins(LG + 2, MD, LG, SM)
        self.body.addLayout(row)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_ignored(self, ignored: Sequence[Ignored], *, ready: bool) -> None:
        """Show these; without any the card is hidden. `ready`: the engine takes commands."""
        self.title.setText(Counts().ignored(len(ignored)))
        every = {one.finding: one for one in ignored}
        drop_rows(self.rows, every, self._list)
        for place, one in enumerate(every.values()):
            if one.finding not in self.rows:
                self.rows[one.finding] = row = _Row[Ignored](self._theme, self.tr("Show again"), "")
                row.act.clicked.connect(lambda _=False, row=row: self.show_wanted.emit(row.shown))
                self._list.insertWidget(place, row)
            row = self.rows[one.finding]
            row.show_texts(one, self.tr("ignored since {day}").format(day=day_text(one.at)), self._tip())
            row.day.hide()
            row.line.setVisible(place > 0)
            row.act.setEnabled(ready)
        self.setVisible(bool(every))

    def _tip(self) -> str:
        return self.tr("Shows it with the others, and counts it again")

    def _restyle(self) -> None:
        colours = self._theme.tokens
        self._mark.setPixmap(resources.pixmap("check", colours.muted, 18, self.devicePixelRatioF()))
