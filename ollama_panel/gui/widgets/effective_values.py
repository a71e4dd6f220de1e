"""The table of what was wanted and what is in force, and where that was read: for a loaded model, or an instance."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.effective_value import EffectiveValue, Unit, Value
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.settings.catalog import NAME
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.gui import format as fmt
from ollama_panel.gui import setting_texts
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.phases import source_label, value_label, word_label
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import label, set_tone
from ollama_panel.gui.widgets.inputs import ComboBox

_Row = tuple[str, str, str, str, bool]
"""The name, the wanted and the effective value, where it was read, and whether it is not as wanted."""


class EffectiveValues(QWidget):
    """Shows the values of one loaded model, which the user chooses; without any, those of the instance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: InstanceRecord | None = None
        self._pool: PoolSettings | None = None
        self._titles = (self.tr("Setting"), self.tr("Wanted"), self.tr("Effective"), self.tr("Read from"))
        self._rows: list[tuple[QLabel, ...]] = []
        self._shown: list[_Row] = []
        self.model = ComboBox()
        self.model.setAccessibleName(self.tr("Loaded model whose values are shown"))
        self.model.currentIndexChanged.connect(self._fill)
        self._choice = QWidget()
        row = QHBoxLayout(self._choice)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(self.tr("Loaded model"), "muted", of=self.model))
        row.addWidget(self.model, 1)
        self._choice.hide()
        self._grid = QGridLayout()
        self._lay_out()

    def show_record(self, record: InstanceRecord, pool: PoolSettings | None) -> None:
        """Show an instance, whose settings are those of `pool`; the choice among its models stays while it can."""
        chosen = self.model.currentData()
        self._record, self._pool = record, pool
        told = [model.name for model in record.models if model.values]
        if told != [self.model.itemData(number) for number in range(self.model.count())]:
            self.model.blockSignals(True)
            self.model.clear()
            for name in told:
                self.model.addItem(name, name)
            self.model.setCurrentIndex(told.index(chosen) if chosen in told else 0 if told else -1)
            self.model.blockSignals(False)
        self._choice.setVisible(len(told) > 1)
        self._fill()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("page")  # without a background
        self._grid.setContentsMargins(0, 0, SM, 0)
        self._grid.setHorizontalSpacing(LG)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(3, 1)
        for column, title in enumerate(self._titles):
            self._grid.addWidget(label(title, "caption"), 0, column)
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(self._grid)
        box.addStretch()
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Wanted and effective values"))
        area.setMinimumHeight(80)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self._choice)
        body.addWidget(area, 1)

    def _fill(self) -> None:
        rows = list(self._texts())
        if rows == self._shown:
            return
        self._shown = rows
        while len(self._rows) < len(rows):
            self._add_row()
        for number, cells in enumerate(self._rows):
            for cell in cells:
                cell.setVisible(number < len(rows))
        for cells, row in zip(self._rows, rows, strict=False):
            name, *texts, differs = row
            cells[0].setText(name)
            for cell, text, title in zip(cells[1:], texts, self._titles[1:], strict=True):
                cell.setText(text)
                cell.setAccessibleName(f"{name}, {title}")
                cell.setAccessibleDescription(text)
            set_tone(cells[2], "warn" if differs else "")

    def _add_row(self) -> None:
        cells = (label(), label("", "value"), label("", "value", wrap=True), label("", "muted", wrap=True))
        for column, cell in enumerate(cells):
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(cell, len(self._rows) + 1, column, Qt.AlignmentFlag.AlignTop)
        self._rows.append(cells)

    def _texts(self) -> Iterator[_Row]:
        if self._record is None:
            return
        chosen: ModelName | None = self.model.currentData()
        model = next((one for one in self._record.models if one.name == chosen), None)
        if model is None:
            yield from self._of_instance(self._record, self._pool)
            return
        for value in model.values:
            yield self._of_value(value)

    def _of_value(self, value: EffectiveValue) -> _Row:
        effective = _text(value.effective, value.unit)
        if value.whole is not None and value.effective is not None:
            effective = self.tr("{part} of {whole}").format(part=effective, whole=fmt.number(value.whole))
        parts = ", ".join(f"{word_label(device)} {fmt.size(size)}" for device, size in value.parts.items())
        source = source_label(value.source)
        where = self.tr("{source}: {parts}").format(source=source, parts=parts) if parts and source else source
        told = "\n".join(part for part in (where, notice_text(value.why_not)) if part)
        asked_and_other = value.effective is not None and value.why_not is not None and value.wanted is not None
        return value_label(value.name), _text(value.wanted, value.unit), effective, told, asked_and_other

    def _of_instance(self, record: InstanceRecord, pool: PoolSettings | None) -> Iterator[_Row]:
        wanted = pool if record.managed else None
        effective, source, name = _effective_parallel(record)
        where = source_label(source)
        where = self.tr("{source} ({name})").format(source=where, name=name) if name and where else name or where
        told = next((model for model in record.models if model.context_length), None)
        context = told.context_length if told else None
        source_of_context = self.tr("loaded model ({name})").format(name=told.name) if told else ""
        for key, asked, real, read_from in (
            ("parallel", wanted.parallel if wanted else None, effective, where),
            ("context_length", wanted.context_length if wanted else None, context, source_of_context),
        ):
            differs = None not in (asked, real) and asked != real
            title = setting_texts.title(f"pools.{NAME}.{key}")
            yield title, fmt.number(asked), fmt.number(real), read_from, differs


def _text(value: Value, unit: Unit) -> str:
    if value is None:
        return fmt.UNKNOWN
    if isinstance(value, int):
        return fmt.size(value) if unit is Unit.BYTES else fmt.number(value)
    return ", ".join(value) if isinstance(value, tuple) else word_label(value)


def _effective_parallel(record: InstanceRecord) -> tuple[int | None, ParallelSource | None, str]:
    """Return the fewest slots of any loaded model, their source and the model's name; else the instance's slots."""
    known = [model for model in record.models if model.parallel is not None]
    if known:
        least = min(known, key=lambda model: model.parallel or 0)
        return least.parallel, least.parallel_source, least.name
    return record.parallel, record.parallel_source, ""
