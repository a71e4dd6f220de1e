"""What each step of a tuning gives: tokens per second, and the time per token, over one axis of slots."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.core.tuning.steps import Axis, Step, Steps
from ollama_panel.gui import format as fmt
from ollama_panel.gui.charts.scale import LinearScale, LogScale, spaced
from ollama_panel.gui.charts.steps_painter import Dot, StepsPainter
from ollama_panel.gui.models.tuning_trials import rate_text, token_text
from ollama_panel.gui.theme import Theme

_LEFT, _INSET = 50, 28
"""Pixels: the labels of the values, and from the sides of the plots to the first and the last step."""
_HEAD, _GAP, _FOOT, _SHARE = 22, 10, 22, 0.58
"""Pixels: a plot's heading, what is above the second one, and the axis below; the share of the first plot."""
_LABEL_ROOM, _NEAR = 22, 24
"""Pixels: between two labels of the axis, and how far from a step the pointer is at it."""
_ROOM_ABOVE = 1.06
"""What a scale reaches beyond the highest value: its label and its error bar are above it."""


class StepsPlot(QWidget):
    """Paints the steps of one tuning, and those of another for comparison. Its description has the values as text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps, self._beyond = Steps(), ""
        self._other: Steps | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Curve of the tuning"))
        self.setMouseTracking(True)
        theme.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(540, 520)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(300, 300)

    def show_steps(self, steps: Steps, beyond: str = "", other: Steps | None = None) -> None:
        """Show steps; `beyond` says what is behind the memory's limit, `other` are those of another tuning."""
        if (steps, beyond, other) != (self._steps, self._beyond, self._other):
            self._steps, self._beyond, self._other = steps, beyond, other
            self.setAccessibleDescription(self._told())
            self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        across, x = self._across(), event.position().x()
        near = min(self._steps.measured, key=lambda step: abs(across.at(step.place) - x), default=None)
        at_one = near is not None and abs(across.at(near.place) - x) <= _NEAR
        self.setToolTip(self._words(near) if near is not None and at_one else "")
        super().mouseMoveEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        part = StepsPainter(painter, self._theme.tokens, self.font())
        room = self.height() - 2 * _HEAD - _GAP - _FOOT
        rates = QRectF(_LEFT, _HEAD, self.width() - _LEFT - 2, round(_SHARE * room))
        times = QRectF(_LEFT, rates.bottom() + _GAP + _HEAD, rates.width(), room - rates.height())
        across = self._across()
        self._paint_frame(part, times, across)
        self._paint_marks(part, rates, times, across)
        self._paint_rates(part, rates, across)
        self._paint_times(part, times, across)
        painter.end()

    def _across(self) -> LogScale:
        places = self._places()
        return LogScale(places[0], places[-1], _LEFT + _INSET, self.width() - 2 - _INSET)

    def _places(self) -> list[int]:
        """Return all places that the axis must have."""
        steps, other = self._steps, self._other or Steps()
        found = {step.place for step in (*steps.measured, *other.measured)} | {*steps.planned}
        found |= {place for place in (steps.present, steps.best) if place}
        found |= {steps.beyond} if steps.beyond is not None else set()
        found.add(1)
        return sorted(found) if len(found) > 1 else [1, 2, 4, 8]

    def _paint_frame(self, part: StepsPainter, times: QRectF, across: LogScale) -> None:
        slots = self._steps.axis is Axis.SLOTS
        more = self.tr("all slots together; bars are 95 % intervals")
        if not slots:
            more = self.tr("all workers together; bars are 95 % intervals")
        title = self.tr("Embeddings per second") if self._steps.embeds else self.tr("Tokens per second")
        part.heading(0, _HEAD - 9, title, more, self.width())
        below = times.bottom() + 17
        part.axis_name(0, below, self.tr("Slots") if slots else self.tr("Workers"))
        pixels = {across.at(place): place for place in self._places()}
        important = sorted(pixels, key=lambda pixel: pixels[pixel] not in {*_of(self._steps)})
        for pixel in spaced(important, _LABEL_ROOM):
            part.tick(pixel, below, fmt.number(pixels[pixel]))

    def _paint_rates(self, part: StepsPainter, area: QRectF, across: LogScale) -> None:
        colours, steps = self._theme.tokens, self._steps
        highest = max((_top(step) for step in (*steps.measured, *self._others())), default=0.0)
        scale = LinearScale.up_to(_ROOM_ABOVE * highest, area.bottom(), area.top())
        part.grid(area, scale)
        if not highest:
            part.hint(area, self.tr("No step is measured."))
        wall = self._wall(across)
        if wall is not None:
            part.wall(area, wall)
            part.note(
                QRectF(wall, area.top(), area.right() - wall, area.height()), self.tr("Memory limit"), self._beyond
            )
        dots = [_rate(step, across, scale) for step in steps.measured]
        if steps.content and steps.best is not None and steps.enough is not None:
            part.level(area, scale.at(steps.enough), self.tr("97 % of the best"), wall or area.right(), dots)
        part.curve([_rate(step, across, scale) for step in self._others()], colours.info, dashed=True, square=True)
        part.curve(dots, colours.accent)
        for place in steps.planned:
            part.plan(across.at(place), area.bottom())
        first = across.at(steps.best) if steps.best else None
        part.labels(
            sorted(dots, key=lambda dot: (dot.x != first, not dot.hollow)),
            QRectF(area.topLeft(), QPointF(wall or area.right(), area.bottom())),
        )

    def _paint_times(self, part: StepsPainter, area: QRectF, across: LogScale) -> None:
        colours, steps = self._theme.tokens, (*self._steps.measured, *self._others())
        highest = max((value for step in steps for value in _times(step, self._tokens) if value), default=0.0)
        seconds = highest >= 1
        scale = LinearScale.up_to(highest if seconds else 1000 * highest, area.bottom(), area.top(), least=3)
        entries: tuple[tuple[str, bool], ...] = (self.tr("median"), False), (self.tr("p95"), True)
        if not self._tokens:
            entries = ((self.tr("mean"), False),)
        legend = part.legend(area.right() - 2, area.top() - 9, entries, colours.warn)
        title = self.tr("Time per token") if self._tokens else self.tr("Time per request")
        unit = self.tr("in one answer, s") if seconds else self.tr("in one answer, ms")
        part.heading(0, area.top() - 9, title, unit if self._tokens else unit.rpartition(", ")[2], legend)
        part.grid(area, scale)
        wall = self._wall(across)
        if wall is not None:
            part.wall(area, wall)
        factor = 1.0 if seconds else 1000.0
        medians = list(_line(self._others(), 0, self._tokens, factor, across, scale))
        part.curve(medians, colours.info, dashed=True, square=True)
        for which, dashed in ((1, True), (0, False)):
            part.curve(
                list(_line(self._steps.measured, which, self._tokens, factor, across, scale)),
                colours.warn,
                dashed=dashed,
            )

    def _paint_marks(self, part: StepsPainter, rates: QRectF, times: QRectF, across: LogScale) -> None:
        """Paint the settings of before and the best ones, at their places."""
        colours, steps = self._theme.tokens, self._steps
        areas, bottom = (rates, times), rates.bottom() - 5
        taken, wall = None, self._wall(across)
        room = rates if wall is None else QRectF(rates.topLeft(), QPointF(wall - 3, rates.bottom()))
        if steps.best is not None:
            x = across.at(steps.best)
            part.upright(x, areas, colours.ok, dashed=False)
            same = steps.best == steps.present
            text = self.tr("before and best: {number}") if same else self.tr("advised: {number}")
            taken = part.flag(x, bottom, text.format(number=fmt.number(steps.best)), colours.ok, room)
        if steps.present is not None and steps.present != steps.best:
            x = across.at(steps.present)
            part.upright(x, areas, colours.muted, dashed=True)
            near = taken is not None and abs(taken.center().x() - x) < taken.width()
            text = self.tr("before: {number}") if steps.ended else self.tr("now: {number}")
            text = text.format(number=fmt.number(steps.present))
            part.flag(x, bottom - 23 if near else bottom, text, colours.muted, room if x < room.right() else rates)

    def _wall(self, across: LogScale) -> float | None:
        """Return the pixel of the memory's limit: just beyond the last step that fits."""
        return across.at(1.14 * self._steps.fits) if self._steps.fits else None

    def _others(self) -> Sequence[Step]:
        return self._other.measured if self._other is not None else ()

    @property
    def _tokens(self) -> bool:
        """Whether there are tokens of answers to time: embeddings have none."""
        return not self._steps.embeds

    def _told(self) -> str:
        """Return the values as text."""
        return "; ".join(map(self._words, self._steps.measured))

    def _words(self, step: Step) -> str:
        if self._steps.embeds:
            told = self.tr("{place}: {rate} embeddings/s, {time} per request")
            rate, time = rate_text(step.rate), token_text(step.request_s)
            return told.format(place=fmt.number(step.place), rate=rate, time=time)
        told = self.tr("{place}: {rate} tokens/s, {time} per token, first token p95 {first}")
        return told.format(
            place=fmt.number(step.place),
            rate=rate_text(step.rate),
            time=token_text(step.measurement.token_p50_s),
            first=token_text(step.measurement.first_token_p95_s),
        )


