"""The part of the machine page that says what to set, for a use and so many people, with the arithmetic."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.advice import machines, questions, report, speed
from ollama_panel.core.advice.questions import Answer, Question
from ollama_panel.core.advice.result import Advice, settings_with
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import preview, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import LG, SM
from ollama_panel.gui.widgets.card import Card, button, label, set_tone
from ollama_panel.gui.widgets.hardware_table import HardwareTable
from ollama_panel.gui.widgets.plan_text import PlanText
from ollama_panel.gui.widgets.use_question import PeopleBox, UseChoice

_PLAN_LINES = 4
_INDENT = "    "


class AdvicePart(Card):
    """Use and people to choose, the advice, and a button that makes a plan of it, which the user applies."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What to set"), parent)
        self._client = client
        self._made_of: object = None
        self._advice: Advice | None = None
        self.planned: Advice | None = None
        self._told: tuple[tuple[int, Notice], ...] = ()
        self._applying = False
        self._build_question()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self._build_plan()  # below the button that shows it: the advice may be longer than the screen
        self.body.addLayout(self._lines)
        self.table = HardwareTable()
        self.body.addWidget(self.table)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the advice for the machine and the models as they are; it is made anew only if they have changed."""
        if snapshot.starting:
            return
        machine = snapshot.ollama_version, snapshot.cores, snapshot.inherited, preview.budget_of(snapshot)
        made_of = (machine, snapshot.models, snapshot.settings, self._question())
        if made_of != self._made_of:
            self._made_of = made_of
            self._show(snapshot, self._answer(snapshot))

    def take_over(self, old: "AdvicePart") -> None:
        """Ask and plan what the user has on a part that this one replaces in another language."""
        self.use.setCurrentIndex(old.use.currentIndex())
        self.people.setValue(old.people.value())
        self.table.show_rows(old.table.is_open)
        self._show_plan(old.planned)

    def text(self) -> str:
        """Return the advice as it is copied."""
        if self._advice is None:
            return ""
        return "\n".join(_INDENT * depth + notice_text(line) for depth, line in report.lines(self._advice))

    def _build_question(self) -> None:
        self.use, self.people = UseChoice(), PeopleBox()
        self.use.setToolTip(self.tr("Contexts, answers and pools differ by use"))
        self.people.setToolTip(self.tr("One person needs nothing, a team a queue, a product several instances"))
        self.copy = button(self.tr("Copy"), self.tr("Copies the whole advice"), small=True)
        self.copy.setAccessibleName(self.tr("Copy the advice"))
        tip = self.tr("Shows what it changes; nothing changes before you click Apply")
        self.take = button(self.tr("Use these settings…"), tip, small=True)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addWidget(label(self.tr("Used for"), of=self.use))
        row.addWidget(self.use)
        row.addSpacing(LG)
        row.addWidget(label(self.tr("People"), of=self.people))
        row.addWidget(self.people)
        row.addStretch()
        row.addWidget(self.copy)
        row.addWidget(self.take)
        self.body.addLayout(row)
        self.use.currentIndexChanged.connect(self._ask)
        self.people.valueChanged.connect(self._ask)
        self.copy.clicked.connect(self._copy)
        self.take.clicked.connect(self._plan)

    def _build_plan(self) -> None:
        self.plan = PlanText(self.tr("Effects of the advised settings"), _PLAN_LINES)
        self.cancel = button(self.tr("Cancel"), self.tr("Leaves the settings as they are"), small=True)
        self.apply = button(self.tr("Apply"), self.tr("Puts the advised settings in force"), primary=True, small=True)
        self.cancel.setAccessibleName(self.tr("Cancel the advised settings"))
        self.apply.setAccessibleName(self.tr("Apply the advised settings"))
        self.cancel.clicked.connect(lambda: self._show_plan(None))
        self.apply.clicked.connect(lambda: self._client.spawn(self._apply()))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SM)
        row.addWidget(self.plan, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.apply)
        self._plan_row = QWidget()
        self._plan_row.setLayout(row)
        self._plan_row.hide()
        self.body.addWidget(self._plan_row)

    @Slot()
    def _ask(self) -> None:
        self._show_plan(None)
        self.show_snapshot(self._client.snapshot)

    def _question(self) -> Question:
        return Question(self.use.currentData(), self.people.value())

    def _answer(self, snapshot: Snapshot) -> Answer:
        here = speed.measured(snapshot.finished)
        return questions.answer(self._question(), machines.of_snapshot(snapshot), snapshot.models, here)

    def _show(self, snapshot: Snapshot, answer: Answer) -> None:
        if answer.advice != self._advice:
            self._advice = answer.advice
            self._show_lines()
        self.table.show_answer(answer)
        wanted = self._settings(self._advice)
        differs = wanted not in (None, snapshot.settings)
        self.take.setEnabled(differs and not self._applying)
        self.copy.setEnabled(self._advice is not None)
        self._show_plan(self.planned if differs and self._settings(self.planned) == wanted else None)

    def _settings(self, advice: Advice | None) -> Settings | None:
        """Return the settings with an advice in force, None without one."""
        return None if advice is None else settings_with(self._client.snapshot.settings, advice)

    def _show_lines(self) -> None:
        lines = tuple(report.lines(self._advice)) if self._advice is not None else ()
        if lines == self._told:
            return
        self._told = lines
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for depth, line in lines:
            self._lines.addWidget(_line(depth, line))

    @Slot()
    def _copy(self) -> None:
        results.copy(self._client, self.text(), self.tr("The whole advice"))

    @Slot()
    def _plan(self) -> None:
        self._show_plan(self._advice)

    def _show_plan(self, planned: Advice | None) -> None:
        """Show what it changes to use an advice, None = nothing is planned."""
        self.planned = planned
        self._plan_row.setVisible(planned is not None)
        if planned is None:
            return
        snapshot = self._client.snapshot
        text = self.tr("Applying…")
        if not self._applying:
            text = preview.plan_text(snapshot, settings_with(snapshot.settings, planned))
        self.plan.show_text(text or self.tr("Nothing to apply"))
        self.apply.setEnabled(not self._applying and not snapshot.fatal)
        self.cancel.setEnabled(not self._applying)

    async def _apply(self) -> None:
        if (planned := self.planned) is None:
            return
        self._applying = True
        self._show_plan(planned)
        try:
            await results.apply(self._client, settings_with(self._client.snapshot.settings, planned))
        finally:
            if tasks.exists(self):
                self._applying = False
                self._made_of = None
                self._show_plan(None)
                self.show_snapshot(self._client.snapshot)


def _line(depth: int, told: Notice) -> QWidget:
    """Return a line of the advice: pools stand out, their reasons are indented and small."""
    role = "caption" if depth else "section" if told.code.startswith("advise.pool") else ""
    made = label(notice_text(told), role, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setIndent(LG if depth else 0)
    if told.level is Level.WARNING:
        set_tone(made, "warn")
    return made
