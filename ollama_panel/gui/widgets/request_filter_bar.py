"""The filter of the queue page: words, a client, a model, and behind a button an instance and a state."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.request_filter import RequestFilter
from ollama_panel.core.snapshot import RequestState, Snapshot
from ollama_panel.gui import resources
from ollama_panel.gui.choice_menu import add_choices
from ollama_panel.gui.phases import request_label
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import flat_button
from ollama_panel.gui.widgets.inputs import ComboBox

_WORDS, _CHOICE = (172, 122), (128, 116)
"""Widths in pixels: the usual one, and that on a narrow page."""


class RequestFilterBar(QWidget):
    """Says which requests are wanted. `changed` is emitted when the user wants others."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._instance: InstanceId | None = None
        self._state: RequestState | None = None
        self._instances: tuple[InstanceId, ...] = ()
        self.words = QLineEdit()
        self.words.setPlaceholderText(self.tr("Filter by id, text…"))
        self.words.setAccessibleName(self.tr("Filter"))
        self.words.setToolTip(self.tr("Shows the requests whose client, id, model, instance or path has these words"))
        self.words.setClearButtonEnabled(True)
        self._glass = self.words.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.client = self._choice(self.tr("All clients"), self.tr("Client"))
        self.model = self._choice(self.tr("All models"), self.tr("Model"))
        self.more = flat_button(self.tr("More filters"), "")
        self.more.setIconSize(QSize(18, 18))
        self.more.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(MD)
        for widget in (self.words, self.client, self.model, self.more):
            row.addWidget(widget)
        self.words.textChanged.connect(self.changed)
        self.client.currentIndexChanged.connect(self.changed)
        self.model.currentIndexChanged.connect(self.changed)
        theme.changed.connect(self._restyle)
        self.set_narrow(False)
        self._restyle()

    def set_narrow(self, narrow: bool) -> None:
        """Take less room, on a narrow page."""
        self.words.setFixedWidth(_WORDS[narrow])
        for choice in (self.client, self.model):
            choice.setFixedWidth(_CHOICE[narrow])

    def wanted(self) -> RequestFilter:
        """Return which requests are wanted."""
        client, model = self.client.currentData(), self.model.currentData()
        return RequestFilter(
            " ".join(self.words.text().lower().split()),
            client,
            None if model is None else ModelName(model),
            self._instance,
            frozenset() if self._state is None else frozenset({self._state}),
        )

    def show_choices(self, snapshot: Snapshot) -> None:
        """Offer the clients, models and instances that have requests now or had some; chosen ones stay."""
        records = (*snapshot.requests, *snapshot.finished)
        _offer(self.client, {lasting_name(one) for one in {record.client for record in records}} | _names(snapshot))
        _offer(self.model, {record.model for record in records})
        self._instances = tuple(one.id for one in snapshot.instances)

    def want(
        self,
        *,
        client: str | None = None,
        model: ModelName | None = None,
        instance: InstanceId | None = None,
        state: RequestState | None = None,
    ) -> None:
        """Want the requests of a client, a model, an instance or a state, besides what is wanted already."""
        for choice, value in ((self.client, client), (self.model, model)):
            if value is not None:
                _choose(choice, value)
        self._set_more(instance or self._instance, state or self._state)

    def clear(self) -> None:
        """Want all requests."""
        self.words.clear()
        self.client.setCurrentIndex(0)
        self.model.setCurrentIndex(0)
        self._set_more(None, None)

    def take_over(self, old: "RequestFilterBar") -> None:
        """Want what a bar wants that this one replaces."""
        wanted = old.wanted()
        self.words.setText(old.words.text())
        state = next(iter(wanted.states), None)
        self.want(client=wanted.client, model=wanted.model, instance=wanted.instance, state=state)

    def _choice(self, every: str, name: str) -> ComboBox:
        made = ComboBox()
        made.addItem(every, None)
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.view().setMinimumWidth(220)
        return made

    def _open(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """Return the menu of instances and states as it is now."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        instances = menu.addMenu(self.tr("Instance"))
        rows = [(None, self.tr("All instances")), *((one, str(one)) for one in self._instances)]
        add_choices(instances, rows, self._instance, lambda one: self._set_more(one, self._state))
        states = menu.addMenu(self.tr("State"))
        names = [(None, self.tr("All states")), *((one, request_label(one)[0]) for one in RequestState)]
        add_choices(states, names, self._state, lambda one: self._set_more(self._instance, one))
        menu.addSeparator()
        clear = menu.addAction(self.tr("Show all requests"))
        clear.setEnabled(bool(self.wanted()))
        clear.triggered.connect(self.clear)
        return menu

    def _set_more(self, instance: InstanceId | None, state: RequestState | None) -> None:
        if (instance, state) != (self._instance, self._state):
            self._instance, self._state = instance, state
            self._show_more()
            self.changed.emit()

    @Slot()
    def _restyle(self) -> None:
        self._glass.setIcon(resources.icon("search", self._theme.tokens.muted))
        self._show_more()

    def _show_more(self) -> None:
        """Say on the button that it hides a filter in force."""
        chosen = [
            *([self._instance] if self._instance else []),
            *([request_label(self._state)[0]] if self._state else []),
        ]
        colours = self._theme.tokens
        self.more.setIcon(resources.icon("funnel", colours.accent if chosen else colours.muted))
        tip = self.tr("Instance and state of the requests that are shown")
        self.more.setToolTip(f"{tip}: {', '.join(chosen)}" if chosen else tip)
        self.more.setAccessibleDescription(", ".join(chosen))


def _names(snapshot: Snapshot) -> set[str]:
    return {one.name for one in snapshot.clients}


def _offer(choice: ComboBox, names: Iterable[str]) -> None:
    """Offer names after the first item, which is all; not while the user looks at the list."""
    chosen: str | None = choice.currentData()
    wanted = sorted({*names, *([] if chosen is None else [chosen])}, key=str.lower)
    if choice.view().isVisible() or wanted == [choice.itemData(row) for row in range(1, choice.count())]:
        return
    blocked = choice.blockSignals(True)
    while choice.count() > 1:
        choice.removeItem(1)
    for name in wanted:
        choice.addItem(name, name)
    choice.setCurrentIndex(0 if chosen is None else choice.findData(chosen))
    choice.blockSignals(blocked)


def _choose(choice: ComboBox, name: str) -> None:
    if choice.findData(name) < 0:
        choice.addItem(name, name)
    choice.setCurrentIndex(choice.findData(name))