def _of(steps: Steps) -> Iterator[int]:
    """Yield the places that must have a label."""
    yield from (place for place in (steps.best, steps.present) if place is not None)
    yield from (step.place for step in steps.measured)


def _top(step: Step) -> float:
    estimate = step.rate
    return estimate.mean + (estimate.half_width or 0.0)


def _rate(step: Step, across: LogScale, scale: LinearScale) -> Dot:
    estimate = step.rate
    half = estimate.half_width or 0.0
    text = fmt.rate(estimate.mean)
    if step.running and half:
        text = rate_text(estimate)
    error = scale.at(0) - scale.at(half)
    return Dot(across.at(step.place), scale.at(estimate.mean), error, step.running, text)


def _times(step: Step, tokens: bool) -> tuple[float | None, float | None]:
    """Return the median and the 95th percentile of a token, or the mean of a request; in seconds."""
    return (step.measurement.token_p50_s, step.measurement.token_p95_s) if tokens else (step.request_s, None)


def _line(
    steps: Sequence[Step], which: int, tokens: bool, factor: float, across: LogScale, scale: LinearScale
) -> Iterator[Dot]:
    for step in steps:
        value = _times(step, tokens)[which]
        if value is not None:
            yield Dot(across.at(step.place), scale.at(factor * value), hollow=step.running)
