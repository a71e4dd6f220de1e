"""The second step: every file that will be written and every command that will run, and how far that is."""

from collections.abc import Sequence
from functools import partial
from typing import Self

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.first_run.effects import Effect, effects
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import Takeover
from ollama_panel.gui import results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.first_run.draft import Draft
from ollama_panel.gui.notices import WayLine, notice_text, step_line
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM
from ollama_panel.gui.widgets.card import Card, label, rule, set_tone
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.ways import Ways


class EffectsStep(PageFrame):
    """Shows what Start will do; while it is done, and afterwards, what was shown stays."""

    def __init__(self, client: EngineClient, theme: Theme, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What will happen"), parent)
        self._client = client
        self._theme = theme
        self._draft = draft
        self._copy = partial(results.copy, client)
        self._shown: tuple[Effect, ...] = ()
        self._copies: dict[Card, list[QWidget]] = {}
        self._kept = False
        self._plan: Takeover | None = None
        self._nothing_done = self.tr("Nothing has been changed yet. Start does exactly this.")
        self.set_summary(self._nothing_done)
        self.panel, self.yours = Card(self.tr("The panel does")), Card(self.tr("You do"))
        self._lists = {card: QVBoxLayout() for card in (self.panel, self.yours)}
        for card, rows in self._lists.items():
            rows.setSpacing(SM)
            card.body.addLayout(rows)
            self.body.addWidget(card)
        self.progress, self.todo = label("", wrap=True), Ways(theme, self._copy)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.todo)
        self.body.addStretch(1)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        todo = snapshot.takeover.todo if self._kept and snapshot.takeover is not None else ()
        self.todo.show_lines([WayLine("", command, is_step=True) for command in todo])
        if self._kept:
            return
        items, ticked = self._draft.advised(snapshot).items, self._draft.ticked(snapshot)
        found = effects(snapshot, items, ticked, self._client.settings_file, self._plan)
        if found == self._shown:
            return
        self._shown = found
        for card, mine in ((self.panel, False), (self.yours, True)):
            self._show(card, [one for one in found if one.by_user is mine])

    @override
    def take_over(self, old: Self) -> None:
        self.show_snapshot(self._client.snapshot)
        if old._kept:
            self.keep(True)

    @property
    def stops(self) -> list[QWidget]:
        """What Tab goes through, from top to bottom."""
        return [*self._copies.get(self.panel, ()), *self._copies.get(self.yours, ()), *self.todo.buttons]

    def keep(self, on: bool) -> None:
        """Keep what is shown: it is being done, or was."""
        self._kept = on
        self.set_summary(self.tr("This is what Start does.") if on else self._nothing_done)

    def plan(self, takeover: Takeover | None) -> None:
        """Show a take-over among what will happen, None = there is none."""
        self._plan = takeover
        self.show_snapshot(self._client.snapshot)

    def tell(self, text: str, tone: str = "muted") -> None:
        """Say how far it is."""
        self.progress.setText(text)
        set_tone(self.progress, tone)

    def _show(self, card: Card, found: Sequence[Effect]) -> None:
        card.setVisible(bool(found))
        rows = self._lists[card]
        while (item := rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._copies[card] = []
        for one in found:
            row = self._row(one)
            rows.addWidget(rule())
            rows.addWidget(row)
            self._copies[card] += [copy for ways in row.findChildren(Ways) for copy in ways.buttons]

    def _row(self, effect: Effect) -> QWidget:
        row = QWidget()
        parts = QVBoxLayout(row)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(2)
        parts.addWidget(label(notice_text(effect.title), "section", wrap=True))
        for line in effect.lines:
            parts.addWidget(label(notice_text(line), "muted", wrap=True))
        exact = [WayLine("", text, is_step=True) for text in (*effect.files, *effect.commands)]
        exact += map(step_line, effect.steps)
        if exact:
            shown = Ways(self._theme, self._copy)
            shown.show_lines(exact)
            parts.addWidget(shown)
        return row
