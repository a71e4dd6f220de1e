"""The instances page: all instances, and the details and the log of the selected one."""

from typing import Self

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from ollama_panel.core.drill import DrillState
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models import instances
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD
from ollama_panel.gui.widgets.card import Card, button, label
from ollama_panel.gui.widgets.delegates import LoadBarDelegate, PillDelegate, TwoLineDelegate
from ollama_panel.gui.widgets.import_dialog import dropped, show_import
from ollama_panel.gui.widgets.instance_detail import InstanceDetail
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.tables import ColumnLayout, Table

_LOG_EVERY_MS = 1000


class InstancesPage(PageFrame):
    """The table of instances, and the details of the selected one beside it."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Instances"), parent)
        self._client = client
        self.table = instances.instance_table(self)
        self.view = Table(self.table, self.tr("Instances"), (instances.LOAD,), 330)
        painted = (TwoLineDelegate(theme, self.view), PillDelegate(theme, self.view), LoadBarDelegate(theme, self.view))
        columns = (ColumnLayout(0, painted[0]), ColumnLayout(104, painted[1]), ColumnLayout(126, painted[2]))
        self.view.set_up(columns, row_height=42)
        for column in (instances.SPEED, instances.MEMORY):
            self.view.setColumnHidden(column, True)
        self.view.selectionModel().selectionChanged.connect(self._choose)
        self.view.released.connect(lambda: self.show_snapshot(client.snapshot))
        self.take = button(
            self.tr("Import…"),
            self.tr(
                "Takes over what is set where Ollama is started: units, plists, Compose files, containers, scripts"
            ),
        )
        self.take.clicked.connect(lambda: show_import(client, self))
        self.drill = button(self.tr("Drill…"))
        self.drill.clicked.connect(self._open_drill)
        self.controls.addWidget(self.drill)
        self.controls.addWidget(self.take)
        self.setAcceptDrops(True)
        self._chosen: InstanceId | None = None
        self._empty = label(
            self.tr("No instance yet: raise Workers of a pool on the Overview page."), "muted", wrap=True
        )
        self.detail = InstanceDetail(client, theme)
        self._lay_out()
        self._timer = QTimer(self, interval=_LOG_EVERY_MS)
        self._timer.timeout.connect(self.detail.pull_log)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the instances and keep the selection; one that is removed leaves none, and no button acts on another."""
        self.view.show_records(snapshot.instances)
        self._empty.setVisible(not snapshot.instances and not snapshot.starting)
        running = sum(record.in_flight for record in snapshot.instances)
        self.set_summary(self.tr("%n request(s) in flight", "", running))
        if snapshot.instances and self._chosen is None:
            self.view.select(0)
        self.detail.show_record(self._current(), snapshot)
        self._show_drill(snapshot)

    @override
    def take_over(self, old: Self) -> None:
        self.show_snapshot(self._client.snapshot)
        self.view.take_over(old.view)
        self.splitter.restoreState(old.splitter.saveState())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self.detail.pull_log()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if path := dropped(event.mimeData()):
            event.acceptProposedAction()
            show_import(self._client, self, path)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _lay_out(self) -> None:
        card = Card()
        card.body.setContentsMargins(MD, MD, MD, MD)
        card.body.addWidget(self.view, 1)
        card.body.addWidget(self._empty)
        self.splitter = splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(LG - 2)
        splitter.addWidget(card)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 5)
        splitter.setStretchFactor(1, 6)
        card.setMinimumWidth(330)
        self.detail.setMinimumWidth(330)
        self.body.addWidget(splitter, 1)

    def _show_drill(self, snapshot: Snapshot) -> None:
        runs = snapshot.drill is not None and snapshot.drill.state is DrillState.RUNNING
        self.drill.setText(self.tr("Drill under way…") if runs else self.tr("Drill…"))
        tip = self.tr("Kills, hangs and slows a secondary instance on purpose, and scores what the panel does")
        self.drill.setToolTip(tip)

    def _open_drill(self) -> None:
        from ollama_panel.gui.widgets.drill_dialog import show_drill

        show_drill(self._client, self)

    def _current(self) -> InstanceRecord | None:
        return next((one for one in self._client.snapshot.instances if one.id == self._chosen), None)

    @Slot()
    def _choose(self) -> None:
        for record in self.view.selected():
            self._chosen = record.id
            self.detail.show_record(self._current(), self._client.snapshot)
            if self.isVisible():
                self.detail.pull_log()
