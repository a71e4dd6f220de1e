"""The requests page: the requests that wait or run and the latest finished ones, with their times and Cancel."""

from PySide6.QtCore import QItemSelectionModel, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QWidget

from ollama_panel.core.snapshot import RequestRecord, RequestState, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models import requests
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.throttle import Throttle
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.delegates import PillDelegate, TwoLineDelegate
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.tables import ColumnLayout, Table, set_up
from ollama_panel.gui.widgets.time_line import TimeLine

_LIVE = (RequestState.WAITING, RequestState.LOADING, RequestState.RUNNING)
_EVERY_MS = 250


class RequestsPage(PageFrame):
    """The table of requests, and the time line of the selected one."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Queue & requests"), parent)
        self._client = client
        self._chosen_id: str | None = None
        self._snapshot = client.snapshot
        self._refresh = Throttle(_EVERY_MS, self._show, self)
        self.table = requests.request_table(self)
        self.view = Table((requests.WAITED, requests.TOTAL), 860)
        painted = (TwoLineDelegate(theme, self.view), PillDelegate(theme, self.view), TwoLineDelegate(theme, self.view))
        columns = (
            ColumnLayout(0, painted[0]),
            ColumnLayout(118, painted[1]),
            ColumnLayout(0, painted[2]),
            ColumnLayout(0),
            ColumnLayout(0),
            ColumnLayout(76),
            ColumnLayout(84),
            ColumnLayout(72),
            ColumnLayout(66),
        )
        set_up(self.view, self.table, self.tr("Requests"), columns)
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self._build_controls()
        self._empty = label("", "muted", wrap=True)
        self._empty.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line = TimeLine(theme)
        self._lay_out()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the requests that match the filter, at most four times per second."""
        self._snapshot = snapshot
        self._refresh.ask()

    @Slot()
    def _show(self) -> None:
        snapshot = self._snapshot
        records = self._filtered(snapshot)
        self.table.show_records(records)
        waiting = sum(record.state is RequestState.WAITING for record in snapshot.requests)
        running = len(snapshot.requests) - waiting
        self.set_summary(
            self.tr("{waiting} waiting, {running} in flight").format(
                waiting=fmt.number(waiting), running=fmt.number(running)
            )
            + " · "
            + self.tr("{served} served, {failed} failed, {refused} refused since the start").format(
                served=fmt.number(snapshot.served),
                failed=fmt.number(snapshot.failed),
                refused=fmt.number(snapshot.refused),
            )
        )
        self._show_empty(snapshot, bool(records))
        self._follow(snapshot)

    def current(self) -> RequestRecord | None:
        """Return the selected request."""
        return self.table.record(self.view.currentIndex().row())

    def _build_controls(self) -> None:
        self.filter = QComboBox()
        self.filter.addItems([self.tr("All"), self.tr("Waiting and running"), self.tr("Finished")])
        self.filter.setAccessibleName(self.tr("Which requests to show"))
        self.filter.setToolTip(self.tr("Which requests the table shows"))
        self.filter.currentIndexChanged.connect(self._show)
        self.cancel = button(
            self.tr("Cancel request"), self.tr("Ends the chosen request; its client gets an error (Del)")
        )
        self.cancel.setProperty("danger", True)
        self.cancel.clicked.connect(self._cancel)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.view, self._cancel, context=Qt.ShortcutContext.WidgetShortcut)
        self.controls.addWidget(self.filter)
        self.controls.addWidget(self.cancel)

    def _lay_out(self) -> None:
        card = Card()
        card.body.setContentsMargins(MD, MD, MD, MD)
        card.body.addWidget(self.view, 1)
        card.body.addWidget(self._empty)
        self.body.addWidget(card, 1)
        self.body.addWidget(self._line)

    def _filtered(self, snapshot: Snapshot) -> tuple[RequestRecord, ...]:
        finished = snapshot.finished
        return ((*snapshot.requests, *finished), snapshot.requests, finished)[self.filter.currentIndex()]

    def _show_empty(self, snapshot: Snapshot, any_shown: bool) -> None:
        self._empty.setVisible(not any_shown)
        self.view.setVisible(any_shown)
        if not any_shown:
            address = snapshot.proxy.url or self.tr("the panel's address")
            text = self.tr(
                "No request yet. Point a client at {address}, for example: OLLAMA_HOST={address} ollama run …"
            )
            self._empty.setText(text.format(address=address))

    def _follow(self, snapshot: Snapshot) -> None:
        row = self.table.row_of(self._chosen_id) if self._chosen_id else -1
        if row >= 0 and row != self.view.currentIndex().row():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().setCurrentIndex(self.table.index(row, 0), flags)
        record = self.current()
        self.cancel.setEnabled(record is not None and record.state in _LIVE and not snapshot.fatal)
        self._line.show_record(record, snapshot.at)

    @Slot()
    def _choose(self) -> None:
        record = self.current()
        if record is not None:
            self._chosen_id = record.id
        self._line.show_record(record, self._client.snapshot.at)
        self.cancel.setEnabled(record is not None and record.state in _LIVE)

    @Slot()
    def _cancel(self) -> None:
        record = self.current()
        if record is not None and record.state in _LIVE:
            self._client.spawn(self._client.cancel_request(record.id))
