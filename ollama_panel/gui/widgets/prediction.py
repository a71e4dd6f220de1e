"""What a pool would give at the place of its sliders, from what was measured; without that, the way to measure it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ollama_panel.core.tuning.curve import Point
from ollama_panel.core.tuning.findings import rate_of
from ollama_panel.core.tuning.task import Goal, WorkloadKind
from ollama_panel.core.tuning.whatif import Prediction
from ollama_panel.gui import format as fmt
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, XS
from ollama_panel.gui.widgets.card import button, label, rule, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel, TwoLineLabel


@dataclass(frozen=True, slots=True)
class Figure:
    """A predicted value with its title and its unit, and what is said below it."""

    title: str = ""
    value: str = fmt.UNKNOWN
    unit: str = ""
    note: str = ""


class PredictionPart(QWidget):
    """The predicted figures of a pool. All places are kept while its sliders move; `measure` asks for a measurement."""

    measure = Signal()

    def __init__(self, pool: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._source = label("", "body"), TwoLineLabel("", "caption")
        tip = self.tr("Opens the page that measures which settings are the best")
        self.link = button(self.tr("Measure"), tip, small=True)
        self.link.setProperty("link", True)
        self.link.setAccessibleName(self.tr("Measure pool {pool}").format(pool=pool))
        self.link.clicked.connect(self.measure)
        heading = QWidget()
        row = QHBoxLayout(heading)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(XS)
        row.addWidget(self._title)
        row.addWidget(self._source, 1)
        row.addWidget(self.link)
        for part in (self.link, self._source):
            part.ensurePolished()  # by the style sheet, which has paddings and sizes of fonts
        heights = (self.link.sizeHint().height(), self._source.sizeHint().height())
        heading.setFixedHeight(max(heights))  # with the link and without it
        self._figures = QWidget()
        self._grid = QGridLayout(self._figures)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LG)
        self._grid.setVerticalSpacing(0)
        self._cells = [self._column(place) for place in range(3)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, XS, 0, 0)
        layout.setSpacing(2)
        self._rule = rule()
        layout.addWidget(self._rule)
        layout.addWidget(heading)
        layout.addWidget(self._figures)
        self.setAccessibleName(self.tr("Prediction for pool {pool}").format(pool=pool))
        self.show_prediction(None)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show what is predicted; None = nothing was measured of this pool and its models."""
        point = prediction.point if prediction is not None else None
        source = self._source_text(prediction) if prediction is not None else ""
        self._source.show_text(source)
        stale = prediction is not None and prediction.problem is not None
        set_tone(self._source, "warn" if stale else "")
        self._title.setText(self.tr("Predicted") if prediction is not None else self.tr("Not measured yet"))
        self._title.setVisible(not stale)  # what does not hold any more needs the room
        side = Qt.AlignmentFlag.AlignLeft if stale else Qt.AlignmentFlag.AlignRight
        self._source.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.link.setVisible(prediction is None or stale or point is None)
        for part in (self._rule, self._figures):
            part.setVisible(prediction is not None)
        embeds = prediction is not None and prediction.curve.workload is WorkloadKind.EMBEDDINGS
        figures = self._of_texts(point) if embeds else self._of_answers(point)
        for cells, figure in zip(self._cells, figures, strict=True):
            for cell, text in zip(cells, (figure.title, figure.value, figure.unit, figure.note), strict=True):
                cell.setText(text)
            set_tone(cells[1], "muted" if stale else "")
        kind = "warn" if stale or (point is not None and point.estimated) else "ok"
        set_tone(self._cells[0][3], kind)
        self.setAccessibleDescription(", ".join(filter(None, (*map(_spoken, figures), source))))

    def _of_answers(self, point: Point | None) -> Sequence[Figure]:
        """Return the figures of a point: of all requests together, of one of them, and of its first token."""
        titles = self.tr("All answers"), self.tr("One answer"), self.tr("First token p95")
        if point is None:
            return tuple(map(Figure, titles))
        it, unit = point.measurement, self.tr("tokens/s")
        slots = point.candidate.workers * point.candidate.parallel
        alone = 1 / it.token_p50_s if it.token_p50_s else None
        each = self.tr("{time} per token").format(time=fmt.duration(it.token_p50_s)) if alone else ""
        first, first_unit = fmt.seconds(it.first_token_p95_s)
        return (
            Figure(titles[0], fmt.rate(it.tokens_per_s.mean), unit, self._kind(point)),
            Figure(titles[1], fmt.rate(alone), unit if alone else "", each),
            Figure(titles[2], first, first_unit, self.tr("%n at once", "", slots) if first_unit else ""),
        )

    def _of_texts(self, point: Point | None) -> Sequence[Figure]:
        """Return the figures of a point where texts are embedded: of all together, and of a request with several."""
        titles = self.tr("All texts"), self.tr("One request")
        if point is None:
            return (*map(Figure, titles), Figure(value=""))
        it = point.measurement
        slots = point.candidate.workers * point.candidate.parallel
        time, unit = fmt.seconds(slots / it.requests_per_s.mean if it.requests_per_s.mean else None)
        return (
            Figure(titles[0], fmt.rate(rate_of(Goal.EMBEDDING, it).mean), self.tr("texts/s"), self._kind(point)),
            Figure(titles[1], time, unit, self.tr("%n at once", "", slots) if unit else ""),
            Figure(value=""),
        )

    def _kind(self, point: Point) -> str:
        return self.tr("estimated") if point.estimated else self.tr("measured")

    def _source_text(self, prediction: Prediction) -> str:
        """Return from what the prediction is, or why it does not hold."""
        if prediction.problem is not None:
            return notice_text(prediction.problem)
        point = prediction.point
        if point is None:
            return self.tr("beyond what was measured")
        if point.between is None:
            return self.tr("measured {day}").format(day=_day(prediction.curve.ended))
        low, high = map(fmt.number, point.between)
        if prediction.of_workers:
            return self.tr("between {low} and {high} workers").format(low=low, high=high)
        return self.tr("between {low} and {high} slots").format(low=low, high=high)

    def _column(self, place: int) -> tuple[QLabel, ...]:
        """Add a column, and return the labels of its title, its value, its unit and its note."""
        title, value = ElidedLabel("", "caption"), label("", "value")
        unit, note = ElidedLabel("", "caption"), ElidedLabel("", "caption")
        row = QHBoxLayout()
        row.setSpacing(XS)
        row.addWidget(value)
        row.addWidget(unit, 1, Qt.AlignmentFlag.AlignBottom)
        self._grid.addWidget(title, 0, place)
        self._grid.addLayout(row, 1, place)
        self._grid.addWidget(note, 2, place)
        self._grid.setColumnStretch(place, 1)
        self._grid.setColumnMinimumWidth(place, 60)
        return title, value, unit, note


def _spoken(figure: Figure) -> str:
    return " ".join(filter(None, (figure.value, figure.unit, figure.note))) if figure.unit else ""


def _day(at: float) -> str:
    """Return the day of a Unix time, or its time if it is today."""
    when = QDateTime.fromSecsSinceEpoch(round(at))
    if when.date() == QDateTime.currentDateTime().date():
        return QLocale().toString(when.time(), QLocale.FormatType.ShortFormat)
    return QLocale().toString(when.date(), QLocale.FormatType.ShortFormat)
