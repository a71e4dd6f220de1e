"""The dialog that puts an export into force: the difference, every step with its commands, and what proves it."""

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.applying.record import Action, Applying, ApplyStage
from ollama_panel.core.applying.told import of_applying
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import Notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import StepBy
from ollama_panel.gui import dialogs, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.export_actions import apply_export, tone_of, undo_export, waits
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.card import button, label, set_tone
from ollama_panel.gui.widgets.changed_files import ChangedFiles
from ollama_panel.gui.widgets.layout import scrolled
from ollama_panel.gui.widgets.proof_rows import ProofRows
from ollama_panel.gui.widgets.takeover_step import StepRow, fit_rows

_SIZE = (1000, 680)
_STEPS = 380
"""Pixels: the width of the steps."""
_UNDER_WAY = (ApplyStage.WRITING, ApplyStage.IDLE, ApplyStage.RESTARTING, ApplyStage.PROVING, ApplyStage.RETURNING)


class ApplyDialog(QDialog):
    """Does not block the window: commands are copied from it. `over_ssh`: it asks first for which machine it is."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget, export: Export, *, over_ssh: bool) -> None:
        super().__init__(parent)
        self.setObjectName("apply")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Apply over SSH") if over_ssh else self.tr("Apply on this machine"))
        self.resize(*_SIZE)
        self._client, self._theme, self.export, self.over_ssh = client, theme, export, over_ssh
        self._copy = partial(results.copy, client)
        self._plan: Applying | None = None
        self._way_back: Applying | None = None
        self._goes_back = False
        self._refused: Notice | None = None
        self._host, self._acting = "", False
        self.rows: list[StepRow] = []
        self.host = QLineEdit()
        self.host.setPlaceholderText(self.tr("user@machine"))
        self.host.setAccessibleName(self.tr("Machine"))
        self.look = button(self.tr("Look"), self.tr("Reads what is there; nothing is changed"))
        self.told, self.state = label("", wrap=True), label("", wrap=True)
        for one in (self.told, self.state):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.files, self.proofs = ChangedFiles(theme), ProofRows(theme)
        self.password = QCheckBox(self.tr("Let the system ask for the password of an administrator"))
        self.password.setToolTip(self.tr("Otherwise the commands are shown, for you to type"))
        self.undo = button(self.tr("Undo"), self.tr("Brings back what was there before"))
        self.close_button = button(self.tr("Close"), self.tr("What is under way goes on"))
        self.cancel = button(self.tr("Break off"), self.tr("What was written goes back"))
        self.now = button(self.tr("Restart now"), self.tr("Answers under way break off"))
        self.go = button(self.tr("Apply"), self.tr("Does these steps, proves them, or goes back"), primary=True)
        self._connect()
        self._lay_out()
        client.snapshot_changed.connect(self.show_snapshot)
        self._show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.over_ssh:
            self._client.spawn(self._ask())
        else:
            self.host.setFocus()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how far it is."""
        one = snapshot.applying
        if one is not None and (one.target, one.host) == (self.export.target, self._host) and self._is_of_this(one):
            self._plan = one
        self._show()

    def _is_of_this(self, one: Applying) -> bool:
        """Return whether it was begun here, or is to go on or back; the last one of this run is no plan."""
        return self._acting or waits(one) or one.stage in _UNDER_WAY

    def _show(self) -> None:
        one = self._plan
        self.told.setText("\n".join(map(notice_text, one.told)) if one is not None else "")
        self.told.setVisible(bool(self.told.text()))
        nothing = (
            self.tr("Nothing was changed.") if self._refused is not None else self.tr("The difference comes here.")
        )
        syntaxes = [file.syntax for file in self.export.files if file.place]
        self.files.show_changes(one.files if one is not None else (), syntaxes, nothing)
        self._area.setVisible(one is not None and bool(one.actions or one.proofs))
        self._show_steps(one.actions if one is not None else ())
        self.proofs.show_proofs(one.proofs if one is not None else ())
        self._tell(one)
        self._let_click(one)

    def _tell(self, one: Applying | None) -> None:
        if self._refused is not None:
            self.state.setText(notice_text(self._refused))
            set_tone(self.state, "danger")
        elif one is None:
            told = self.tr("Name the machine, as for ssh.") if self.over_ssh and not self._host else self._looking()
            self.state.setText(told)
            set_tone(self.state, "muted")
        else:
            self.state.setText(notice_text(of_applying(one)))
            set_tone(self.state, tone_of(one))

    def _looking(self) -> str:
        return self.tr("Looking at what is there…")

    def _show_steps(self, actions: Sequence[Action]) -> None:
        fit_rows(self.rows, self._steps, len(actions), self._theme, self._copy)
        for row, action in zip(self.rows, actions, strict=True):
            by = StepBy.ROOT if action.root else StepBy.PANEL
            row.show_plan(notice_text(action.told), by, action.commands, action.state, notice_text(action.problem))

    def _let_click(self, one: Applying | None) -> None:
        """Name the buttons by what they do now, and enable those that mean something."""
        stage = one.stage if one is not None else None
        waiting = one is not None and waits(one)
        idle = stage is ApplyStage.IDLE and not waiting
        back = self._goes_back and stage is ApplyStage.PLANNED
        goes_on = waiting and stage is not ApplyStage.RETURNING
        self.go.setText(self.tr("Bring back") if back else self.tr("Go on") if goes_on else self.tr("Apply"))
        ready = one is not None and (stage is ApplyStage.PLANNED or waiting) and self._refused is None
        self.go.setEnabled(ready and not self._acting)
        can_go_back = self._way_back is not None and not self._goes_back
        self.undo.setEnabled(not self._acting and (waiting or stage is ApplyStage.APPLIED or can_go_back))
        self.now.setEnabled(idle)
        self.cancel.setEnabled(idle)
        asks = one is not None and one.asks_password and any(action.root for action in one.actions)
        if asks and not self.password.isEnabled():
            self.password.setChecked(True)
        self.password.setEnabled(asks)
        self.password.setChecked(self.password.isChecked() and asks)
        self.look.setEnabled(bool(self.host.text().strip()) and not self._acting)
        self.host.setEnabled(not self._acting)

    def _ask_host(self) -> None:
        self._host = self.host.text().strip()
        if self._host and not self._acting:
            self._client.spawn(self._ask())

    async def _ask(self) -> None:
        """Ask for the plan; why it is not possible is said in the dialog."""
        host = self._host
        self._plan, self._way_back, self._refused, self._goes_back = None, None, None, False
        self._show()
        try:
            plan, refused = await self._client.exports.plan(self.export, host), None
        except PanelError as error:
            plan, refused = None, error.notice
        way_back = await self._asked_back(host)
        if tasks.exists(self) and host == self._host and not self._acting:
            self._plan, self._way_back, self._refused = plan, way_back, refused
            self.show_snapshot(self._client.snapshot)

    async def _asked_back(self, host: str) -> Applying | None:
        """Return what going back to before the last time would do, None if there is nothing to go back to."""
        try:
            return await self._client.exports.plan_undo(host, self.export.target)
        except PanelError:
            return None

    @property
    def _asks(self) -> bool:
        return self.password.isEnabled() and self.password.isChecked()

    def _apply(self) -> None:
        """Do what is shown."""
        if self._goes_back:
            self._take_back()
        elif (plan := self._plan) is not None:
            work = apply_export(self._client, self.export, self._host, plan.id, ask_password=self._asks)
            self._start(work)

    def _undo(self) -> None:
        """Go back from what was begun or done here; what was done before is shown first."""
        one = self._plan
        if one is not None and (waits(one) or one.stage is ApplyStage.APPLIED):
            self._take_back()
        elif self._way_back is not None:
            self._plan, self._goes_back, self._refused = self._way_back, True, None
            self._show()

    def _take_back(self) -> None:
        self._start(undo_export(self._client, self._host, self.export.target, ask_password=self._asks))

    def _start(self, work: Coroutine[Any, Any, Applying]) -> None:
        """Carry out a command; meanwhile the buttons take no further one."""
        self._acting, self._refused = True, None
        self._show()
        self._client.spawn(self._finish(work))

    async def _finish(self, work: Coroutine[Any, Any, Applying]) -> None:
        """Show what came of it. What fails is said here, where it was asked for."""
        one: Applying | None = None
        refused: Notice | None = None
        try:
            one = await work
        except PanelError as error:
            refused = error.notice
        finally:
            if tasks.exists(self):
                self._acting = False
                self._plan, self._way_back, self._refused = one or self._plan, None, refused
                self._show()

    def _connect(self) -> None:
        client = self._client
        self.go.clicked.connect(self._apply)
        self.undo.clicked.connect(self._undo)
        self.now.clicked.connect(lambda: client.spawn(client.exports.restart_now()))
        self.cancel.clicked.connect(lambda: client.spawn(client.exports.cancel()))
        self.close_button.clicked.connect(self.close)
        self.look.clicked.connect(self._ask_host)
        self.host.returnPressed.connect(self._ask_host)
        self.host.textChanged.connect(lambda: self._let_click(self._plan))

    def _lay_out(self) -> None:
        for one in (self.undo, self.close_button, self.cancel, self.now, self.look, self.go):
            one.setAutoDefault(False)  # Return in the field looks, and must not apply
        content = QWidget()
        content.setObjectName("page")
        self._steps = QVBoxLayout(content)
        self._steps.setContentsMargins(0, 0, SM, 0)
        self._steps.setSpacing(MD)
        self._steps.addWidget(self.proofs)
        self._steps.addStretch(1)
        self._area = area = scrolled(content, self)
        area.setFixedWidth(_STEPS)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # texts alone would not scroll by the keyboard
        area.setAccessibleName(self.tr("Steps"))
        asked = QWidget()
        host = QHBoxLayout(asked)
        host.setContentsMargins(0, 0, 0, 0)
        host.setSpacing(SM)
        host.addWidget(label(self.tr("Machine"), "muted", of=self.host))
        host.addWidget(self.host, 1)
        host.addWidget(self.look)
        asked.setVisible(self.over_ssh)
        middle = QHBoxLayout()
        middle.setSpacing(LG)
        middle.addWidget(self.files, 1)
        middle.addWidget(area)
        buttons = QHBoxLayout()
        buttons.setSpacing(SM)
        buttons.addWidget(self.undo)
        buttons.addStretch(1)
        for one in (self.close_button, self.cancel, self.now, self.go):
            buttons.addWidget(one)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL, LG, XL, LG)
        whole.setSpacing(MD)
        whole.addWidget(asked)
        whole.addWidget(self.told)
        whole.addLayout(middle, 1)
        whole.addWidget(self.state)
        whole.addWidget(self.password)
        whole.addLayout(buttons)


def show_apply(client: EngineClient, theme: Theme, parent: QWidget, export: Export, *, over_ssh: bool) -> ApplyDialog:
    """Show the dialog, one in each window at most, and return it; that of another export makes room."""
    return dialogs.shown_alone(
        parent,
        ApplyDialog,
        lambda window: ApplyDialog(client, theme, window, export, over_ssh=over_ssh),
        lambda one: (one.export, one.over_ssh) == (export, over_ssh),
    )
