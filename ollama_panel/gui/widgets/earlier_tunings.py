"""The tunings that have ended: one can be shown, two can be compared."""

from collections.abc import Iterable
from typing import Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.tuning.findings import rate_of
from ollama_panel.core.tuning.record import TuningRecord, TuningState
from ollama_panel.core.tuning.task import Goal
from ollama_panel.gui import format as fmt
from ollama_panel.gui.models.tuning_texts import goal_text, moment, settings_text, state_label
from ollama_panel.gui.models.tuning_trials import embeddings_unit
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, button, label, set_property
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import SCROLL_BAR, drop_rows, scrolled

_ROW, _BEST, _RATE = 36, 80, 56
_TWO = 2


class EarlierTunings(Card):
    """The list. `chosen` has the tuning that the user wants to see, `compared` the two to compare, the older first."""

    chosen = Signal(object)
    compared = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Earlier tunings"), parent)
        self._tip = self.tr("Shows two tunings side by side: tick them first")
        self.compare = button(self.tr("Compare 2"), self._tip, small=True)
        self.compare.setEnabled(False)
        self.compare.clicked.connect(self._compare)
        self.heading.addWidget(self.compare)
        self.rows: dict[str, EarlierRow] = {}
        self._records: tuple[TuningRecord, ...] = ()
        self._empty = label(self.tr("None yet: the first one is listed here when it has ended."), "muted", wrap=True)
        self._empty.setContentsMargins(SM, SM, SM, 0)
        content = QWidget()
        content.setObjectName("page")
        self._list = QVBoxLayout(content)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addWidget(self._empty)
        self._list.addStretch()
        self.area = scrolled(content, self)
        self.area.setMinimumHeight(2 * _ROW)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # it must not move the columns
        self.body.setContentsMargins(SM, SM + 2, 0, SM)
        self.heading.setContentsMargins(SM, 0, LG, 0)
        self.body.addLayout(self._heads())
        self.body.addWidget(self.area, 1)

    def show_records(self, records: Iterable[TuningRecord], shown: str) -> None:
        """Show these tunings, the newest first; `shown` is the id of the one on the page."""
        self._records = tuple(records)
        drop_rows(self.rows, {record.id for record in self._records}, self._list)
        for place, record in enumerate(self._records):
            if record.id not in self.rows:
                self.rows[record.id] = row = EarlierRow()
                row.wanted.connect(self.chosen)
                row.tick.toggled.connect(self._ticked)
                self._list.insertWidget(place, row)
            self.rows[record.id].show_record(record, this=record.id == shown)
        self._empty.setVisible(not self._records)
        self._ticked()

    def take_over(self, old: Self) -> None:
        """Tick what is ticked on a card that this one replaces in another language."""
        for name, row in self.rows.items():
            if name in old.rows:
                row.tick.setChecked(old.rows[name].tick.isChecked())

    def _heads(self) -> QHBoxLayout:
        heads = QHBoxLayout()
        heads.setContentsMargins(SM + 28, 0, SM + SCROLL_BAR, 2)
        heads.setSpacing(SM)
        heads.addWidget(label(self.tr("Model and goal"), "head"), 1)
        for text, width in ((self.tr("best"), _BEST), (self.tr("tokens/s"), _RATE)):
            head = label(text, "head")
            head.setMinimumWidth(width)
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            heads.addWidget(head)
        return heads

    def _chosen(self) -> list[TuningRecord]:
        return [one for one in self._records if one.id in self.rows and self.rows[one.id].tick.isChecked()]

    def _ticked(self) -> None:
        chosen = self._chosen()
        alike = len({one.task.goal is Goal.EMBEDDING for one in chosen}) < _TWO
        self.compare.setEnabled(len(chosen) == _TWO and alike)
        unlike = self.tr("Embeddings per second and tokens per second cannot be compared")
        self.compare.setToolTip(self._tip if alike else unlike)

    def _compare(self) -> None:
        newer, older = self._chosen()
        self.compared.emit(older, newer)


class EarlierRow(QFrame):
    """A row: a tick to compare it, and the tuning, which a click or Space shows."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: TuningRecord | None = None
        self.tick = QCheckBox()
        self.tick.setToolTip(self.tr("Tick two to compare them"))
        self.show_button = button("")
        self.show_button.setProperty("row", True)
        self.show_button.setMinimumHeight(_ROW)
        self.show_button.clicked.connect(lambda: self.wanted.emit(self._record))
        self.name, self.note = ElidedLabel(), ElidedLabel("", "caption")
        self.best, self.rate = label(), label("", "value")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(self.name)
        words.addWidget(self.note)
        words.addStretch()
        inner = QHBoxLayout(self.show_button)
        inner.setContentsMargins(SM - 2, 0, SM, 0)
        inner.setSpacing(SM)
        inner.addLayout(words, 1)
        for value, width in ((self.best, _BEST), (self.rate, _RATE)):
            value.setMinimumWidth(width)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            inner.addWidget(value)
        for part in (self.name, self.note, self.best, self.rate):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(SM, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.tick)
        row.addWidget(self.show_button, 1)

    def show_record(self, record: TuningRecord, *, this: bool) -> None:
        """Show a tuning; `this`: it is the one on the page."""
        self._record = record
        model = " · ".join((record.task.model, goal_text(record.task.goal)))
        made = moment(record.provenance.at)
        parts = [self.tr("this one") if this else made]
        if record.state is not TuningState.DONE:
            parts.append(state_label(record)[0])
        elif record.provenance.ollama:
            parts.append(f"Ollama {record.provenance.ollama}")
        self.name.show_text(model)
        self.note.show_text(" · ".join(parts))
        self.show_button.setToolTip("\n".join((self.tr("Shows this tuning"), model, self.note.text())))
        verdict = record.verdict
        self.best.setText(settings_text(verdict.best, record.present) if verdict is not None else fmt.UNKNOWN)
        after = verdict.after if verdict is not None else None
        rate = fmt.rate(rate_of(record.task.goal, after).mean if after is not None else None)
        embeds = after is not None and record.task.goal is Goal.EMBEDDING
        self.rate.setText(f"{rate}{embeddings_unit()}" if embeds else rate)
        self.show_button.setAccessibleName(self.tr("Show {model}, {time}").format(model=model, time=made))
        self.tick.setAccessibleName(self.tr("Compare {model}, {time}").format(model=model, time=made))
        set_property(self.show_button, "current", this)
