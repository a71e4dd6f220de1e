"""The part of the machine page about the last day: how many requests ended, and what happened to the panel."""

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.snapshot import RequestState
from ollama_panel.gui import format as fmt
from ollama_panel.gui import tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card, button, label, set_tone

if TYPE_CHECKING:  # the window opens without the history
    from ollama_panel.core.history.records import FinishedRequests, HistoryEvent

_SHOWN = 12
_TONES = {Level.INFO: "", Level.WARNING: "warn", Level.ERROR: "danger"}


class HistoryPart(Card):
    """Asked when the page opens, and when the user wants; the newest event comes first."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Last 24 hours"), parent)
        self._client = client
        self.refresh = button(self.tr("Look again"), self.tr("Reads what has happened meanwhile"), small=True)
        self.refresh.setAccessibleName(self.tr("Look again at the last 24 hours"))
        self.refresh.clicked.connect(self.ask)
        self.heading.addWidget(self.refresh)
        self.told = label(self.tr("Reading the history…"), "muted", wrap=True)
        self.body.addWidget(self.told)
        self._events = QVBoxLayout()
        self._events.setSpacing(SM)
        self.body.addLayout(self._events)
        self.more = label(self.tr("All of it: ollama-panel history --events"), "caption", wrap=True)
        self.more.hide()
        self.body.addWidget(self.more)

    def ask(self) -> None:
        """Read what has happened, and show it; until then the button takes no further click."""
        self.refresh.setEnabled(False)
        self._client.spawn(self._ask())

    async def _ask(self) -> None:
        try:
            requests = await self._client.finished_requests()
            events = await self._client.history_events(_SHOWN)
        except PanelError as error:
            if tasks.exists(self):
                self.told.setText(notice_text(error.notice))
                self._show_events((), more=False)
            return
        finally:
            if tasks.exists(self):
                self.refresh.setEnabled(True)
        if tasks.exists(self):
            self.told.setText(self._summary(requests))
            self._show_events(events.events, more=events.before is not None)

    def _summary(self, ended: "FinishedRequests") -> str:
        states = Counter(one.state for one in ended.requests)
        if not ended.requests:
            return self.tr("No request has ended.")
        return self.tr("{ended} requests ended: {failed} failed, {refused} refused, {cancelled} cancelled.").format(
            ended=fmt.number(len(ended.requests)) + ("+" if ended.before is not None else ""),
            failed=fmt.number(states[RequestState.FAILED]),
            refused=fmt.number(states[RequestState.REFUSED]),
            cancelled=fmt.number(states[RequestState.CANCELLED]),
        )

    def _show_events(self, events: "tuple[HistoryEvent, ...]", *, more: bool) -> None:
        while (item := self._events.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for one in events:
            self._events.addWidget(_event(one))
        self.more.setVisible(more)


def _event(one: "HistoryEvent") -> QWidget:
    made = QWidget()
    lines = QVBoxLayout(made)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(0)
    lines.addWidget(label(fmt.moment(QDateTime.fromSecsSinceEpoch(int(one.at))), "caption"))
    told = label(notice_text(one.told), wrap=True)
    set_tone(told, _TONES[one.told.level])
    lines.addWidget(told)
    return made
