"""The machine page: what runs on this computer and what it has. Each part is a widget in a module of its own."""

from typing import Self

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.advice_part import AdvicePart
from ollama_panel.gui.widgets.history_part import HistoryPart
from ollama_panel.gui.widgets.layout import PageFrame, scroll_like
from ollama_panel.gui.widgets.power_part import PowerPart
from ollama_panel.gui.widgets.readings_part import ReadingsPart
from ollama_panel.gui.widgets.servers_part import ServersPart

_TWO_COLUMNS_FROM = 900
"""Pixels of the page from which on two columns have room for the lines of the servers and of the readings."""

_SETTLED_MS = 6000
"""Pause after the panel has started or stopped workers until the servers are looked at; the engine looks at most every
5 s."""


class MachinePage(PageFrame):
    """The readings and the last day beside all else; on a narrow page, one part below the other."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Machine"), parent)
        self._client = client
        self.servers = ServersPart(client)
        self.readings = ReadingsPart()
        self.power = PowerPart()
        self.advice = AdvicePart(client)
        self.history = HistoryPart(client)
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(LG - 2)
        self._left, self._right = left, right = QVBoxLayout(), QVBoxLayout()
        for part in (self.servers, self.advice, self.power, self.history):
            left.addWidget(part)
        right.addWidget(self.readings)
        for column in (left, right):
            column.setSpacing(LG - 2)
            column.addStretch(1)
        self._columns.addLayout(right, 2)
        self._columns.addLayout(left, 3)
        self.body.addLayout(self._columns, 1)
        self._asked = False
        self._workers: set[int] = set()
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_SETTLED_MS)
        self._look.timeout.connect(self._ask)
        self.set_summary(self.tr("What runs on this computer, and what it has"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _TWO_COLUMNS_FROM
        self._left.removeWidget(self.history)
        self._right.removeWidget(self.history)
        column = self._right if wide else self._left
        column.insertWidget(column.count() - 1, self.history)
        self._columns.setDirection(QBoxLayout.Direction.RightToLeft if wide else QBoxLayout.Direction.TopToBottom)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._asked = False
        self.show_snapshot(self._client.snapshot)

    def _ask(self) -> None:
        self._client.spawn(self._client.refresh_servers())
        self.history.ask()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the machine in all parts; look at its servers again when the panel has started or stopped one."""
        if not self._asked and self.isVisible() and not snapshot.starting and snapshot.fatal is None:
            self._asked = True
            self._ask()
        workers = {one.pid for one in snapshot.instances if one.pid is not None}
        if workers != self._workers and self.isVisible():
            self._workers = workers
            self._look.start()
        self.servers.show_snapshot(snapshot)
        self.readings.show_snapshot(snapshot)
        self.power.show_snapshot(snapshot)
        self.advice.show_snapshot(snapshot)

    @override
    def take_over(self, old: Self) -> None:
        self.advice.take_over(old.advice)
        self.show_snapshot(self._client.snapshot)
        self.servers.take_over(old.servers)
        scroll_like(self.area, old.area)
