"""The drill: a secondary instance is killed, hung and slowed down on purpose, and what the panel does is scored."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core import drill_rules
from ollama_panel.core.drill import DrillFault, DrillRecord, DrillRequest, DrillState
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import dialogs, drill_texts, tasks
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, MD, SM, XL, XS
from ollama_panel.gui.widgets.card import button, label, needed_height, rule, set_tone
from ollama_panel.gui.widgets.drill_steps import DrillSteps
from ollama_panel.gui.widgets.inputs import ComboBox

_WIDTH = 720
"""Pixels."""


class DrillDialog(QDialog):
    """Chooses what is drilled, and shows the drill under way or the last one; it does not block the window."""

    def __init__(self, client: EngineClient, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Drill"))
        self.setMinimumWidth(_WIDTH)
        self._client = client
        self._under_way = ""
        self._models: tuple[str, ...] | None = None
        self.faults: dict[DrillFault, QCheckBox] = {}
        self.model = ComboBox()
        self.model.setAccessibleName(self.tr("Model of the drill"))
        self.model.setToolTip(self.tr("The model that the secondary instance loads"))
        self.state, self.score = label("", wrap=True), label("", "kpi")
        self.steps = DrillSteps()
        self._effects = label("", "muted", wrap=True)
        self._build_buttons()
        self._lay_out()
        client.snapshot_changed.connect(self.show_snapshot)
        self.show_snapshot(client.snapshot)
        self.start.setFocus()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the drill of a snapshot."""
        self._show_models(snapshot)
        record = snapshot.drill
        runs = record is not None and record.state is DrillState.RUNNING
        for box in (*self.faults.values(), self.model):
            box.setEnabled(not runs)
        self._effects.setText(self._effects_text(snapshot))
        self._show_state(record)
        if record is not None:
            self.steps.show_record(record, snapshot.at)
        self.steps.setVisible(record is not None)
        why = self._why_not(snapshot, runs=runs)
        self.start.setText(self.tr("Start the drill") if record is None else self.tr("Repeat the drill"))
        self._enable(start=not why, cancel=runs and self._under_way != "cancel")
        self.start.setToolTip(why or self.tr("Does this to a secondary instance, one after the other"))
        self.cancel.setToolTip(
            self.tr("Ends the drill; all is as it was before") if runs else self.tr("No drill is under way")
        )
        self._fit()

    @override
    def done(self, result: int) -> None:
        self._client.snapshot_changed.disconnect(self.show_snapshot)
        super().done(result)

    def _enable(self, *, start: bool, cancel: bool) -> None:
        """Enable the buttons; the focus of one that cannot be pressed any more waits for the one that can be."""
        focused = any(one.hasFocus() for one in (self.start, self.cancel, self))
        heir = self.start if start else self.cancel if cancel else self
        if focused and not heir.hasFocus():
            heir.setEnabled(True)  # else it cannot take it, and Qt gives it to the next one
            heir.setFocus()
        self.start.setEnabled(start)
        self.cancel.setEnabled(cancel)

    def _why_not(self, snapshot: Snapshot, *, runs: bool) -> str:
        if snapshot.fatal is not None:
            return self.tr("The engine has stopped")
        if snapshot.starting:
            return self.tr("The panel is starting")
        if runs or self._under_way:
            return self.tr("A drill is under way")
        if not any(box.isChecked() for box in self.faults.values()):
            return self.tr("Choose a fault")
        return "" if self._models else self.tr("There is no model here that answers chats")

    def _effects_text(self, snapshot: Snapshot) -> str:
        chosen = self.model.currentData() or self.model.itemData(1)
        size = next((one.size for one in snapshot.models if one.name == chosen), 0)
        text = self.tr(
            "One more worker starts and loads {model} ({size}); without room for it in memory, the pool's last worker "
            "is taken. The drill sends requests of its own, and strikes only while no client's is there."
        )
        if not chosen:
            return self.tr("There is no model here that answers chats, so there is nothing to drill with.")
        return text.format(model=chosen, size=fmt.size(size or None))

    def _show_state(self, record: DrillRecord | None) -> None:
        if record is None:
            text, tone = self.tr("No drill was run since the panel has started."), "muted"
        elif record.state is DrillState.RUNNING:
            begun = any(step.began is not None for step in record.steps)
            ready = self.tr("{instance} gets ready for the drill, and loads the model…")
            text = self.tr("The drill is under way at {instance}.") if begun else ready
            text, tone = text.format(instance=record.instance), ""
        elif record.state is DrillState.CANCELLED:
            text, tone = self.tr("The drill was cancelled: all is as it was before."), "muted"
        elif record.state is DrillState.FAILED:
            text, tone = self.tr("The drill could not go on."), "danger"
        else:
            text, tone = self._result(record)
        told = notice_text(record.problem) if record is not None else ""
        self.state.setText(" ".join(filter(None, (text, told))))
        set_tone(self.state, tone)
        score = record.score if record is not None else None
        self.score.setText(self.tr("{score} of 100").format(score=fmt.number(score)) if score is not None else "")
        self.score.setVisible(score is not None)
        set_tone(self.score, drill_texts.score_tone(score) if score is not None else "")

    def _result(self, record: DrillRecord) -> tuple[str, str]:
        """Return what came of a drill that was not cut short, and the colour token of that."""
        passed = [step.passed for step in record.steps]
        if failed := passed.count(False):
            return self.tr("The panel did not cope with %n fault(s).", "", failed), "danger"
        if None not in passed:
            return self.tr("The panel coped with every fault."), "ok"
        if True in passed:
            return self.tr("The panel coped with every fault that was carried out."), "ok"
        return self.tr("No fault was carried out."), "muted"

    def _show_models(self, snapshot: Snapshot) -> None:
        """Show the models that can be drilled with, the smallest first."""
        found = tuple(one.name for one in drill_rules.answering(snapshot.models))
        if found == self._models:
            return
        chosen, self._models = self.model.currentData(), found
        self.model.blockSignals(True)
        self.model.clear()
        self.model.addItem(self.tr("The smallest one"), "")
        for name in found:
            self.model.addItem(name, name)
        self.model.setCurrentIndex(max(0, self.model.findData(chosen)))
        self.model.blockSignals(False)

    def _build_buttons(self) -> None:
        self.start = button("", primary=True)
        self.cancel = button(self.tr("Cancel the drill"))
        self.close_button = button(self.tr("Close"), self.tr("A drill goes on; the page Instances leads back to it"))
        self.start.clicked.connect(self._start)
        self.cancel.clicked.connect(self._cancel)
        self.close_button.clicked.connect(self.reject)
        self.model.currentIndexChanged.connect(self._refresh)

    def _lay_out(self) -> None:
        intro = self.tr(
            "What happens to requests when Ollama crashes or hangs? The drill does that to a secondary instance, and "
            "tells how soon the panel notices, what is lost, and how soon it serves again."
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(LG)
        grid.setVerticalSpacing(SM)
        grid.setColumnStretch(1, 1)
        for row, fault in enumerate(DrillFault):
            box = QCheckBox(drill_texts.fault_label(fault))
            box.setChecked(True)
            box.setToolTip(drill_texts.fault_meaning(fault))
            box.toggled.connect(self._refresh)
            self.faults[fault] = box
            grid.addWidget(box, row, 0)
            grid.addWidget(label(drill_texts.fault_meaning(fault), "caption", wrap=True), row, 1)
        models = QHBoxLayout()
        models.addWidget(label(self.tr("Model"), of=self.model))
        models.addSpacing(MD)
        models.addWidget(self.model)
        models.addStretch()
        result = QHBoxLayout()
        result.addWidget(self.state, 1)
        result.addWidget(self.score)
        buttons = QHBoxLayout()
        buttons.setSpacing(SM)
        buttons.addWidget(self.close_button)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(XL, LG, XL, LG)
        self._whole.setSpacing(MD)
        self._whole.addWidget(label(intro, wrap=True))
        self._whole.addLayout(grid)
        self._whole.addLayout(models)
        self._whole.addWidget(self._effects)
        self._whole.addSpacing(XS)
        self._whole.addWidget(rule())
        self._whole.addLayout(result)
        self._whole.addWidget(self.steps)
        self._whole.addStretch()
        self._whole.addLayout(buttons)

    def _fit(self) -> None:
        """Give the texts the height that their lines need."""
        self.setMinimumHeight(needed_height(self._whole, max(self.width(), _WIDTH)))

    def _refresh(self) -> None:
        self.show_snapshot(self._client.snapshot)

    def _start(self) -> None:
        chosen = tuple(fault for fault, box in self.faults.items() if box.isChecked())
        faults = () if len(chosen) == len(self.faults) else chosen
        request = DrillRequest(faults, str(self.model.currentData() or ""))
        self._begin("start", self._client.operations.begin_drill(request))

    def _cancel(self) -> None:
        self._begin("cancel", self._client.operations.cancel_drill())

    def _begin(self, kind: str, command: Coroutine[Any, Any, DrillRecord]) -> None:
        """Give a command, one at a time."""
        if self._under_way:
            command.close()
            return
        self._under_way = kind
        self._refresh()
        self._client.spawn(self._run(command))

    async def _run(self, command: Coroutine[Any, Any, DrillRecord]) -> None:
        try:
            await command
        finally:
            self._under_way = ""
            if tasks.exists(self):
                self._refresh()


def show_drill(client: EngineClient, parent: QWidget) -> DrillDialog:
    """Show the dialog, one in each window at most, and return it."""
    return dialogs.shown_alone(parent, DrillDialog, lambda window: DrillDialog(client, window))
