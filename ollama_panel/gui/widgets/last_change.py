"""What the last change of the settings has done: figures before it and since, and the way back."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ollama_panel.core.comparison import Comparison, Verdict, compared
from ollama_panel.core.figures import LastChange, SpanFigures
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import resources, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import joined_list, notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD, SM
from ollama_panel.gui.widgets.card import Card, button, label, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel

_TONES = {Verdict.BETTER: "ok", Verdict.WORSE: "warn", Verdict.SAME: "muted", Verdict.UNKNOWN: "muted"}
_NOTHING = SpanFigures()


class LastChangeCard(Card):
    """The card; while nothing was changed in this run, it says so, in the same place."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._client, self._theme = client, theme
        self._shown: LastChange | None = None
        self._made = ""
        self._name = ""
        self._undoing = False
        self._title, self._what = ElidedLabel("", "title"), ElidedLabel("", "muted")
        self.undo = button("", small=True)
        self.undo.setToolTip(self.tr("Puts the settings in force as they were before it; what was changed since stays"))
        self.undo.clicked.connect(self._start_undoing)
        self.heading.addWidget(self._title, 1)
        self.heading.addWidget(self.undo)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(MD)
        self._grid.setVerticalSpacing(SM - 2)
        self._grid.setColumnStretch(0, 1)
        self._cells: list[tuple[QLabel, ...]] = []
        self.body.addLayout(self.heading)
        self.body.addWidget(self._what)
        self.body.addLayout(self._grid)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._show(None, "")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the last change."""
        change = snapshot.last_change
        self.undo.setEnabled(change is not None and not snapshot.fatal and not self._undoing)
        if change is not self._shown:
            if change is not None and (self._shown is None or self._shown.at != change.at):
                self._made = fmt.moment(fmt.time_of(change.at, snapshot.at))
            self._show(change, self._made)
            self._shown = change

    def _show(self, change: LastChange | None, made: str) -> None:
        words = _LastChangeWords()
        undoes = change is not None and change.undoes
        self.undo.setText(self.tr("Redo") if undoes else self.tr("Undo"))
        if (name := self.tr("Redo the last change") if undoes else self.tr("Undo the last change")) != self._name:
            self._name = name
            self.undo.setAccessibleName(name)
        self._title.show_text(words.title(change, made))
        self._what.show_text(words.what(change))
        heads = ("", words.before(change), self.tr("since then"), self.tr("change"))
        self._fill(0, heads, ("caption",) * 4, "muted")
        for number, row in enumerate(words.rows(change), 1):
            texts = row.name, row.before, row.after, words.verdict(row.comparison)
            self._fill(number, texts, ("muted", "", "value", "value"), _TONES[row.comparison.verdict])

    def _fill(self, number: int, texts: tuple[str, ...], roles: tuple[str, ...], tone: str) -> None:
        """Show a row; the tone is that of its last cell."""
        if number == len(self._cells):
            name, *values = roles
            self._cells.append((ElidedLabel("", name), *(label("", role) for role in values)))
            for column, cell in enumerate(self._cells[number]):
                cell.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
                self._grid.addWidget(cell, number, column)
        for cell, text in zip(self._cells[number], texts, strict=True):
            cell.show_text(text) if isinstance(cell, ElidedLabel) else cell.setText(text)
        set_tone(self._cells[number][-1], tone)

    @Slot()
    def _start_undoing(self) -> None:
        self._undoing = True
        self.undo.setEnabled(False)
        self._client.spawn(self._undo())

    async def _undo(self) -> None:
        try:
            await results.undo_last_change(self._client)
        finally:
            if tasks.exists(self):
                self._undoing = False
                self.show_snapshot(self._client.snapshot)

    def _restyle(self) -> None:
        self.undo.setIcon(resources.icon("undo", self._theme.tokens.text, disabled=self._theme.tokens.muted, size=16))


@dataclass(frozen=True, slots=True)
class _Row:
    """One figure as text, before the change and since."""

    name: str
    before: str
    after: str
    comparison: Comparison


class _LastChangeWords(QObject):
    """The words of the card."""

    def title(self, change: LastChange | None, made: str) -> str:
        if change is None:
            return self.tr("Last change")
        if change.undoes:
            return self.tr("Undone, {time}").format(time=made)
        return self.tr("Last change, {time}").format(time=made)

    def what(self, change: LastChange | None) -> str:
        if change is None:
            return self.tr("Nothing that requests are served by was changed in this run")
        return joined_list([notice_text(one) for one in change.applied])

    def before(self, change: LastChange | None) -> str:
        seconds = change.before.seconds if change is not None else 0.0
        return self.tr("%n min before", "", round(seconds / 60)) if seconds >= 60 else self.tr("before")

    def rows(self, change: LastChange | None) -> Iterator[_Row]:
        """Yield the figures that a change is judged by."""
        old, new = (change.before, change.after) if change is not None else (_NOTHING, _NOTHING)
        yield self._row(self.tr("Chat p95, first token"), old.first_token_p95_s, new.first_token_p95_s, fmt.duration)
        yield self._batch(old, new)
        yield self._row(self.tr("All tokens/s"), old.tokens_per_s, new.tokens_per_s, fmt.rate, less_is_better=False)
        yield self._row(self.tr("Waiting, average"), old.queued, new.queued, fmt.rate)
        yield self._row(self.tr("Failed/min"), _failed(old), _failed(new), fmt.rate)

    def _batch(self, old: SpanFigures, new: SpanFigures) -> _Row:
        """Return the throughput of batch work: tokens, or requests where there are no tokens, as of embeddings."""
        tokens = old.batch_tokens_per_s, new.batch_tokens_per_s
        requests = old.batch_requests_per_min, new.batch_requests_per_min
        if any(requests) and not any(tokens):
            return self._row(self.tr("Batch requests/min"), *requests, fmt.rate, less_is_better=False)
        return self._row(self.tr("Batch tokens/s"), *tokens, fmt.rate, less_is_better=False)

    def _row(
        self,
        name: str,
        before: float | None,
        after: float | None,
        text: Callable[[float | None], str],
        *,
        less_is_better: bool = True,
    ) -> _Row:
        return _Row(name, text(before), text(after), compared(before, after, less_is_better=less_is_better))

    def verdict(self, comparison: Comparison) -> str:
        """Return by how much a figure has changed."""
        if comparison.verdict is Verdict.UNKNOWN:
            return fmt.UNKNOWN
        if comparison.verdict is Verdict.SAME:
            return self.tr("same")
        if math.isinf(comparison.times):
            return self.tr("more") if comparison.more else self.tr("less")
        times = fmt.number(comparison.times, 1 if comparison.times < 10 else 0)
        return (self.tr("{number} x") if comparison.more else self.tr("{number} x less")).format(number=times)


def _failed(figures: SpanFigures) -> float | None:
    """Return the requests that failed in a minute of a span, None if it has no length yet."""
    return 60 * figures.failed / figures.seconds if figures.seconds else None
