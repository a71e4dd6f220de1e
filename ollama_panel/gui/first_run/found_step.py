"""The first step: what was found on this machine, what is advised, and the memory that it will take."""

from functools import partial
from typing import Self

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.advice.uses import Use
from ollama_panel.core.first_run.advised import Kind
from ollama_panel.core.first_run.found import found, is_looking, without_ollama
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import dialogs, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.first_run.advised_card import AdvisedCard
from ollama_panel.gui.first_run.draft import Draft
from ollama_panel.gui.first_run.found_card import FoundCard
from ollama_panel.gui.first_run.install_card import InstallCard
from ollama_panel.gui.first_run.memory_card import MemoryCard
from ollama_panel.gui.first_run.pool_values import PoolValues
from ollama_panel.gui.first_run.programs_card import ProgramsCard
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.card import button
from ollama_panel.gui.widgets.layout import PageFrame

_TWO_COLUMNS_FROM = 900
"""Pixels of the step from which on both columns show their texts uncut."""
_SHARES = 440, 578


class FoundStep(PageFrame):
    """Shows the machine and takes the ticks; `plan_wanted` is emitted when the user wants to see what they do."""

    plan_wanted = Signal()

    def __init__(self, client: EngineClient, theme: Theme, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Found on this machine, and what we advise"), parent)
        self._client = client
        self._draft = draft
        self.set_summary(self.tr("Nothing of yours has been changed yet. Untick what you do not want."))
        self.again = button(self.tr("Look again"), self.tr("Looks for servers and programs now"))
        self.again.clicked.connect(self._look)
        self.controls.addWidget(self.again)
        self.found, self.programs = FoundCard(theme), ProgramsCard(theme)
        self.advised, self.memory, self.install = (
            AdvisedCard(),
            MemoryCard(theme),
            InstallCard(theme, partial(results.copy, client)),
        )
        self.advised.asked.connect(self._ask)
        self.advised.ticked.connect(self._tick)
        self.advised.more_wanted.connect(self._show_more)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(LG - 2)
        for share, cards in zip(
            _SHARES, ((self.found, self.programs), (self.install, self.advised, self.memory)), strict=True
        ):
            column = QVBoxLayout()
            column.setSpacing(LG - 2)
            for card in cards:
                grows = card in (self.programs, self.advised)
                column.addWidget(card, int(grows))
                if not grows:
                    card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            column.addStretch()
            self._columns.addLayout(column, share)
        self.body.addLayout(self._columns)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.found.show_parts(found(snapshot))
        missing = without_ollama(snapshot)
        self.install.setVisible(missing)
        self.programs.setVisible(not missing)
        for card in (self.advised, self.memory):
            card.setVisible(not missing)
        if missing:
            return
        self.programs.show_snapshot(snapshot)
        asked = self._draft.asked(snapshot)
        self.advised.show_advised(self._draft.advised(snapshot), self._draft.ticked(snapshot), asked)
        self.advised.setEnabled(not is_looking(snapshot))
        self.memory.show_settings(snapshot, self._draft.wanted(snapshot))

    @override
    def take_over(self, old: Self) -> None:
        self.show_snapshot(self._client.snapshot)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _TWO_COLUMNS_FROM
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def _look(self) -> None:
        self.again.setEnabled(False)
        self._client.spawn(self._look_again())

    async def _look_again(self) -> None:
        try:
            await self._client.refresh_servers()
        finally:
            if tasks.exists(self):
                self.again.setEnabled(True)

    def _ask(self, use: Use, people: int) -> None:
        self._draft.ask(use, people)
        self.show_snapshot(self._client.snapshot)

    def _tick(self, item: str, on: bool) -> None:
        self._draft.ticks[item] = on
        self.show_snapshot(self._client.snapshot)

    def _show_more(self, item: str) -> None:
        wanted = next((one for one in self._draft.advised(self._client.snapshot).items if one.id == item), None)
        if wanted is not None and wanted.kind is Kind.QUEUE:
            self._client.spawn(self._client.use_next_port())
            return
        if wanted is None or wanted.pool is None:
            self.plan_wanted.emit()
            return
        self._client.spawn(self._change(PoolValues(wanted.pool, self), item))

    async def _change(self, dialog: PoolValues, item: str) -> None:
        if not await dialogs.ask(dialog) or not tasks.exists(self):
            return
        pool = dialog.pool()
        self._draft.pools[pool.name] = pool
        self._draft.ticks[item] = True
        self.show_snapshot(self._client.snapshot)
