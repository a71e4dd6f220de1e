"""The programs of the last ten minutes: first those that go past the panel, then those that come through it."""

from collections.abc import Hashable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.bypass import BypassRecord, still_going_past
from ollama_panel.core.clients import TEST, ClientRecord
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.client_menu import ClientRules
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card, button, label, rule
from ollama_panel.gui.widgets.client_row import BypassRow, ClientRow, bypass_name, in_columns, set_widths
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import drop_rows

_FEW = 12
"""How many of the programs that come through the panel are shown without a click."""
_NARROW = 900
"""Pixels below which the share of the work has no bar."""


class ClientsPart(Card):
    """The rows. They keep their order while the part is on the screen: those that come later are added at the end.

    `change_wanted` has the record of a program that goes past the panel and about which the user wants to know more.
    """

    change_wanted = Signal(object)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Programs seen"), parent)
        self._theme = theme
        self._rules = ClientRules(client, self)
        self.heading.addWidget(label(self.tr("last 10 min"), "caption"))
        self.bypassing: dict[Hashable, BypassRow] = {}
        self.rows: dict[str, ClientRow] = {}
        self._came: dict[str, ClientRecord] = {}
        self._order: list[str] = []
        self._stops: list[QWidget] = []
        self._head = [ElidedLabel(text, "head") for text in self._titles()]
        for head in self._head:
            head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        for number in (4, 5):
            self._head[number].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._list, self._past = QVBoxLayout(), QVBoxLayout()
        self.none = label("", "muted", wrap=True)
        self.none.setContentsMargins(SM, SM, SM, SM)
        self.all = button("", self.tr("Shows all programs, or only the first ones"))
        self.all.setProperty("link", True)
        self.all.setCheckable(True)
        self.all.toggled.connect(self.show_all)
        self.note = label("", "caption", wrap=True)
        self._lay_out()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the programs that are known."""
        past = {_key(one): one for one in snapshot.bypassing or ()}
        still = still_going_past(snapshot.bypassing, snapshot.clients, snapshot.at)
        self._came = came = {one.name: one for one in programs(snapshot)}
        drop_rows(self.bypassing, past, self._past)
        for key, one in past.items():
            if key not in self.bypassing:
                row = self.bypassing[key] = BypassRow(self._theme)
                row.wanted.connect(self.change_wanted)
                self._past.addWidget(row)
            self.bypassing[key].show_bypass(one, now=one in still)
        new = [name for name in came if name not in self._order]
        self._order = [name for name in self._order if name in came] + new
        self.none.setText(self._nobody(snapshot))
        self.none.setVisible(not came)
        self.note.setText(self._noted(snapshot))
        self.show_all(self.all.isChecked())

    def show_all(self, on: bool) -> None:
        """Show all programs that come through the panel, or only the first ones; the others have no rows."""
        self.all.setChecked(on)
        shown = self._order if on else self._order[:_FEW]
        drop_rows(self.rows, frozenset(shown), self._list)
        for place, name in enumerate(shown):
            if name not in self.rows:
                self.rows[name] = ClientRow(self._theme, self._rules)
            if self._list.indexOf(self.rows[name]) != place:
                self._list.insertWidget(place, self.rows[name])
            self.rows[name].show_client(self._came[name])
            self.rows[name].show()
        self._fit()
        self._order_tabs()
        count = len(self._order)
        self.all.setText(self.tr("Show fewer") if on else self.tr("Show all %n program(s)", "", count))
        self.all.setVisible(count > _FEW)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Put those first whose requests took most of the work."""
        super().showEvent(event)
        self._order.sort(key=lambda name: -(self._came[name].share or 0.0))
        self.show_all(self.all.isChecked())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < _NARROW
        for row in (*self.bypassing.values(), *self.rows.values()):
            row.set_narrow(narrow)
        set_widths(self._head, narrow=narrow)
        self._head[3].show_text(self.tr("Share") if narrow else self.tr("Share of the work"))

    def _order_tabs(self) -> None:
        stops: list[QWidget] = [row.change for row in self.bypassing.values()]
        stops += [self.rows[name].classes for name in self._order if name in self.rows]
        if stops == self._stops:
            return
        self._stops = stops
        for before, after in pairwise((*stops, self.all)):
            QWidget.setTabOrder(before, after)

    def _nobody(self, snapshot: Snapshot) -> str:
        if snapshot.starting:
            return self.tr("Starting…")
        return self.tr("No program has come through the panel yet: set one up above, or send a test.")

    def _noted(self, snapshot: Snapshot) -> str:
        """Return the line below the rows: what goes past the panel, or why that is not known."""
        if snapshot.bypassing is None:
            if snapshot.bypassing_unknown is None:
                return self.tr("Looking for programs that go past the panel…")
            return notice_text(snapshot.bypassing_unknown)
        still = still_going_past(snapshot.bypassing, snapshot.clients, snapshot.at)
        if not still:
            return self.tr("No program goes past the panel.")
        busiest = max(still, key=lambda one: one.connections)
        if not busiest.connections:
            return self.tr("Requests that go past the panel are not counted in the queue, and wait for nobody.")
        text = self.tr("{program} holds {connections} connections to {url}; its requests wait for nobody.")
        return text.format(program=bypass_name(busiest), connections=fmt.number(busiest.connections), url=busiest.url)

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Program"),
            self.tr("Way"),
            self.tr("Class"),
            self.tr("Share of the work"),
            self.tr("Requests"),
            self.tr("Waits, p95"),
            "",
        )

    def _lay_out(self) -> None:
        heads = QHBoxLayout()
        in_columns(heads, self._head)
        for rows in (self._past, self._list):
            rows.setSpacing(0)
        self.body.setSpacing(4)
        self.body.addLayout(heads)
        self.body.addWidget(rule())
        self.body.addLayout(self._past)
        self.body.addLayout(self._list)
        self.body.addWidget(self.none)
        self.body.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.note)
        self.body.addStretch()


def programs(snapshot: Snapshot) -> list[ClientRecord]:
    """Return the programs that came through the panel: all its clients but its own test."""
    return [one for one in snapshot.clients if one.name != TEST]


def _key(record: BypassRecord) -> Hashable:
    return record.origin, record.pid, record.name, record.address, record.url
