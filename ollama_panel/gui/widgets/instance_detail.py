"""The details of one instance: its facts, its wanted and effective settings, its buttons, and its log."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models.instances import limits_text
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.opening import open_path
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM
from ollama_panel.gui.widgets.card import Card, button, label, rule, set_tone
from ollama_panel.gui.widgets.effective_values import EffectiveValues
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.loaded_models import LoadedModels
from ollama_panel.gui.widgets.state_pill import StatePill
from ollama_panel.gui.widgets.watchdog_line import WatchdogLine

_LOG_LINES = 2000
_WIDE = ("limits",)
"""These facts have a row of their own each."""


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
        self.watchdog = WatchdogLine()
        self.body.addWidget(self.watchdog)
        self._build_facts()
        self.models = LoadedModels(client)
        self.body.addSpacing(SM - 2)
        self.body.addWidget(rule())
        self.body.addWidget(self.models)
        self._build_values()
        self._build_log()

    def show_record(self, record: InstanceRecord | None, snapshot: Snapshot) -> None:
        """Show an instance; None disables the card."""
        self.setEnabled(record is not None)
        same, self._record = record is self._record, record
        if record is None:
            return
        self.models.show_record(record, snapshot)
        if same:
            return
        self._name.setText(record.id)
        self._pill.show_instance(record)
        self._why.setText(self._explain(record))
        stands_still = record.phase is Phase.READY and record.silent
        set_tone(self._why, "danger" if stands_still else "")
        self._why.setVisible(bool(self._why.text()))
        self.watchdog.show_record(record.watchdog)
        self._show_facts(record)
        self._show_log_file(record)
        self.values.show_record(record, preview.pool_of(snapshot.settings, record.pool))
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
        if tasks.exists(self) and instance == self._log_of and lines:
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
        for made, command in (
            (self.start, results.start),
            (self.stop, results.stop),
            (self.restart, results.restart),
        ):
            made.clicked.connect(lambda _=False, run=command: self._command(run))
            row.addWidget(made)
        row.addStretch()
        self.body.addLayout(row)

    def _command(self, run: Callable[[EngineClient, Sequence[InstanceId]], Coroutine[Any, Any, None]]) -> None:
        if self._record is not None:
            self._client.spawn(run(self._client, (self._record.id,)))

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
            "limits": self.tr("Requests at once"),
        }
        for number, (key, name) in enumerate(names.items()):
            wide = key in _WIDE
            row, column = (
                ((len(names) - len(_WIDE)) // 2 + _WIDE.index(key), 0) if wide else (number // 2, 2 * (number % 2))
            )
            cell = label(fmt.UNKNOWN, wrap=wide)
            self._facts.addWidget(label(name, "muted", of=cell), row, column, Qt.AlignmentFlag.AlignTop)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._cells[key] = cell
            self._facts.addWidget(cell, row, column + 1, 1, 3 if wide else 1)
        self.body.addLayout(self._facts)

    def _build_values(self) -> None:
        self.body.addSpacing(SM - 2)
        self.body.addWidget(rule())
        self.values = EffectiveValues()
        self.body.addWidget(self.values, 3)

    def _build_log(self) -> None:
        self.body.addSpacing(SM - 2)
        self.body.addWidget(rule())
        heading = QHBoxLayout()
        heading.setSpacing(SM)
        heading.addWidget(label(self.tr("Log"), "section"))
        self.log_file = ElidedLabel("", "caption")
        self.log_file.elided = Qt.TextElideMode.ElideMiddle
        self.open_log = button(self.tr("Open log file"), small=True)
        self.copy_log = button(self.tr("Copy path"), small=True)
        self.copy_log.setAccessibleName(self.tr("Copy the path of the log file"))
        self.open_log.clicked.connect(lambda: open_path(self.log_file.text()))
        self.copy_log.clicked.connect(lambda: results.copy(self._client, self.log_file.text()))
        heading.addWidget(self.log_file, 1)
        heading.addWidget(self.open_log)
        heading.addWidget(self.copy_log)
        self.body.addLayout(heading)
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setObjectName("mono")
        self._log.setMaximumBlockCount(_LOG_LINES)
        self._log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._log.setAccessibleName(self.tr("Log of this instance"))
        self._log.setTabChangesFocus(True)
        self._log.setMinimumHeight(90)
        self.body.setSpacing(MD - 4)
        self.body.addWidget(self._log, 2)

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
            "limits": limits_text(record) or fmt.UNKNOWN,
        }
        for key, text in values.items():
            self._cells[key].setText(text)

    def _show_log_file(self, record: InstanceRecord) -> None:
        self.log_file.show_text(record.log)
        none = "" if record.log else self.tr("No file has the log of this instance")
        self.open_log.setToolTip(none or self.tr("Opens the file with all that it has logged"))
        self.copy_log.setToolTip(none or self.tr("Copies the path of the file to the clipboard"))
        for made in (self.open_log, self.copy_log):
            made.setEnabled(bool(record.log))

    def _explain(self, record: InstanceRecord) -> str:
        foreign = self.tr(
            "This server was already running: the panel uses it, but never stops it, and cannot change its settings."
        )
        trouble = (
            ""
            if record.phase is Phase.READY and not record.managed and not record.silent
            else notice_text(record.detail)
        )
        follows = self.tr("Its successor is starting; this one serves until that is ready.") if record.successor else ""
        return "\n".join(part for part in (trouble, follows, "" if record.managed else foreign) if part)

    def _show_buttons(self, record: InstanceRecord) -> None:
        wanted = record.phase in results.RUNNING
        self.start.setEnabled(record.managed and not wanted)
        self.stop.setEnabled(record.managed and wanted)
        self.restart.setEnabled(record.managed and record.phase is Phase.READY)
