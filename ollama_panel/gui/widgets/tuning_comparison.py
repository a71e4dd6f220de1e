"""Two measurements side by side: with the settings of before and with the best ones, or those of two tunings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ollama_panel.core.tuning.findings import rate_of
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.core.tuning.task import Goal
from ollama_panel.core.tuning.trial import Measurement
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.tuning_trials import token_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import Card, button, label, rule, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel

_ROWS, _MANY = 5, 500
"""The rows, and how many requests come at once in the fourth."""
_ROW, _HEAD, _COLUMN = 38, 20, 62
"""Pixels."""
_SAME, _TIMES_FROM = 0.02, 1.5
"""The share below which a difference is none, as it is the interval of a trial; from where on it is told as "2.1 x"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A row: its name with a note, both values as text, the change with its tone."""

    name: str = ""
    note: str = ""
    before: str = ""
    after: str = ""
    change: str = ""
    tone: str = "muted"


class TuningComparison(Card):
    """The table. Losses are in the colour of a warning, so that they are seen as the gains are."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title = ElidedLabel("", "title")
        self.trials = button(self.tr("Trials"), self.tr("Shows all that was tried, and why"), small=True)
        self.heading.addWidget(self.title, 1)
        self.heading.addWidget(self.trials)
        self.body.addLayout(self.heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(MD)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        for column in range(1, 4):
            grid.setColumnMinimumWidth(column, _COLUMN)
        self.heads = [label("", "head") for _ in range(3)]
        for column, head in enumerate(self.heads, 1):
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.setRowMinimumHeight(0, _HEAD)
        grid.addWidget(rule(), 1, 0, 1, 4)
        self.rows = [_Row(grid, number + 2) for number in range(_ROWS)]
        self.body.addLayout(grid)

    def show_tuning(self, record: TuningRecord, heads: tuple[str, str], sizes: tuple[int | None, int | None]) -> None:
        """Show what a verdict compares; `sizes` are the bytes that the model takes, before and after."""
        self.trials.setVisible(True)
        verdict = record.verdict
        before, after = (verdict.before, verdict.after) if verdict is not None else (None, None)
        self._show(self.tr("Before and after"), (*heads, self.tr("change")), record, before, after, sizes)

    def show_two(self, first: TuningRecord, second: TuningRecord, heads: tuple[str, str]) -> None:
        """Show what the best settings of two tunings give; the second is compared with the first."""
        self.trials.setVisible(False)
        before, after = (one.verdict.after if one.verdict is not None else None for one in (first, second))
        self._show(
            self.tr("Side by side"), (*heads, self.tr("change")), second, before, after, _both(before, after, _size)
        )

    def _show(
        self,
        title: str,
        heads: tuple[str, str, str],
        record: TuningRecord,
        before: Measurement | None,
        after: Measurement | None,
        sizes: tuple[float | None, float | None],
    ) -> None:
        self.title.show_text(title)
        for shown, text in zip(self.heads, heads, strict=True):
            shown.setText(text)
        figures = list(_ComparisonWords().figures(record, before, after, sizes))
        for row, figure in zip(self.rows, figures, strict=False):
            row.show_figure(figure, heads)
        for row in self.rows[len(figures) :]:
            row.show_figure(Figure(), heads)


class _Row:
    """The labels of one row."""

    def __init__(self, grid: QGridLayout, number: int) -> None:
        self.name, self.note = ElidedLabel(), ElidedLabel("", "caption")
        self.before, self.after, self.change = label(), label("", "value"), label("", "value")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(self.name)
        words.addWidget(self.note)
        words.addStretch()
        place = QWidget()
        words.setContentsMargins(0, 0, 0, 0)
        place.setLayout(words)
        grid.addWidget(place, number, 0)
        grid.setRowMinimumHeight(number, _ROW)
        for column, value in enumerate((self.before, self.after, self.change), 1):
            grid.addWidget(value, number, column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_figure(self, figure: Figure, heads: tuple[str, str, str]) -> None:
        """Show a row below the heads of its columns."""
        cells = (self.before, figure.before), (self.after, figure.after), (self.change, figure.change)
        for (shown, text), head in zip(cells, heads, strict=True):
            shown.setText(text)
            shown.setAccessibleName(f"{figure.name}, {head}")
            shown.setAccessibleDescription(text)
        self.name.show_text(figure.name)
        self.note.show_text(figure.note)
        set_tone(self.change, figure.tone)


class _ComparisonWords(QObject):
    """The words and the figures of the rows."""

    def figures(
        self,
        record: TuningRecord,
        before: Measurement | None,
        after: Measurement | None,
        sizes: tuple[float | None, float | None],
    ) -> Iterator[Figure]:
        """Yield the rows; what was not measured is unknown."""
        memory = record.provenance.memory_bytes
        context = self.tr("context {tokens}").format(tokens=fmt.number(record.settings.context_length))
        whole = self.tr("of {size}, {context}").format(size=fmt.size(memory), context=context) if memory else context
        goal = record.task.goal
        rates = _both(before, after, lambda it: rate_of(goal, it).mean)
        if goal is Goal.EMBEDDING:
            yield self._figure((self.tr("All texts together"), self.tr("embeddings/s")), rates, fmt.rate, less=False)
        else:
            yield self._figure((self.tr("All answers together"), self.tr("tokens/s")), rates, fmt.rate, less=False)
            speeds = _both(before, after, lambda it: 1 / it.token_p50_s if it.token_p50_s else None)
            words = self.tr("One answer"), self.tr("tokens/s, all slots at work")
            yield self._figure(words, speeds, fmt.rate, less=False)
            firsts = _both(before, after, lambda it: it.first_token_p95_s)
            words = self.tr("First token under load"), self.tr("p95, all slots at work")
            yield self._figure(words, firsts, token_text)
        name = self.tr("{number} requests at once").format(number=fmt.number(_MANY))
        lasts = _both(before, after, lambda it: _MANY / it.requests_per_s.mean if it.requests_per_s.mean else None)
        yield self._figure((name, self.tr("until the last is answered")), lasts, _minutes)
        yield self._size(self.tr("Memory of the model"), whole, *sizes)

    def _figure(
        self,
        words: tuple[str, str],
        values: tuple[float | None, float | None],
        text: Callable[[float | None], str],
        *,
        less: bool = True,
    ) -> Figure:
        """Return a row; `less`: less of it is better."""
        (name, note), (before, after) = words, map(text, values)
        return Figure(name, note, before, after, *self._change(*values, less=less))

    def _change(self, before: float | None, after: float | None, *, less: bool) -> tuple[str, str]:
        if not before or not after:
            return fmt.UNKNOWN, "muted"
        ratio = after / before
        if abs(ratio - 1) <= _SAME:
            return self.tr("same"), "muted"
        tone = "ok" if (ratio < 1) is less else "warn"
        if ratio >= _TIMES_FROM:
            return self.tr("{number} x").format(number=fmt.number(ratio, 1 if ratio < 10 else 0)), tone
        sign = "+" if ratio > 1 else "\u2212"
        return f"{sign}{fmt.number(abs(100 * (ratio - 1)))} %", tone

    def _size(self, name: str, note: str, before: float | None, after: float | None) -> Figure:
        change = fmt.UNKNOWN
        if before is not None and before == after:
            change = self.tr("same")
        elif before is not None and after is not None:
            sign = "+" if after >= before else "\u2212"
            change = f"{sign}{fmt.size(abs(after - before))}"
        return Figure(name, note, fmt.gibibytes(before), fmt.gibibytes(after), change, "muted")


def _both(
    before: Measurement | None, after: Measurement | None, of: Callable[[Measurement], float | None]
) -> tuple[float | None, float | None]:
    return (None if before is None else of(before)), (None if after is None else of(after))


def _size(measurement: Measurement) -> float | None:
    return measurement.memory_bytes


def _minutes(seconds: float | None) -> str:
    """Return a time as minutes:seconds from one minute on."""
    if seconds is None or seconds < 60:
        return fmt.duration(seconds)
    minutes, rest = divmod(round(seconds), 60)
    return f"{fmt.number(minutes)}:{rest:02d}"
