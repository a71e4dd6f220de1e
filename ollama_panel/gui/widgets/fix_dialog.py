"""The dialog that mends a finding, or takes that back: what changes, every step with its commands, and the proof."""

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.applying.record import Action, Applying, ApplyStage
from ollama_panel.core.applying.told import of_applying
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import EditFiles, Finding, Fix, FixPlan, Mended, RunCommands
from ollama_panel.core.notices import Notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import StepBy, StepState
from ollama_panel.gui import dialogs, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.doctor_actions import mend, take_back
from ollama_panel.gui.doctor_texts import fix_text, headline
from ollama_panel.gui.export_actions import tone_of, waits
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.card import button, label, set_tone
from ollama_panel.gui.widgets.changed_files import ChangedFiles
from ollama_panel.gui.widgets.finding_difference import syntax_of
from ollama_panel.gui.widgets.layout import scrolled
from ollama_panel.gui.widgets.proof_rows import ProofRows
from ollama_panel.gui.widgets.takeover_step import StepRow, fit_rows

_SIZE, _SMALL = (1000, 660), (640, 460)
"""Pixels: the size with a difference, and without."""
_STEPS = 380
"""Pixels: the width of the steps beside a difference."""
_ANY = 16_777_215
"""Pixels: Qt's QWIDGETSIZE_MAX, no limit."""


