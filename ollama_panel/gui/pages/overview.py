"""The overview page: the current state, its history, and the sliders that change the pools."""

from collections import deque
from typing import TYPE_CHECKING, Self

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.bypass import still_going_past
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.addresses import local_url
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.gui import dialogs, preview, resources, results
from ollama_panel.gui import format as fmt
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.charts.live import LiveChart
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models import instances
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.summary import summary
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, XL
from ollama_panel.gui.widgets.card import Card, button, label, set_property
from ollama_panel.gui.widgets.delegates import LoadBarDelegate, NumberDelegate, PillDelegate, TwoLineDelegate
from ollama_panel.gui.widgets.figures import Figures
from ollama_panel.gui.widgets.inputs import ComboBox
from ollama_panel.gui.widgets.last_change import LastChangeCard
from ollama_panel.gui.widgets.layout import PageFrame, scrolled
from ollama_panel.gui.widgets.memory_question import fits_or_is_wanted
from ollama_panel.gui.widgets.pool_card import PoolCard
from ollama_panel.gui.widgets.tables import ColumnLayout, Table
from ollama_panel.gui.widgets.trends import Trends

if TYPE_CHECKING:
    from ollama_panel.gui.charts.ring import SampleRing

_SPANS = (60.0, 600.0, 3600.0)
_RIGHT_WIDTH, _LEAST_RIGHT = 404, 342
"""Pixels: a pool that does not fit says by how much, beside its memory, in the least width."""
_BAR, _BAR_WIDTH = 12, 10
"""Pixels that the scroll bar of the right column takes with the gap beside it, and its own width."""


