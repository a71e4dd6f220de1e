"""What is advised: a row each, with a tick, the reason, and a button for more of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.first_run.advised import Advised, Asked, Item, Kind
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import MD, SM, XS
from ollama_panel.gui.widgets.card import Card, button, label, rule
from ollama_panel.gui.widgets.use_question import PeopleBox, UseChoice

_TICK = 24
"""The indent of the reason: the width of the tick with the gap after it."""


class ItemRow(QWidget):
    """One item; `ticked` tells that the user has set or taken its tick, `more_wanted` that its button was clicked."""

    ticked = Signal(str, bool)
    more_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item: Item | None = None
        self.tick = QCheckBox()
        self.tick.setProperty("item", True)
        self.why = label("", "muted", wrap=True)
        self.more = button("", small=True)
        self.more.setProperty("link", True)
        self.more.setMinimumHeight(26)
        self.tick.setMinimumHeight(26)
        heading = QHBoxLayout()
        heading.setSpacing(SM)
        heading.addWidget(self.tick, 1)
        heading.addWidget(self.more, 0, Qt.AlignmentFlag.AlignRight)
        reason = QHBoxLayout()
        reason.setContentsMargins(_TICK, 0, 72, 0)
        reason.addWidget(self.why, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SM - 2, 0, SM)
        layout.setSpacing(0)
        layout.addLayout(heading)
        layout.addLayout(reason)
        self.tick.clicked.connect(self._tell)
        self.more.clicked.connect(self._tell_more)

    def show_item(self, item: Item, *, ticked: bool) -> None:
        """Show an item with its tick."""
        self.tick.setChecked(ticked)
        if item == self.item:
            return
        self.item = item
        title = notice_text(item.title)
        self.tick.setText(title.replace("&", "&&"))
        self.tick.setEnabled(item.possible)
        why = notice_text(item.why)
        self.why.setText(why)
        self.tick.setAccessibleDescription(why)
        self.why.setToolTip("\n".join(map(notice_text, item.sums)))
        words = self._words(item)
        self.more.setText(words)
        self.more.setVisible(bool(words))
        self.more.setAccessibleName(f"{words}: {title}")

    def _words(self, item: Item) -> str:
        if item.kind is Kind.POOL:
            return self.tr("Change")
        if item.kind is Kind.QUEUE and item.name:
            return self.tr("Use next free port")
        if item.kind is Kind.STORE and item.steps:
            return self.tr("Show")
        return self.tr("More") if item.kind is Kind.TAKE_OVER else ""

    def _tell(self, on: bool) -> None:
        if self.item is not None:
            self.ticked.emit(self.item.id, on)

    def _tell_more(self) -> None:
        if self.item is not None:
            self.more_wanted.emit(self.item.id)


class AdvisedCard(Card):
    """The question, and a row for each item; rows stay while their items do."""

    asked = Signal(object, int)
    ticked = Signal(str, bool)
    more_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Advised"), parent)
        self.rows: dict[str, ItemRow] = {}
        self._rules: dict[str, QWidget] = {}
        self._build_question()
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addSpacing(SM)
        self.body.addLayout(self._list)
        self.notes = label("", "muted", wrap=True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.notes)
        self.body.addStretch(1)

    def show_advised(self, advised: Advised, ticks: frozenset[str], asked: Asked) -> None:
        """Show the items with their ticks, and why there are no more."""
        self._show_question(asked)
        items = {one.id: one for one in advised.items}
        for gone in [name for name in self.rows if name not in items]:
            for widget in (self.rows.pop(gone), self._rules.pop(gone)):
                self._list.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        for place, (name, item) in enumerate(items.items()):
            if name not in self.rows:
                self._add(name)
            if self._list.indexOf(self.rows[name]) != 2 * place + 1:
                self._list.insertWidget(2 * place, self._rules[name])
                self._list.insertWidget(2 * place + 1, self.rows[name])
            self.rows[name].show_item(item, ticked=name in ticks)
        notes = "\n".join(map(notice_text, advised.notes))
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))

    @property
    def stops(self) -> list[QWidget]:
        """What Tab goes through, from top to bottom."""
        rows = sorted(self.rows.values(), key=self._list.indexOf)
        return [self.use, self.people, *(stop for row in rows for stop in (row.tick, row.more))]

    def _add(self, name: str) -> None:
        row = self.rows[name] = ItemRow()
        self._rules[name] = rule()
        row.ticked.connect(self.ticked)
        row.more_wanted.connect(self.more_wanted)

    def _build_question(self) -> None:
        self.use, self.people = UseChoice(), PeopleBox()
        for text, widget in ((self.tr("For"), self.use), (self.tr("People"), self.people)):
            self.heading.addWidget(label(text, "muted", of=widget))
            self.heading.addWidget(widget)
            widget.setFixedHeight(26)
        self.heading.setSpacing(XS + 2)
        self.use.setMinimumContentsLength(8)
        self.use.setMaximumWidth(260)
        self.people.setFixedWidth(56 + MD)
        self.use.activated.connect(self._ask)
        self.people.valueChanged.connect(self._ask)

    def _ask(self) -> None:
        self.asked.emit(self.use.currentData(), self.people.value())

    def _show_question(self, asked: Asked) -> None:
        """Show the question; what is shown without the user's hand is no question of theirs."""
        self.use.setCurrentIndex(self.use.findData(asked.use))
        if not self.people.hasFocus() and self.people.value() != asked.people:
            before = self.people.blockSignals(True)
            self.people.setValue(asked.people)
            self.people.blockSignals(before)
