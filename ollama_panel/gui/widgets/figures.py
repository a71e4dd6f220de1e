"""The row of key figures."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ollama_panel.core.figures import ClassFigures
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import InstanceRecord, Sample, Snapshot
from ollama_panel.core.telemetry import Telemetry
from ollama_panel.gui import format as fmt
from ollama_panel.gui.phases import memory_label
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.kpi import Kpi

if TYPE_CHECKING:
    from ollama_panel.gui.charts.ring import SampleRing

_CURVE_S = 120.0
_STEP_S = 0.25
_POINTS = 90
_FULL = 0.9
_IN_A_ROW, _FOLDED = 5, 3
"""Cards in the first row, where there is room for all and where there is not."""
_MAKERS = ("NVIDIA ", "GeForce ", "AMD ")
_NARROWEST = 190
"""Pixels of a card and the gap beside it, so that no figure is cut."""


class Figures(QVBoxLayout):
    """The key figures: throughput, active requests, how chats and batch work fare, memory."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setSpacing(LG - 2)
        self._rows = (QHBoxLayout(), QHBoxLayout())
        self._throughput = Kpi(
            theme, self.tr("Throughput"), "accent", self.tr("Tokens that all instances generate in a second, together")
        )
        self._active = Kpi(
            theme,
            self.tr("Active requests"),
            "ok",
            self.tr("Requests that instances work on now, of all slots there are"),
        )
        self._latency = Kpi(
            theme,
            self.tr("Chat: first token p95"),
            "warn",
            self.tr("19 of 20 chats of the last minute had their first token within this time, waiting included"),
        )
        self._batch = Kpi(
            theme,
            self.tr("Batch throughput"),
            "accent",
            self.tr("What batch work has got done in the last minute, while chats went before it"),
        )
        self._memory = Kpi(
            theme,
            self.tr("Memory"),
            "info",
            self.tr("Memory that models can use, how much of it is used, and how busy the GPU is"),
        )
        self._movement = ("", "")
        self._cards = (self._throughput, self._active, self._latency, self._batch, self._memory)
        for row in self._rows:
            row.setSpacing(LG - 2)
            self.addLayout(row)
        self.fold(_IN_A_ROW)

    def fold(self, in_a_row: int) -> None:
        """Put so many cards in the first row, and the rest below."""
        for number, card in enumerate(self._cards):
            self._rows[number >= in_a_row].addWidget(card, 1)  # which takes it out of the other row

    def fit(self, width: int) -> None:
        """Take one row, or two where so many pixels are too few for one."""
        self.fold(_IN_A_ROW if width >= _IN_A_ROW * _NARROWEST else _FOLDED)

    def show_sample(self, snapshot: Snapshot) -> None:
        """Show the newest values, which are unknown before the first sample."""
        sample = snapshot.sample
        if sample is None:
            for card in self._cards:
                card.show_value(fmt.UNKNOWN, "")
            return
        self._throughput.show_value(fmt.rate(sample.tokens_per_s), self.tr("tokens/s"), *self._movement)
        self._show_active(sample, snapshot.instances)
        self._show_memory(sample, snapshot.telemetry)
        self._show_classes(snapshot.classes)

    def show_ring(self, ring: "SampleRing", _span_s: float) -> None:
        """Draw the last two minutes, whatever the range of the charts, and compute the change of the throughput."""
        fields = ("tokens_per_s", "in_flight", "chat_first_token_p95_s", "batch_tokens_per_s", "memory_used")
        for card, field in zip(self._cards, fields, strict=True):
            card.show_curve(ring.curve(field, _CURVE_S, _STEP_S, _POINTS))
        self._movement = movement(ring.change("tokens_per_s", _CURVE_S / 2, _STEP_S))

    def _show_active(self, sample: Sample, instances: Iterable[InstanceRecord]) -> None:
        note = self.tr("%n waiting", "", sample.queued) if sample.queued else self.tr("no queue")
        tone = "warn" if sample.queued else "ok"
        busy, slots = fmt.busy(instances)
        self._active.show_value(busy, f"/ {slots}", note, tone)

    def _show_classes(self, classes: Iterable[ClassFigures]) -> None:
        by_class, minute = {one.request_class: one for one in classes}, self.tr("1 min")
        chat, batch = by_class.get(RequestClass.INTERACTIVE), by_class.get(RequestClass.BATCH)
        self._latency.show_value(*fmt.seconds(chat.first_token_p95_s if chat is not None else None), minute, "muted")
        if batch is None:
            self._batch.show_value(fmt.UNKNOWN, "", minute, "muted")
        elif batch.requests_per_min and not batch.tokens_per_s:  # as of embeddings
            self._batch.show_value(fmt.rate(batch.requests_per_min), self.tr("requests/min"), minute, "muted")
        else:
            self._batch.show_value(fmt.rate(batch.tokens_per_s), self.tr("tokens/s"), minute, "muted")

    def _show_memory(self, sample: Sample, telemetry: Telemetry | None) -> None:
        self._memory.set_title(_short(sample.memory_name) or memory_label(sample.memory_kind))
        used, total = sample.memory_used, sample.memory_total
        tone = "warn" if used is not None and total and used > _FULL * total else "muted"
        unit = f"/ {fmt.gibibytes(total)} GiB"
        note = fmt.percent(used, total)
        told = (gpu.utilization_percent for gpu in (telemetry.gpus if telemetry else ()))
        busiest = max((percent for percent in told if percent is not None), default=None)
        if busiest is not None:
            note = self.tr("{used}, GPU {busy}").format(used=note, busy=fmt.percent(busiest, 100))
        self._memory.show_value(fmt.gibibytes(used), unit, note, tone)


def movement(change: float | None) -> tuple[str, str]:
    """Return a change in percent as text, and its tone; "" for less than 1 %, or if it is unknown."""
    if change is None or abs(change) < 1:
        return "", ""
    return ("▲ " if change > 0 else "▼ ") + f"{fmt.number(abs(change))} %", "ok" if change > 0 else "muted"


def _short(card: str) -> str:
    """Return the name of a graphics card without its maker, for which there is no room."""
    for maker in _MAKERS:
        card = card.removeprefix(maker)
    return card
