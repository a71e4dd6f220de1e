"""The queue page: the requests at work, those that wait and the latest that have ended, each part in its own place."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Self

from PySide6.QtCore import QPoint, QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget
from typing_extensions import override

from ollama_panel.core.client_rules import lasting_name
from ollama_panel.core.ids import ModelName
from ollama_panel.core.snapshot import RequestRecord, RequestState, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import resources
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.client_menu import ClientMenu, ClientRules
from ollama_panel.gui.models import requests
from ollama_panel.gui.models.request_texts import AT_WORK, ended_unseen, is_live
from ollama_panel.gui.models.requests import Key, key_of
from ollama_panel.gui.request_actions import RequestActions
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.throttle import Throttle
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.waiting_search import WaitingSearch
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.part_columns import PartColumns
from ollama_panel.gui.widgets.part_header import HEIGHT as HEAD
from ollama_panel.gui.widgets.part_stack import PartStack
from ollama_panel.gui.widgets.recording_button import RecordingButton
from ollama_panel.gui.widgets.request_filter_bar import RequestFilterBar
from ollama_panel.gui.widgets.request_part import ROW, RequestPart
from ollama_panel.gui.widgets.time_line import TimeLine
from ollama_panel.gui.window_state import WindowState

_EVERY_MS = 250
_NARROW = 900
"""The width in pixels of the page from which the filter has all its room."""
_SHARES = (5, 6, 3)
"""The heights of the parts, as shares of what is there."""


class RequestsPage(PageFrame):
    """The three parts of the queue, and the time line of the chosen request.

    A request that goes into another part is selected there no more, but it stays the chosen one: the time line shows
    what becomes of it, and the buttons act on it.
    """

    def __init__(self, client: EngineClient, theme: Theme, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Queue & requests"), parent)
        self._client, self._theme = client, theme
        self._chosen: dict[Key, RequestRecord] = {}
        self._snapshot = client.snapshot
        self._shown_waiting: object = None
        self._all = False
        self._refresh = Throttle(_EVERY_MS, self._show, self)
        self._search = WaitingSearch(client, self)
        self._actions = RequestActions(client, self)
        self._rules = ClientRules(client, self)
        work, waiting, ended = (make(self, self._now) for make in requests.TABLES)
        self.work = RequestPart(theme, work, self.tr("Requests at work"), works=True)
        self.waiting = RequestPart(theme, waiting, self.tr("Waiting requests"), waits=True)
        self.ended = RequestPart(theme, ended, self.tr("Finished requests"))
        self.parts = (self.work, self.waiting, self.ended)
        self.columns = PartColumns(self.parts, state, self)
        self.filter = RequestFilterBar(theme)
        self.line = TimeLine(theme)
        self._build_controls()
        self._lay_out()
        self._connect()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the requests that match the filter, at most four times per second."""
        self._snapshot = snapshot
        self._refresh.ask()

    @override
    def take_over(self, old: Self) -> None:
        self._all = old._all
        self.filter.take_over(old.filter)
        self._chosen = {key_of(record): record for record in old.chosen()}
        self._show()
        for part, replaced in zip(self.parts, old.parts, strict=True):
            part.take_over(replaced)

    def chosen(self) -> list[RequestRecord]:
        """Return the chosen requests, as they were last seen."""
        return list(self._chosen.values())

    def menu(self, part: RequestPart) -> QMenu:
        """Return the menu of the chosen requests: of their first one's client, what to do with them, and the order."""
        records = self.chosen()
        menu = ClientMenu(self._rules, records[0].client, self)
        menu.addSeparator()
        for of_line in (self.line.front, self.line.copy_curl, self.line.copy_id, self.line.cancel):
            action = menu.addAction(of_line.text() or of_line.accessibleName())
            action.setEnabled(of_line.isEnabled())
            action.triggered.connect(of_line.click)
        menu.addSeparator()
        name, model = lasting_name(records[0].client), records[0].model
        for only, want in ((name, {"client": name}), (model, {"model": model})):
            text = self.tr("Show only {name}").format(name=only.replace("&", "&&"))
            menu.addAction(text).triggered.connect(partial(self._want, **want))
        menu.addSeparator()
        self.columns.fill(menu, part)
        return menu

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.filter.set_narrow(event.size().width() < _NARROW)
        self.recording.set_narrow(event.size().width() < _NARROW)
        super().resizeEvent(event)

    def _want(self, _: bool = True, *, client: str | None = None, model: ModelName | None = None) -> None:
        self.filter.want(client=client, model=model)

    def _now(self) -> float:
        return self._snapshot.at

    @Slot()
    def _show(self) -> None:
        snapshot, wanted = self._snapshot, self.filter.wanted()
        self.filter.show_choices(snapshot)
        everything = self._all or bool(wanted) or self.waiting.header.column >= 0
        waiting = self._search.records(snapshot, wanted, everything)
        at_work = [record for record in snapshot.requests if record.state in AT_WORK]
        ended = snapshot.finished[::-1]
        wait = max(
            sum(pool.queued for pool in snapshot.pools),
            sum(one.state is RequestState.WAITING for one in snapshot.requests),
        )
        run, slots = fmt.slots_in_use(snapshot.instances)
        latest = self._latest(wait)
        totals = (len(at_work), wait, len(ended))
        working = self.tr("{busy} of {slots} slots").format(busy=fmt.number(run), slots=fmt.number(slots))
        last = self.tr("the last {count}").format(count=fmt.number(len(ended))) if ended else ""
        counts = (working, fmt.number(wait), last)
        hints = (self.tr("Nothing is at work."), self.tr("Nothing waits."), self.tr("Nothing has finished yet."))
        lists = (wanted.among(at_work), waiting, wanted.among(ended))
        for part, records, every, count, hint in zip(self.parts, lists, totals, counts, hints, strict=True):
            if part is self.waiting and records is self._shown_waiting:
                part.count_on()
                continue
            some = self.tr("{count} of {all}").format(count=fmt.number(len(records)), all=fmt.number(every))
            missed = self.tr("No request matches the filter.") if wanted and every else hint
            part.show_part(records, some if wanted else count, missed, latest)
        self._shown_waiting = waiting
        self._show_below(snapshot, wait, len(waiting), bool(wanted))
        self._show_controls(snapshot, wait, run)
        self._chosen = {key: latest(record) for key, record in self._chosen.items()}
        self._show_chosen()

    def _latest(self, wait: int) -> Callable[[RequestRecord], RequestRecord]:
        """Return what tells the newest record of a request; of one that is nowhere any more, that it has ended."""
        snapshot = self._snapshot
        complete = len(snapshot.requests) >= wait
        known: dict[Key, RequestRecord] = {}

        def latest(record: RequestRecord) -> RequestRecord:
            if not known:
                known.update((key_of(one), one) for one in (*snapshot.requests, *snapshot.finished))
            lost = complete or record.state in AT_WORK
            return known.get(key_of(record)) or (ended_unseen(record, snapshot.at) if lost else record)

        return latest

    def _show_below(self, snapshot: Snapshot, wait: int, listed: int, filtered: bool) -> None:
        """Show what is said below those that wait, and how many are not listed."""
        if snapshot.paused:
            text = self.tr("The queue is paused: nothing starts until you resume it.")
        elif self._search.looking:
            text = self.tr("Looking through all that wait…")
        else:
            empty = requests.empty_in(snapshot.requests, wait)
            text = self.tr("Empty in about {time}.").format(time=fmt.duration(empty)) if empty else ""
        more = 0 if filtered else wait - listed
        self._below.setText(text)
        self.more.setEnabled(more > 0 or self._all)
        if more > 0:
            self.more.setText(self.tr("{number} more").format(number=fmt.number(more)))
        else:
            self.more.setText(self.tr("Show the first ones only") if self._all and wait > 0 else "")

    def _show_controls(self, snapshot: Snapshot, wait: int, run: int) -> None:
        text = self.tr("Resume") if snapshot.paused else self.tr("Pause")
        if text != self.pause.text():
            self.pause.setText(text)
            self._restyle()
        self.pause.setEnabled(not snapshot.fatal)
        self.recording.show_snapshot(snapshot)
        self.set_summary(
            self.tr("{waiting} waiting, {running} in flight").format(waiting=fmt.number(wait), running=fmt.number(run))
            + " · "
            + self.tr("{served} served, {failed} failed, {refused} refused since the start").format(
                served=fmt.number(snapshot.served),
                failed=fmt.number(snapshot.failed),
                refused=fmt.number(snapshot.refused),
            )
        )

    @Slot()
    def _restyle(self) -> None:
        name = "play" if self._snapshot.paused else "pause"
        self.pause.setIcon(resources.icon(name, self._theme.tokens.text))

    def _show_chosen(self) -> None:
        """Show what has become of the chosen requests."""
        snapshot, records = self._snapshot, self.chosen()
        live, alive = self._live(), not snapshot.fatal
        waiting = [record for record in live if record.state is RequestState.WAITING]
        self.line.cancel.setText(
            self.tr("Cancel %n request(s)", "", len(live)) if len(live) > 1 else self.tr("Cancel request")
        )
        self.line.cancel.setEnabled(bool(live) and alive)
        self.line.front.setEnabled(alive and any(not record.moved for record in waiting))
        for copy in (self.line.copy_curl, self.line.copy_id):
            copy.setEnabled(len(records) == 1)
        if len(records) > 1:
            self.line.show_several(len(records), len(live))
        elif records:
            self.line.show_record(records[0], snapshot.at, paused=snapshot.paused)
        else:
            self.line.show_hint(self._hint(snapshot))

    def _hint(self, snapshot: Snapshot) -> str:
        if snapshot.requests or snapshot.finished:
            return self.tr("Choose a request to see how its time was spent.")
        address = snapshot.proxy.url or self.tr("the panel's address")
        text = self.tr("No request yet. Point a client at {address}, for example: OLLAMA_HOST={address} ollama run …")
        return text.format(address=address)

    def _live(self) -> Sequence[RequestRecord]:
        return [record for record in self._chosen.values() if is_live(record)]

    @Slot()
    def _choose(self) -> None:
        """Take the requests that the user has selected in one part; the others have no selection then."""
        part = self.sender()
        for other in self.parts:
            if other is not part:
                other.deselect()
            else:
                self._chosen = {key_of(record): record for record in other.selected()}
        self._show()

    @Slot()
    def _cancel(self) -> None:
        if self.line.cancel.isEnabled():
            self._actions.cancel(self._live())

    @Slot()
    def _move_to_front(self) -> None:
        self._actions.move_to_front([record for record in self._live() if record.state is RequestState.WAITING])

    @Slot()
    def _show_anew(self) -> None:
        """Show the parts after a change of the filter or of the order, also those in which no request has changed."""
        self._shown_waiting = None
        self._show()

    @Slot()
    def _toggle_all(self) -> None:
        self._all = not self._all
        self._show_anew()

    def _connect(self) -> None:
        for part in self.parts:
            part.chosen.connect(self._choose)
            part.deleted.connect(self._cancel)
            part.released.connect(self._show_anew)
            part.asked.connect(lambda place, part=part: self._open_menu(part, place))
        self._theme.changed.connect(self._restyle)
        self._search.found.connect(self._show_anew)
        self.filter.changed.connect(self._show_anew)
        self.columns.sorted.connect(self._show_anew)
        self.more.clicked.connect(self._toggle_all)
        self.pause.clicked.connect(lambda: self._actions.set_paused(not self._snapshot.paused))
        line = self.line
        line.cancel.clicked.connect(self._cancel)
        line.front.clicked.connect(self._move_to_front)
        line.copy_id.clicked.connect(lambda: self._actions.copy_id(self.chosen()[0]))
        line.copy_curl.clicked.connect(lambda: self._actions.copy_curl(self.chosen()[0]))

    def _open_menu(self, part: RequestPart, place: QPoint) -> None:
        if self._chosen:
            self.menu(part).popup(place)

    def _build_controls(self) -> None:
        self.pause = button(
            self.tr("Resume"), self.tr("Lets no request start until you resume; those that run go on to their end")
        )
        self._restyle()
        self.pause.setIconSize(QSize(14, 14))
        widest = self.pause.sizeHint().width()
        self.pause.setText(self.tr("Pause"))
        self.pause.setMinimumWidth(max(widest, self.pause.sizeHint().width()))
        self.controls.addWidget(self.filter)
        self.recording = RecordingButton(self._client, self._theme)
        self.controls.addWidget(self.recording)
        self.controls.addWidget(self.pause)

    def _lay_out(self) -> None:
        card, below = Card(), QWidget()
        card.body.setContentsMargins(MD - 4, MD - 2, MD - 4, MD - 2)
        self._below = label("", "caption")
        self.more = button("", self.tr("Lists all requests that wait"))
        self.more.setProperty("link", True)
        row = QHBoxLayout(below)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self._below, 1)
        row.addWidget(self.more)
        for widget in (below, self.more):
            widget.setFixedHeight(22)
        parts = list(zip(self.parts, _SHARES, strict=True))
        card.body.addWidget(PartStack((*parts[:2], (below, 0), *parts[2:]), ROW, HEAD))
        self.body.addWidget(card, 1)
        self.body.addWidget(self.line)
