"""What a tuning is asked for: which model, for what, with which requests, and how long it may take."""

from typing import Self

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.task import MOST_MINUTES, Bounds, Goal, TuningTask, WorkloadKind
from ollama_panel.gui.models.tuning_texts import capital, goal_meaning, goal_title, workload_meaning, workload_text
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.card import Card, label
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.inputs import ComboBox, SpinBox

_Choice = tuple[PoolName, ModelName]
_GOALS = (Goal.BALANCED, Goal.THROUGHPUT, Goal.LATENCY)
_ANSWERS = (
    WorkloadKind.OWN,
    WorkloadKind.CHAT,
    WorkloadKind.RAG,
    WorkloadKind.CODING,
    WorkloadKind.SUMMARIES,
)
_FIRST_MS, _TOKEN_MS = 2000, 100
"""Milliseconds: the bounds that are proposed, as of a chat: scheduling study, section 9."""
_TOP = Qt.AlignmentFlag.AlignTop
_BY_ROLE = {Role.CODE: WorkloadKind.CODING}


class TuningForm(Card):
    """The form. `changed` is emitted when another tuning is asked for."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What is measured"), parent)
        self._snapshot: Snapshot | None = None
        self._choices: list[_Choice] = []
        self._embeds: bool | None = None
        self.model, self.workload = ComboBox(), ComboBox()
        for box in (self.model, self.workload):
            box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.model.setAccessibleName(self.tr("Model to tune for"))
        self.model.setToolTip(self.tr("Its pool gets the settings that are found, if you apply them"))
        self.workload.setAccessibleName(self.tr("Requests to measure with"))
        self.workload.setToolTip(self.tr("The settings that suit short chats do not suit long documents"))
        self.goals: dict[Goal, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self.first, self.token, self.minutes = SpinBox(), SpinBox(), SpinBox()
        self._set_up_numbers()
        self.less_quality = QCheckBox(self.tr("Try a KV cache of 8 bits, too"))
        self.less_quality.setToolTip(self.tr("It takes half of the memory, and answers may be a little worse"))
        self.meaning = ElidedLabel("", "caption")
        self._lay_out()
        self.model.currentIndexChanged.connect(self._model_changed)
        self.workload.currentIndexChanged.connect(self._changed)
        self.less_quality.toggled.connect(self._changed)
        self._group.buttonToggled.connect(lambda _, on: self._changed() if on else None)
        for number in (self.first, self.token, self.minutes):
            number.valueChanged.connect(self._changed)

    @property
    def task(self) -> TuningTask | None:
        """What is asked for, None while there is no model."""
        if self.model.currentIndex() < 0 or self.workload.currentIndex() < 0:
            return None
        pool, model = self._choices[self.model.currentIndex()]
        bounds = Bounds()
        if self.goal is Goal.LATENCY:
            bounds = Bounds(self.first.value() / 1000, self.token.value() / 1000)
        kind, less, minutes = self.workload.currentData(), self.less_quality.isChecked(), self.minutes.value()
        return TuningTask(pool, model, self.goal, bounds, kind, less, most_minutes=float(minutes))

    @property
    def goal(self) -> Goal:
        """The goal that is chosen."""
        return next(goal for goal, made in self.goals.items() if made.isChecked())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Offer the models that there are, for the pools that may serve them."""
        choices = list(_choices(snapshot))
        self._snapshot = snapshot
        if choices == self._choices and self.model.count():
            return
        chosen = self._choices[self.model.currentIndex()] if self.model.currentIndex() >= 0 else None
        blocked = self.model.blockSignals(True)
        self.model.clear()
        self._choices = choices
        for pool, model in choices:
            self.model.addItem(self.tr("{model} in the pool {pool}").format(model=model, pool=pool))
        self.model.setCurrentIndex(choices.index(chosen) if chosen in choices else 0 if choices else -1)
        self.model.blockSignals(blocked)
        self._model_changed()

    def show_own_requests(self, number: int | None) -> None:
        """Show how many requests of the last week there are to measure with."""
        place = self.workload.findData(WorkloadKind.OWN)
        if place >= 0:
            text = capital(workload_text(WorkloadKind.OWN))
            if number is not None:
                told = self.tr("{workload} (%n of the last week)", "", number)
                text = told.format(workload=text)
            self.workload.setItemText(place, text)

    def ask_for(self, task: TuningTask) -> None:
        """Ask for a task, as far as its model is still there."""
        if (task.pool, task.model) in self._choices:
            self.model.setCurrentIndex(self._choices.index((task.pool, task.model)))
        if task.goal in self.goals:
            self.goals[task.goal].setChecked(True)
        self.workload.setCurrentIndex(max(0, self.workload.findData(task.workload)))
        self.first.setValue(round(1000 * (task.bounds.first_token_s or _FIRST_MS / 1000)))
        self.token.setValue(round(1000 * (task.bounds.token_s or _TOKEN_MS / 1000)))
        self.less_quality.setChecked(task.less_quality)
        self.minutes.setValue(round(task.most_minutes))

    def choose_pool(self, pool: PoolName) -> None:
        """Choose the first model of a pool, unless one of that pool is chosen."""
        place = self.model.currentIndex()
        if place < 0 or self._choices[place][0] != pool:
            first = next((number for number, one in enumerate(self._choices) if one[0] == pool), place)
            self.model.setCurrentIndex(first)

    def take_over(self, old: Self) -> None:
        """Ask for what was asked for on a form that this one replaces in another language."""
        if old.task is not None:
            self.ask_for(old.task)

    def _model_changed(self) -> None:
        """Offer the goals and the workloads that suit the model."""
        place = self.model.currentIndex()
        facts = _facts(self._snapshot, self._choices[place][1]) if place >= 0 else None
        embeds = facts is not None and is_embedding(facts)
        if embeds is not self._embeds:
            self._embeds = embeds
            blocked = self.workload.blockSignals(True)
            self.workload.clear()
            for kind in (WorkloadKind.EMBEDDINGS,) if embeds else _ANSWERS:
                self.workload.addItem(capital(workload_text(kind)), kind)
            self.workload.setCurrentIndex(0 if embeds else self.workload.findData(self._usual()))
            self.workload.blockSignals(blocked)
            for goal, made in self.goals.items():
                made.setEnabled((goal is Goal.EMBEDDING) is embeds)
            self.goals[Goal.EMBEDDING if embeds else Goal.BALANCED].setChecked(True)
        self._changed()

    def _usual(self) -> WorkloadKind:
        """Return the workload of the pool's role."""
        place = self.model.currentIndex()
        if place < 0 or self._snapshot is None:
            return WorkloadKind.CHAT
        pool = next(one for one in self._snapshot.settings.pools if one.name == self._choices[place][0])
        return _BY_ROLE.get(pool.role, WorkloadKind.CHAT)

    def _changed(self) -> None:
        kind = self.workload.currentData()
        self.meaning.show_text(workload_meaning(kind) if kind is not None else "")
        bounded = self.goals[Goal.LATENCY].isChecked()
        self.first.setEnabled(bounded)
        self.token.setEnabled(bounded)
        self.changed.emit()

    def _set_up_numbers(self) -> None:
        milliseconds, minutes = self.tr(" ms"), self.tr(" min")
        for box, least, most, step, value, suffix, name in (
            (self.first, 50, 600_000, 100, _FIRST_MS, milliseconds, self.tr("First token within, p95")),
            (self.token, 5, 10_000, 5, _TOKEN_MS, milliseconds, self.tr("Each further token within, p95")),
            (self.minutes, 1, 240, 1, round(MOST_MINUTES), minutes, self.tr("Minutes at most")),
        ):
            box.setRange(least, most)
            box.setSingleStep(step)
            box.setValue(value)
            box.setSuffix(suffix)
            box.setAccessibleName(name)
            box.setFixedWidth(110)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(LG)
        grid.setVerticalSpacing(LG)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(self.tr("Model"), "muted", of=self.model), 0, 0)
        grid.addWidget(self.model, 0, 1)
        grid.addWidget(label(self.tr("Goal"), "muted"), 1, 0, _TOP)
        grid.addLayout(self._goals(), 1, 1)
        requests = QVBoxLayout()
        requests.setSpacing(SM - 4)
        requests.addWidget(self.workload)
        requests.addWidget(self.meaning)
        requested = label(self.tr("Requests"), "muted", of=self.workload)
        requested.setMinimumHeight(self.workload.sizeHint().height())
        grid.addWidget(requested, 2, 0, _TOP)
        grid.addLayout(requests, 2, 1)
        grid.addWidget(label(self.tr("Quality"), "muted"), 3, 0)
        grid.addWidget(self.less_quality, 3, 1)
        time = QHBoxLayout()
        time.setSpacing(MD)
        time.addWidget(self.minutes)
        time.addWidget(ElidedLabel(self.tr("at most; the waits for your programs do not count"), "caption"), 1)
        grid.addWidget(label(self.tr("Time"), "muted", of=self.minutes), 4, 0)
        grid.addLayout(time, 4, 1)
        self.body.setSpacing(MD)
        self.body.addLayout(grid)
        self.body.addStretch()

    def _goals(self) -> QVBoxLayout:
        """Return the goals, each with its meaning below, and the bounds of the one that has some."""
        column = QVBoxLayout()
        column.setSpacing(2)
        for goal in (*_GOALS, Goal.EMBEDDING):
            made = QRadioButton(goal_title(goal))
            made.setToolTip(goal_meaning(goal))
            self._group.addButton(made)
            self.goals[goal] = made
            column.addWidget(made)
            below = QVBoxLayout()
            below.setContentsMargins(XL, 0, 0, 0)
            below.addWidget(ElidedLabel(goal_meaning(goal), "caption"))
            column.addLayout(below)
            if goal is Goal.LATENCY:
                column.addLayout(self._bounds())
            column.addSpacing(SM - 2)
        self.goals[Goal.BALANCED].setChecked(True)
        return column

    def _bounds(self) -> QGridLayout:
        bounds = QGridLayout()
        bounds.setContentsMargins(XL, 2, 0, 2)
        bounds.setHorizontalSpacing(MD)
        bounds.setColumnStretch(1, 1)
        bounds.addWidget(self.first, 0, 0)
        bounds.addWidget(ElidedLabel(self.tr("to the first token, in 19 of 20 answers"), "caption"), 0, 1)
        bounds.addWidget(self.token, 1, 0)
        bounds.addWidget(ElidedLabel(self.tr("for each further token, in 19 of 20 answers"), "caption"), 1, 1)
        return bounds


def _choices(snapshot: Snapshot) -> list[_Choice]:
    """Return each pool that has workers, with each model that it may serve; those that are loaded come first."""
    found = list[_Choice]()
    for pool in snapshot.settings.pools:
        if pool.workers:
            loaded = {one.name for record in snapshot.instances if record.pool == pool.name for one in record.models}
            names = [facts.name for facts in snapshot.models if _serves(pool, facts)]
            found += [(pool.name, name) for name in sorted(names, key=lambda name: (name not in loaded, name))]
    return found


def _serves(pool: PoolSettings, facts: ModelFacts) -> bool:
    if facts.remote or is_embedding(facts) is not (pool.role is Role.EMBEDDING):
        return False
    return not pool.models or facts.name in map(canonical, pool.models)


def _facts(snapshot: Snapshot | None, name: ModelName) -> ModelFacts | None:
    models = snapshot.models if snapshot is not None else ()
    return next((facts for facts in models if facts.name == name), None)
