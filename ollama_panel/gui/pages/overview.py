"""The overview page: the current state, its history, and the sliders that change the pools."""

from collections import deque

import msgspec
from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.ids import PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.gui import dialogs, preview, resources
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.charts.live import LiveChart
from ollama_panel.gui.charts.ring import SampleRing
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models import instances
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.delegates import LoadBarDelegate, PillDelegate, TwoLineDelegate
from ollama_panel.gui.widgets.figures import Figures
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.pool_card import PoolCard
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.widgets.tables import ColumnLayout, Table, set_up
from ollama_panel.gui.widgets.trends import Trends

_SPANS = (60.0, 600.0, 3600.0)
_RIGHT_WIDTH = 404


class OverviewPage(PageFrame):
    """The key figures, the live charts, the instances, and a card per pool."""

    def __init__(self, client: EngineClient, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Overview"), parent)
        self._client = client
        self._theme = theme
        self.ring = SampleRing()
        self.pool_cards: dict[PoolName, PoolCard] = {}
        self._figures = Figures(theme)
        self._trends = Trends(theme)
        self._charts = deque[LiveChart | Figures]((*self._trends.charts, self._figures))
        self.instances = instances.instance_table(self)
        self._build_controls(actions)
        self.body.addLayout(self._figures)
        columns = QHBoxLayout()
        columns.setSpacing(LG - 2)
        columns.addLayout(self._build_left(), 3)
        self._right = QVBoxLayout()
        self._right.setSpacing(LG - 2)
        self._right.addStretch()
        columns.addLayout(self._right, 2)
        self.body.addLayout(columns, 1)

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Fill the charts with the samples that the engine keeps."""
        self.ring.clear()
        for sample in samples:
            self.ring.push(sample)
        self._draw_all()

    def take_samples(self, other: "OverviewPage") -> None:
        """Take the samples of the page that this one replaces."""
        self.ring = other.ring
        self._draw_all()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Record the sample, and show the state if the page is visible."""
        if snapshot.sample is not None and self.ring.push(snapshot.sample) and self.isVisible():
            self._draw_next()
            for chart in self._trends.charts:
                chart.show_newest(self.ring)
        if not self.isVisible():
            return
        self._figures.show_sample(snapshot)
        self.set_summary(self._status_summary(snapshot))
        self._show_address(snapshot)
        self.instances.show_records(snapshot.instances)
        self._empty.setVisible(not snapshot.instances)
        self._show_pools(snapshot)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_snapshot(self._client.snapshot)
        self._draw_all()

    def _build_controls(self, actions: Actions) -> None:
        self._span = QComboBox()
        self._span.addItems([self.tr("1 min"), self.tr("10 min"), self.tr("1 h")])
        self._span.setAccessibleName(self.tr("Time range of the charts"))
        self._span.setToolTip(self.tr("How far back the charts look"))
        self._span.currentIndexChanged.connect(self._draw_all)
        self._address = QPushButton()
        self._address.setAccessibleName(self.tr("Copy address"))
        self._address.clicked.connect(actions.copy_address)
        self._theme.changed.connect(self._restyle)
        self._restyle()
        self.controls.addWidget(self._span)
        self.controls.addWidget(self._address)
        self.add_pool = button(
            self.tr("Add pool"), self.tr("Adds a pool with its own role, workers and settings"), primary=True
        )
        self.add_pool.clicked.connect(lambda: self._client.spawn(self._add_pool()))
        self.controls.addWidget(self.add_pool)

    async def _add_pool(self) -> None:
        snapshot = self._client.snapshot
        names = tuple(facts.name for facts in snapshot.models)
        fresh = PoolSettings(preview.free_name(snapshot.settings))
        dialog = PoolDialog(snapshot.settings, fresh, names, new=True, parent=self)
        if await dialogs.ask(dialog):
            settings = self._client.snapshot.settings
            await self._client.apply(msgspec.structs.replace(settings, pools=(*settings.pools, dialog.pool())))
        dialog.deleteLater()

    def _build_left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(LG - 2)
        left.addWidget(self._trends, 9)
        card = Card(self.tr("Instances"))
        card.body.setContentsMargins(MD, MD, MD, MD)
        card.heading.setContentsMargins(4, 0, 4, 0)
        tip = self.tr("Running requests end first; new ones wait until an instance runs again")
        stop = button(self.tr("Stop all"), tip, small=True)
        start = button(self.tr("Start all"), self.tr("Starts every managed instance that is stopped"), small=True)
        stop.clicked.connect(lambda: self._client.spawn(self._client.stop_all()))
        start.clicked.connect(lambda: self._client.spawn(self._client.start_all()))
        card.heading.addWidget(start)
        card.heading.addWidget(stop)
        self._table = Table((instances.SPEED, instances.MEMORY), 520)
        columns = (
            ColumnLayout(0, TwoLineDelegate(self._theme, self._table)),
            ColumnLayout(104, PillDelegate(self._theme, self._table)),
            ColumnLayout(132, LoadBarDelegate(self._theme, self._table)),
            ColumnLayout(74),
            ColumnLayout(82),
        )
        set_up(self._table, self.instances, self.tr("Instances"), columns, row_height=38)
        self._table.setMinimumHeight(110)
        self._empty = label(self.tr("No instance yet: raise Workers in a pool, and press Apply."), "muted", wrap=True)
        card.body.addWidget(self._table, 1)
        card.body.addWidget(self._empty)
        left.addWidget(card, 8)
        return left

    def _show_pools(self, snapshot: Snapshot) -> None:
        wanted = [pool.name for pool in snapshot.settings.pools]
        if wanted != list(self.pool_cards):
            self._rebuild_pools(snapshot)
        for card in self.pool_cards.values():
            card.show_snapshot(snapshot)

    def _rebuild_pools(self, snapshot: Snapshot) -> None:
        for name in [name for name in self.pool_cards if name not in {pool.name for pool in snapshot.settings.pools}]:
            self.pool_cards.pop(name).deleteLater()
        kept, self.pool_cards = self.pool_cards, {}
        for place, pool in enumerate(snapshot.settings.pools):
            card = kept.get(pool.name) or PoolCard(self._client, self._theme, pool)
            card.setMinimumWidth(300)
            card.setMaximumWidth(_RIGHT_WIDTH)
            self._right.insertWidget(place, card, 1)
            self.pool_cards[pool.name] = card

    def _status_summary(self, snapshot: Snapshot) -> str:
        """Return the most important fact about the state."""
        phases = [record.phase for record in snapshot.instances]
        failed = sum(phase in (Phase.FAILED, Phase.BACKOFF) for phase in phases)
        stopped = phases.count(Phase.STOPPED)
        stalled = sum(record.phase is Phase.READY and bool(record.silent) for record in snapshot.instances)
        waiting = sum(pool.queued for pool in snapshot.pools)
        told = {one.code for one in snapshot.notices}
        shut = "stores.shut" in told or "stores.shut_served" in told
        sentences = (
            (bool(snapshot.fatal), self.tr("The engine has stopped")),
            (failed > 0, self.tr("%n instance(s) cannot run", "", failed)),
            (stalled > 0, self.tr("Requests stand still at %n instance(s)", "", stalled)),
            (not snapshot.proxy.on, self.tr("The proxy is off: clients are not answered")),
            (Phase.READY not in phases, self.tr("No instance runs yet; requests wait until one does")),
            (snapshot.paused, self.tr("The queue is paused: %n request(s) wait", "", waiting)),
            (waiting > 0, self.tr("%n request(s) wait for a free slot", "", waiting)),
            (shut, self.tr("Some workers cannot read the folder of their models")),
            ("stores.none_here" in told, self.tr("The pools cannot serve: their workers have no models")),
            ("stores.some_elsewhere" in told, self.tr("Some models are with another server alone")),
            (stopped > 0, self.tr("%n instance(s) are stopped", "", stopped)),
        )
        return next((sentence for holds, sentence in sentences if holds), self.tr("Everything is running normally"))

    def _show_address(self, snapshot: Snapshot) -> None:
        url = "" if snapshot.fatal else snapshot.proxy.url
        self._address.setText(url or self.tr("not serving"))
        self._address.setEnabled(bool(url))
        tip, others = self.tr("The one address for all clients; click to copy it"), snapshot.proxy.others
        self._address.setToolTip(f"{tip}\n{notice_text(notice('proxy.others', urls=others))}" if others else tip)

    @Slot()
    def _draw_all(self) -> None:
        for _ in range(len(self._charts)):
            self._draw_next()

    def _draw_next(self) -> None:
        """Draw the next chart in turn.

        Drawing all charts at each of the four samples per second took half of the window's CPU time and held the
        interpreter, which the proxy needs for every token, long enough to delay streams.
        """
        self._charts.rotate(-1)
        self._charts[0].show_ring(self.ring, _SPANS[max(0, self._span.currentIndex())])

    def _restyle(self) -> None:
        self._address.setIcon(resources.icon("copy", self._theme.tokens.muted, size=16))