class FixDialog(QDialog):
    """Does not block the window: commands are copied from it. Of what was mended before it shows the way back."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget, subject: Finding | Mended) -> None:
        super().__init__(parent)
        self.setObjectName("fix")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._client, self._theme, self.subject = client, theme, subject
        self.setWindowTitle(self.tr("Undo") if self._back else self.tr("Mend"))
        self._copy = partial(results.copy, client)
        self._plan: FixPlan | None = None
        self._done: Mended | None = None
        self._refused: Notice | None = None
        self._checked = ""
        self._acting = False
        self.rows: list[StepRow] = []
        self.title, self.told, self.state = label("", "title", wrap=True), label("", wrap=True), label("", wrap=True)
        for one in (self.told, self.state):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.files = ChangedFiles(theme, (self.tr("Now"), self.tr("Before") if self._back else self.tr("Mended")))
        self.proofs = ProofRows(theme)
        self.password = QCheckBox(self.tr("Let the system ask for the password of an administrator"))
        self.password.setToolTip(self.tr("Otherwise the commands are shown, for you to type"))
        self.undo = button(self.tr("Undo"), self.tr("Brings back what was there before"))
        self.close_button = button(self.tr("Close"), self.tr("What is under way goes on"))
        self.cancel = button(self.tr("Break off"), self.tr("What was written goes back"))
        self.now = button(self.tr("Restart now"), self.tr("Answers under way break off"))
        self.go = button(self.tr("Mend it"), "", primary=True)
        self._connect()
        self._lay_out()
        self.resize(*(_SIZE if self._has_files else _SMALL))
        client.snapshot_changed.connect(self.show_snapshot)
        self._show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._by_hand and self._plan is None and not self._under_way:
            self._client.spawn(self._ask())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how far it is."""
        self._show()

    @property
    def _by_hand(self) -> bool:
        """Whether only the user can do it."""
        fix = self._fix
        return isinstance(fix, RunCommands) and fix.by_hand

    @property
    def _back(self) -> bool:
        """Whether it takes back what was mended before."""
        return isinstance(self.subject, Mended)

    @property
    def _fix(self) -> Fix | None:
        return self.subject.fix if isinstance(self.subject, Finding) else None

    @property
    def _has_files(self) -> bool:
        one = self.subject
        applying = one.applying if isinstance(one, Mended) else None
        return isinstance(self._fix, EditFiles) or (applying is not None and bool(applying.files))

    @property
    def _finding(self) -> str:
        """The id of the finding that it is about."""
        return self.subject.finding if isinstance(self.subject, Mended) else self.subject.id

    @property
    def _under_way(self) -> bool:
        return self._client.snapshot.doctor.mending == self._finding

    @property
    def _applying(self) -> Applying | None:
        """How files are put into force just now, or were."""
        if self._done is not None:
            return self._done.applying
        return self._client.snapshot.doctor.applying if self._under_way else None

    def _show(self) -> None:
        plan, one = self._plan, self._applying
        self.title.setText(headline(self.subject.told))
        told = map(notice_text, plan.told) if plan is not None else [self._meaning()]
        settings = map(notice_text, plan.settings) if plan is not None else ()
        self.told.setText("\n".join(filter(None, (*told, *settings))))
        self.told.setVisible(bool(self.told.text()))
        files = one.files if one is not None and one.files else plan.files if plan is not None else ()
        self.files.show_changes(files, [syntax_of(file.path) for file in files], "")
        self.files.setVisible(bool(files))
        self._area.setMaximumWidth(_STEPS if files else _ANY)
        self._area.setMinimumWidth(_STEPS if files else 0)
        self._show_steps(one)
        self.proofs.show_proofs(one.proofs if one is not None else ())
        self._tell(one)
        self._let_click(one)

    def _meaning(self) -> str:
        """Return what is said before the plan is known, and where there is none."""
        return fix_text(self.subject) if isinstance(self.subject, Finding) else ""

    def _tell(self, one: Applying | None) -> None:
        """Say how far it is, and what came of it."""
        done, problem = self._done, self._refused or (self._done.problem if self._done is not None else None)
        if problem is not None:
            text, tone = notice_text(problem), "danger"
        elif done is not None and done.undone:
            text, tone = self.tr("As before."), "muted"
        elif done is not None and done.todo:
            text, tone = self.tr("Type the commands that wait for you, then go on."), "warn"
        elif done is not None:
            text, tone = self.tr("Mended."), "ok"
        elif one is not None:
            text, tone = notice_text(of_applying(one)), tone_of(one)
        elif self._checked:
            text, tone = self._checked, "muted"
        elif self._acting or self._under_way:
            text, tone = self.tr("Under way…"), "muted"
        elif self._by_hand:
            text, tone = self.tr("Check again when it is done."), "muted"
        else:
            looking = self._plan is None
            text = self.tr("Looking at what is there…") if looking else self.tr("Nothing is changed yet.")
            tone = "muted"
        self.state.setText(text)
        set_tone(self.state, tone)

    def _show_steps(self, one: Applying | None) -> None:
        actions: Sequence[Action] = self._plan.actions if self._plan is not None else ()
        if one is not None and one.actions:
            actions = one.actions
        steps = [
            (notice_text(step.told), _by(step), step.commands, step.state, notice_text(step.problem))
            for step in actions
        ]
        if self._by_hand and isinstance(fix := self._fix, RunCommands):
            told = self.tr("Type these commands, or do the same in another way")
            steps = [(told, StepBy.USER, fix.commands, StepState.OPEN, "")]
        if self._done is not None and self._done.todo and not any(step[3] is StepState.WAITING for step in steps):
            steps.append((self.tr("What is left"), StepBy.USER, self._done.todo, StepState.WAITING, ""))
        fit_rows(self.rows, self._steps, len(steps), self._theme, self._copy)
        for row, step in zip(self.rows, steps, strict=True):
            row.show_plan(*step)

    def _let_click(self, one: Applying | None) -> None:
        """Name the buttons by what they do now, and enable those that mean something."""
        done = self._done
        todo = done is not None and bool(done.todo)
        idle = one is not None and one.stage is ApplyStage.IDLE and not waits(one)
        busy = self._acting or (self._under_way and not todo)
        if self._by_hand:
            self.go.setText(self.tr("Check again"))
            self.go.setToolTip(self.tr("Looks whether it is done"))
        else:
            begin = self.tr("Bring back") if self._back else self.tr("Mend it")
            self.go.setText(self.tr("Go on") if todo else begin)
            self.go.setToolTip(self.tr("Does these steps, proves them, or goes back"))
        planned = self._plan is not None and self._refused is None and done is None
        self.go.setEnabled(not busy and (self._by_hand or planned or todo))
        can_undo = done is not None and (done.can_undo or todo) and not done.undone
        self.undo.setEnabled(not busy and can_undo and not self._back)
        self.now.setEnabled(idle)
        self.cancel.setEnabled(idle)
        for made in (self.now, self.cancel):
            made.setVisible(not self._by_hand)
        self.undo.setVisible(not (self._by_hand or self._back))
        asks = self._plan is not None and self._plan.asks_password and done is None
        if asks and not self.password.isEnabled():
            self.password.setChecked(True)
        self.password.setEnabled(asks and not busy)
        self.password.setVisible(self._plan is not None and self._plan.asks_password)

    async def _ask(self) -> None:
        """Ask for the plan; why it is not possible is said in the dialog."""
        plan: FixPlan | None = None
        refused: Notice | None = None
        try:
            doctor, one = self._client.doctor, self.subject
            plan = await (doctor.plan_undo(one.id) if isinstance(one, Mended) else doctor.plan(one.id))
        except PanelError as error:
            refused = error.notice
        if tasks.exists(self) and not self._acting:
            self._plan, self._refused = plan, refused
            self._show()

    @property
    def _asks(self) -> bool:
        return self._plan is not None and self._plan.asks_password and self.password.isChecked()

    def _mend(self) -> None:
        """Do what is shown, or look whether the user has done it."""
        if self._by_hand:
            self._acting, self._checked = True, ""
            self._show()
            self._client.spawn(self._look_again())
        elif isinstance(self.subject, Mended):
            self._start(take_back(self._client, self.subject.id, ask_password=self._asks))
        else:
            plan = self._plan.id if self._plan is not None else ""
            self._start(mend(self._client, self.subject.id, plan, ask_password=self._asks))

    def _undo(self) -> None:
        if self._done is not None:
            self._start(take_back(self._client, self._done.id, ask_password=self._asks))

    def _start(self, work: Coroutine[Any, Any, Mended]) -> None:
        """Carry out a command; meanwhile the buttons take no further one."""
        self._acting, self._refused = True, None
        self._show()
        self._client.spawn(self._finish(work))

    async def _finish(self, work: Coroutine[Any, Any, Mended]) -> None:
        """Show what came of it. What fails is said here, where it was asked for."""
        done, refused = self._done, None
        try:
            done = await work
        except PanelError as error:
            refused = error.notice
        finally:
            if tasks.exists(self):
                self._acting, self._done, self._refused = False, done, refused
                self._show()

    async def _look_again(self) -> None:
        refused: Notice | None = None
        found = True
        try:
            record = await self._client.doctor.check()
            found = any(one.id == self._finding for one in record.open)
        except PanelError as error:
            refused = error.notice
        finally:
            if tasks.exists(self):
                told = self.tr("It is still as before.") if found else self.tr("Done: it is not found any more.")
                self._acting, self._refused, self._checked = False, refused, told
                self._show()

    def _connect(self) -> None:
        client = self._client
        self.go.clicked.connect(self._mend)
        self.undo.clicked.connect(self._undo)
        self.now.clicked.connect(lambda: client.spawn(client.doctor.restart_now()))
        self.cancel.clicked.connect(lambda: client.spawn(client.doctor.cancel()))
        self.close_button.clicked.connect(self.close)

    def _lay_out(self) -> None:
        content = QWidget()
        content.setObjectName("page")
        self._steps = QVBoxLayout(content)
        self._steps.setContentsMargins(0, 0, SM, 0)
        self._steps.setSpacing(MD)
        self._steps.addWidget(self.proofs)
        self._steps.addStretch(1)
        self._area = scrolled(content, self)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # texts alone would not scroll by the keyboard
        self._area.setAccessibleName(self.tr("Steps"))
        middle = QHBoxLayout()
        middle.setSpacing(LG)
        middle.addWidget(self.files, 1)
        middle.addWidget(self._area, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SM)
        buttons.addWidget(self.undo)
        buttons.addStretch(1)
        for made in (self.close_button, self.cancel, self.now, self.go):
            buttons.addWidget(made)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL, LG, XL, LG)
        whole.setSpacing(MD)
        whole.addWidget(self.title)
        whole.addWidget(self.told)
        whole.addLayout(middle, 1)
        whole.addWidget(self.state)
        whole.addWidget(self.password)
        whole.addLayout(buttons)


def _by(step: Action) -> StepBy:
    if step.state is StepState.WAITING:
        return StepBy.USER
    return StepBy.ROOT if step.root else StepBy.PANEL


def show_fix(client: EngineClient, theme: Theme, parent: QWidget, subject: Finding | Mended) -> FixDialog:
    """Show the dialog, one in each window at most, and return it; that of something else makes room.

    Of a finding it mends it, of what was mended it takes that back.
    """
    return dialogs.shown_alone(
        parent, FixDialog, lambda window: FixDialog(client, theme, window, subject), lambda one: one.subject == subject
    )
