"""The details of one instance: its facts, its wanted and effective settings, its buttons, and its log."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.settings.catalog import NAME
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview, setting_texts
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.phases import source_label
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import Card, button, label, rule, set_tone
from ollama_panel.gui.widgets.state_pill import StatePill

_LOG_LINES = 2000
_RUNNING = (Phase.STARTING, Phase.READY, Phase.BACKOFF)


class InstanceDetail(Card):
    """Shows the details of a given record; it requests the log from the engine itself."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._client = client
        self._record: InstanceRecord | None = None
        self._log_of: InstanceId | None = None
        self._log_after = 0
        self._pulling = False
        self._name = label("", "title")
        self._pill = StatePill(theme)
        self._why = label("", "muted", wrap=True)
        self._facts = QGridLayout()
        self._cells: dict[str, QLabel] = {}
        self._build_heading()
        self._build_buttons()
        self.body.addWidget(self._why)
        self._build_facts()
        self._build_compare()
        self._build_log()

    def show_record(self, record: InstanceRecord | None, snapshot: Snapshot) -> None:
        """Show an instance; None disables the card."""
        self.setEnabled(record is not None)
        if record is None or record is self._record:
            return
        self._record = record
        self._name.setText(record.id)
        self._pill.show_instance(record)
        self._why.setText(self._explain(record))
        stands_still = record.phase is Phase.READY and record.silent
        set_tone(self._why, "danger" if stands_still else "")
        self._why.setVisible(bool(self._why.text()))
        self._show_facts(record)
        self._show_compare(record, preview.pool_of(snapshot.settings, record.pool))
        self._show_buttons(record)

    @Slot()
    def pull_log(self) -> None:
        """Request the log lines since the last call."""
        if self._record is None or self._pulling or self._client.snapshot.fatal:
            return
        if self._log_of != self._record.id:
            self._log_of, self._log_after = self._record.id, 0
            self._log.clear()
        self._client.spawn(self._pull(self._record.id))

    async def _pull(self, instance: InstanceId) -> None:
        self._pulling = True
        try:
            last, lines = await self._client.log_lines(instance, self._log_after)
        finally:
            self._pulling = False
        if instance == self._log_of and lines:
            self._log_after = last
            self._log.appendPlainText("\n".join(lines))

    def _build_heading(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._name)
        row.addSpacing(SM)
        row.addWidget(self._pill)
        row.addStretch()
        self.body.addLayout(row)

    def _build_buttons(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SM)
        self.start = button(self.tr("Start"), self.tr("Starts this instance"), small=True)
        self.stop = button(
            self.tr("Stop"),
            self.tr("Running requests end first; waiting ones go to other instances or wait"),
            small=True,
        )
        self.restart = button(
            self.tr("Restart"), self.tr("Running requests end first, then the process is replaced"), small=True
        )
        client = self._client
        for made, command in (
            (self.start, client.ensure_running),
            (self.stop, client.ensure_stopped),
            (self.restart, client.restart),
        ):
            made.clicked.connect(lambda _=False, run=command: self._command(run))
            row.addWidget(made)
        row.addStretch()
        self.body.addLayout(row)

    def _command(self, run: Callable[[InstanceId], Coroutine[Any, Any, None]]) -> None:
        if self._record is not None:
            self._client.spawn(run(self._record.id))

    def _build_facts(self) -> None:
        self._facts.setHorizontalSpacing(LG)
        self._facts.setVerticalSpacing(5)
        self._facts.setColumnStretch(1, 1)
        self._facts.setColumnStretch(3, 1)
        names = {
            "address": self.tr("Address"),
            "pool": self.tr("Pool"),
            "version": self.tr("Ollama version"),
            "pid": self.tr("Process"),
            "memory": self.tr("Process memory"),
            "restarts": self.tr("Restarts"),
            "served": self.tr("Served"),
            "failed": self.tr("Failed"),
            "models": self.tr("Loaded models"),
        }
        for number, (key, name) in enumerate(names.items()):
            row, column = (number // 2, 2 * (number % 2)) if key != "models" else (len(names) // 2, 0)
            cell = label(fmt.UNKNOWN, wrap=key == "models")
            self._facts.addWidget(label(name, "muted", of=cell), row, column, Qt.AlignmentFlag.AlignTop)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._cells[key] = cell
            self._facts.addWidget(cell, row, column + 1, 1, 3 if key == "models" else 1)
        self.body.addLayout(self._facts)

    def _build_compare(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(LG)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(3, 1)
        titles = (self.tr("Setting"), self.tr("Wanted"), self.tr("Effective"), self.tr("Read from"))
        for column, title in enumerate(titles):
            grid.addWidget(label(title, "caption"), 0, column)
        self._compare: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        for row, key in enumerate(("parallel", "context_length"), start=1):
            name = setting_texts.title(f"pools.{NAME}.{key}")
            cells = (label("", "value"), label("", "value"), label("", "muted", wrap=True))
            grid.addWidget(label(name), row, 0)
            for column, cell in enumerate(cells, start=1):
                cell.setAccessibleName(f"{name}, {titles[column]}")
                grid.addWidget(cell, row, column)
            self._compare[key] = cells
        self.body.addSpacing(SM - 2)
        self.body.addWidget(rule())
        self.body.addLayout(grid)

    def _build_log(self) -> None:
        self.body.addSpacing(SM - 2)
        self.body.addWidget(rule())
        self.body.addWidget(label(self.tr("Log"), "section"))
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setObjectName("mono")
        self._log.setMaximumBlockCount(_LOG_LINES)
        self._log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._log.setAccessibleName(self.tr("Log of this instance"))
        self._log.setTabChangesFocus(True)
        self._log.setMinimumHeight(90)
        self.body.setSpacing(MD - 4)
        self.body.addWidget(self._log, 1)

    def _show_facts(self, record: InstanceRecord) -> None:
        values = {
            "address": record.url or fmt.UNKNOWN,
            "pool": record.pool or fmt.UNKNOWN,
            "version": record.version or fmt.UNKNOWN,
            "pid": str(record.pid) if record.pid is not None else fmt.UNKNOWN,
            "memory": fmt.size(record.rss_bytes),
            "restarts": fmt.number(record.restarts),
            "served": fmt.number(record.served),
            "failed": fmt.number(record.failed),
            "models": ", ".join(f"{model.name} ({fmt.size(model.size)})" for model in record.models) or fmt.UNKNOWN,
        }
        for key, text in values.items():
            self._cells[key].setText(text)

    def _show_compare(self, record: InstanceRecord, pool: PoolSettings | None) -> None:
        wanted_parallel = pool.parallel if pool is not None and record.managed else None
        wanted_context = pool.context_length if pool is not None and record.managed else None
        effective, source, name = _effective_parallel(record)
        where = source_label(source)
        where = self.tr("{source} ({name})").format(source=where, name=name) if name and where else name or where
        told = next((model for model in record.models if model.context_length), None)
        context = told.context_length if told else None
        source_of_context = self.tr("loaded model ({name})").format(name=told.name) if told else ""
        for key, wanted, real, read_from in (
            ("parallel", wanted_parallel, effective, where),
            ("context_length", wanted_context, context, source_of_context),
        ):
            cells = self._compare[key]
            cells[0].setText(fmt.number(wanted))
            cells[1].setText(fmt.number(real))
            set_tone(cells[1], "warn" if None not in (wanted, real) and wanted != real else "")
            cells[2].setText(read_from)
            for cell in cells:
                cell.setAccessibleDescription(cell.text())

    def _explain(self, record: InstanceRecord) -> str:
        foreign = self.tr(
            "This server was already running: the panel uses it, but never stops it, and cannot change its settings."
        )
        trouble = (
            ""
            if record.phase is Phase.READY and not record.managed and not record.silent
            else notice_text(record.detail)
        )
        return "\n".join(part for part in (trouble, "" if record.managed else foreign) if part)

    def _show_buttons(self, record: InstanceRecord) -> None:
        wanted = record.phase in _RUNNING
        self.start.setEnabled(record.managed and not wanted)
        self.stop.setEnabled(record.managed and wanted)
        self.restart.setEnabled(record.managed and record.phase is Phase.READY)


def _effective_parallel(record: InstanceRecord) -> tuple[int | None, ParallelSource | None, str]:
    """Return the fewest slots of any loaded model, their source and the model's name; else the instance's slots."""
    known = [model for model in record.models if model.parallel is not None]
    if known:
        least = min(known, key=lambda model: model.parallel or 0)
        return least.parallel, least.parallel_source, least.name
    return record.parallel, record.parallel_source, ""