class OverviewPage(PageFrame):
    """The key figures, the live charts, the instances, a card per pool, and what the last change has done.

    `page_wanted` has the name of the page where the user finds more, `tuning_wanted` that of the pool to be tuned.
    """

    page_wanted = Signal(str)
    tuning_wanted = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Overview"), parent)
        self._client = client
        self._theme = theme
        self.ring: SampleRing | None = None
        self.pool_cards: dict[PoolName, PoolCard] = {}
        self._past_shown: object = None
        self._figures = Figures(theme)
        self._trends = Trends(theme)
        self._charts = deque[LiveChart | Figures]((*self._trends.charts, self._figures))
        self.instances = instances.instance_table(self)
        self._build_controls(actions)
        edges = self.body.contentsMargins()  # in the right one is the scroll bar of the right column
        self.body.setContentsMargins(edges.left(), edges.top(), edges.right() - _BAR, edges.bottom())
        self._figures.setContentsMargins(0, 0, _BAR, 0)
        self.body.addLayout(self._figures)
        columns = QHBoxLayout()
        columns.setSpacing(LG - 2)
        columns.addLayout(self._build_left(), 3)
        columns.addWidget(self._build_right(), 2)
        self.body.addLayout(columns, 1)

    def show_samples(self, samples: tuple[Sample, ...]) -> None:
        """Fill the gaps of the charts with the samples that the engine keeps; the first call adds the curves."""
        from ollama_panel.gui.charts.ring import SampleRing

        self._draw(self.ring or SampleRing(), samples)

    @override
    def take_over(self, old: Self) -> None:
        self.span.setCurrentIndex(old.span.currentIndex())
        if old.ring is not None:
            self._draw(old.ring)
        self._show_pools(self._client.snapshot)
        for name, card in self.pool_cards.items():
            if (replaced := old.pool_cards.get(name)) is not None:
                card.take_over(replaced)

    def _draw(self, ring: "SampleRing", more: tuple[Sample, ...] = ()) -> None:
        if self.ring is None:
            self._trends.add_plots()
        self.ring = ring
        ring.fill(more)
        if (newest := self._client.snapshot.sample) is not None:
            ring.push(newest, self._client.snapshot.classes)
        self._draw_all()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Record the sample, and show the state if the page is visible."""
        ring = self.ring
        if (
            ring is not None
            and snapshot.sample is not None
            and ring.push(snapshot.sample, snapshot.classes)
            and self.isVisible()
        ):
            self._draw_next()
            for chart in self._trends.charts:
                chart.show_newest(ring)
        if not self.isVisible():
            return
        self._figures.show_sample(snapshot)
        self.set_summary(summary(snapshot))
        self._show_address(snapshot)
        self._show_instances()
        self._empty.setVisible(not snapshot.instances and not snapshot.starting)
        self._show_pools(snapshot)
        self.last_change.show_snapshot(snapshot)
        self._show_past(snapshot)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._figures.fit(event.size().width() - 2 * XL)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_snapshot(self._client.snapshot)
        self._draw_all()

    def _build_controls(self, actions: Actions) -> None:
        self.span = ComboBox()
        self.span.addItems([self.tr("1 min"), self.tr("10 min"), self.tr("1 h")])
        self.span.setAccessibleName(self.tr("Time range of the charts"))
        self.span.setToolTip(self.tr("How far back the charts look"))
        self.span.currentIndexChanged.connect(self._draw_all)
        self._address = QPushButton()
        self._address.setAccessibleName(self.tr("Copy address"))
        self._address.clicked.connect(actions.copy_address)
        self._theme.changed.connect(self._restyle)
        self._restyle()
        self.past = button("")
        self.past.clicked.connect(lambda: self.page_wanted.emit("connect"))
        self.controls.addWidget(self.past)
        self.controls.addWidget(self.span)
        self.controls.addWidget(self._address)
        self.add_pool = button(
            self.tr("Add pool"), self.tr("Adds a pool with its own role, workers and settings"), primary=True
        )
        self.add_pool.clicked.connect(lambda: self._client.spawn(self._add_pool()))
        self.controls.addWidget(self.add_pool)

    async def _add_pool(self) -> None:
        from ollama_panel.gui.widgets.pool_dialog import PoolDialog

        snapshot = self._client.snapshot
        names = tuple(facts.name for facts in snapshot.models)
        fresh = PoolSettings(preview.free_name(snapshot.settings))
        dialog = PoolDialog(
            snapshot.settings,
            fresh,
            names,
            new=True,
            parent=self,
            version=snapshot.ollama_version,
            inherited=snapshot.inherited,
        )
        if not await dialogs.ask(dialog):
            return
        pool = dialog.pool()
        if await fits_or_is_wanted(self, self._client.snapshot, pool):
            settings = self._client.snapshot.settings
            await results.apply(self._client, msgspec.structs.replace(settings, pools=(*settings.pools, pool)))

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
        stop.clicked.connect(lambda: self._client.spawn(results.stop_all(self._client)))
        start.clicked.connect(lambda: self._client.spawn(results.start_all(self._client)))
        card.heading.addWidget(start)
        card.heading.addWidget(stop)
        self._table = Table(self.instances, self.tr("Instances"), (instances.SPEED, instances.MEMORY), 520)
        columns = (
            ColumnLayout(0, TwoLineDelegate(self._theme, self._table)),
            ColumnLayout(104, PillDelegate(self._theme, self._table)),
            ColumnLayout(132, LoadBarDelegate(self._theme, self._table)),
            ColumnLayout(74, NumberDelegate(self._theme, self._table)),
            ColumnLayout(82, NumberDelegate(self._theme, self._table)),
        )
        self._table.set_up(columns, row_height=38)
        self._table.released.connect(self._show_instances)
        self._table.setMinimumHeight(110)
        self._empty = label(self.tr("No instance yet: raise Workers in a pool, and press Apply."), "muted", wrap=True)
        card.body.addWidget(self._table, 1)
        card.body.addWidget(self._empty)
        left.addWidget(card, 8)
        return left

    def _build_right(self) -> QScrollArea:
        """Return the column of the pools, which scrolls by itself: the charts stay where they are."""
        content = QWidget()
        content.setObjectName("page")
        self._right = QVBoxLayout(content)
        self._right.setContentsMargins(0, 0, _BAR - _BAR_WIDTH, 0)
        self._right.setSpacing(LG - 2)
        self.last_change = LastChangeCard(self._client, self._theme)
        self._right.addWidget(self.last_change)
        self._right.addStretch()
        area = scrolled(content, self)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # it cannot be seen unless it is needed
        area.setMinimumWidth(_LEAST_RIGHT + _BAR)
        area.setMaximumWidth(_RIGHT_WIDTH + _BAR)
        return area

    @Slot()
    def _show_instances(self) -> None:
        self._table.show_records(self._client.snapshot.instances)

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
            card = kept.get(pool.name) or self._made_card(pool)
            self._right.insertWidget(place, card, 1)
            self.pool_cards[pool.name] = card

    def _made_card(self, pool: PoolSettings) -> PoolCard:
        card = PoolCard(self._client, self._theme, pool)
        card.measure_wanted.connect(self.tuning_wanted)
        return card

    def _show_address(self, snapshot: Snapshot) -> None:
        url = "" if snapshot.fatal else snapshot.proxy.url
        proxy = snapshot.settings.proxy
        configured = local_url(proxy.host, proxy.port) if snapshot.starting else self.tr("not serving")
        self._address.setText(url or configured)
        self._address.setEnabled(bool(url))
        tip, others = self.tr("The one address for all clients; click to copy it"), snapshot.proxy.others
        self._address.setToolTip(f"{tip}\n{notice_text(notice('proxy.others', urls=others))}" if others else tip)

    def _show_past(self, snapshot: Snapshot) -> None:
        """Show how many programs go past the queue; the button leads to where it says what to change."""
        known = snapshot.bypassing is not None
        past = len(still_going_past(snapshot.bypassing, snapshot.clients, snapshot.at)) if known else None
        why = None if known else snapshot.bypassing_unknown
        if (past, why) == self._past_shown:
            return
        self._past_shown = past, why
        self.past.setText(self.tr("{number} past the queue").format(number=fmt.number(past)))
        self.past.setEnabled(bool(past))
        set_property(self.past, "warns", bool(past))
        tip = self.tr("Programs that talk to Ollama past the panel, so that nothing protects the chats from them")
        self.past.setToolTip("\n".join(filter(None, (tip, notice_text(why)))))
        self.past.setAccessibleDescription(self.past.toolTip())

    @Slot()
    def _draw_all(self) -> None:
        for _ in range(len(self._charts)):
            self._draw_next()

    def _draw_next(self) -> None:
        """Draw the next chart in turn.

        Drawing all charts at each of the four samples per second took half of the window's CPU time and held the
        interpreter, which the proxy needs for every token, long enough to delay streams.
        """
        if self.ring is not None:
            self._charts.rotate(-1)
            self._charts[0].show_ring(self.ring, _SPANS[max(0, self.span.currentIndex())])

    def _restyle(self) -> None:
        self._address.setIcon(resources.icon("copy", self._theme.tokens.muted, size=16))
