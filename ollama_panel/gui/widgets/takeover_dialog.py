"""The guide of a take-over: what it means, every step with its commands and whether it holds, and the way back."""

from collections.abc import Sequence
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import StepBy, StepState, Takeover, TakeoverStage, TakeoverStep, of_takeover
from ollama_panel.gui import dialogs, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG, MD, SM, XL
from ollama_panel.gui.widgets.card import button, label, set_tone
from ollama_panel.gui.widgets.layout import scrolled
from ollama_panel.gui.widgets.takeover_step import StepRow, fit_rows

_SIZE = (680, 640)


class TakeoverDialog(QDialog):
    """Does not block the window: commands are copied from it, and the pages show what changes meanwhile.

    `server` is the id of the server whose address is taken over, "" = the one at Ollama's own port.
    """

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget, server: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("takeover")
        self.setWindowTitle(self.tr("Take over Ollama\u2019s address"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._client, self._theme, self.server = client, theme, server
        self._copy = partial(results.copy, client)
        self._plan: Takeover | None = None
        self._address = ""
        self._acting = False
        self.rows: list[StepRow] = []
        self.told, self.warned, self.state = (label("", wrap=True) for _ in range(3))
        for one in (self.told, self.warned):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_tone(self.warned, "warn")
        self.undo = button(self.tr("Undo"), self.tr("Lets Ollama listen at its address again, exactly as before"))
        self.close_button = button(self.tr("Close"), self.tr("What is under way goes on"))
        self.go = button(self.tr("Take over"), primary=True)
        self.undo.clicked.connect(partial(self._start, back=True))
        self.go.clicked.connect(partial(self._start, back=False))
        self.close_button.clicked.connect(self.close)
        self._lay_out()
        client.snapshot_changed.connect(self.show_snapshot)
        self.show_snapshot(client.snapshot)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._client.spawn(self._ask())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how far it is, or the plan where nothing was begun."""
        one = snapshot.takeover or self._plan
        if one is not None:
            self._show(one)
        lost = snapshot.takeover is not None and snapshot.second_proxy.problem is not None
        self._let_click(one, lost=lost)

    def _show(self, one: Takeover) -> None:
        self._show_told(one.told)
        planned = one.stage is TakeoverStage.PLANNED
        self.state.setText(self.tr("Nothing was done yet.") if planned else notice_text(of_takeover(one)))
        self._set_tone(one)
        self._show_steps(one.steps)

    def _show_told(self, told: Sequence[Notice]) -> None:
        """Show what it means, and below what somebody may not want."""
        for shown, warns in ((self.told, False), (self.warned, True)):
            lines = [notice_text(one) for one in told if (one.level is Level.INFO) != warns]
            shown.setText("\n".join(lines))
            shown.setVisible(bool(lines))

    def _show_steps(self, steps: Sequence[TakeoverStep]) -> None:
        below = self._steps.indexOf(self.warned) + 1
        fit_rows(self.rows, self._steps, len(steps), self._theme, self._copy, first=below)
        for row, step in zip(self.rows, steps, strict=True):
            row.show_step(step)

    def _set_tone(self, one: Takeover) -> None:
        waits = one.interrupted or any(step.state is StepState.WAITING for step in one.steps)
        done = "ok" if one.stage is TakeoverStage.TAKEN else "muted"
        set_tone(self.state, "danger" if one.problem is not None else "warn" if waits else done)

    def _let_click(self, one: Takeover | None, *, lost: bool) -> None:
        """Name the buttons by what they do now, and enable those that mean something."""
        stage = one.stage if one is not None else None
        self.go.setText(self._go_text(one, lost=lost))
        asks = one is not None and one.asks_password
        self.go.setToolTip(
            self.tr("Does the steps of the panel; the system asks for your password for those of an administrator")
            if asks
            else self.tr("Does the steps of the panel; the others wait until you have typed their commands")
        )
        waits = one is not None and any(step.state is StepState.WAITING for step in one.steps)
        can_go = stage is not None and (stage is not TakeoverStage.TAKEN or lost)
        if waits and one is not None and stage is TakeoverStage.MOVING:
            can_go = asks and any(step.by is StepBy.ROOT for step in one.steps if step.state is StepState.WAITING)
        self.go.setEnabled(can_go and not self._acting)
        self.undo.setEnabled(stage not in (None, TakeoverStage.PLANNED) and not self._acting)

    def _go_text(self, one: Takeover | None, *, lost: bool) -> str:
        if one is None or one.stage is TakeoverStage.PLANNED:
            return self.tr("Take over")
        if one.stage is TakeoverStage.RETURNING:
            return self.tr("Take over again")
        if one.interrupted:
            return self.tr("Finish it")
        if one.problem is not None or lost:
            return self.tr("Try again")
        return self.tr("Take over")

    async def _ask(self) -> None:
        """Ask for the plan, if nothing was begun; why it is not possible is said in the dialog."""
        if self._client.snapshot.takeover is not None:
            return
        try:
            answer = await self._client.take_over(self._name, dry_run=True)
        except PanelError as error:
            if tasks.exists(self) and self._client.snapshot.takeover is None:
                self._refuse(error.notice)
            return
        if tasks.exists(self):
            self._plan = answer.takeover
            self._address = answer.takeover.address if self.server and answer.takeover is not None else ""
            self.show_snapshot(self._client.snapshot)

    def _refuse(self, why: Notice) -> None:
        """Show why there is no plan, and nothing of one before."""
        self._plan = None
        self._show_told((msgspec.structs.replace(why, level=Level.WARNING),))
        self._show_steps(())
        self.state.setText(self.tr("Nothing was done yet."))
        set_tone(self.state, "muted")
        self._let_click(None, lost=False)

    @property
    def _name(self) -> str:
        """The server as the engine knows it: by its address once that is known, for its id changes with each start."""
        return self._address or self.server

    def _start(self, *, back: bool) -> None:
        """Begin one of the two directions; meanwhile the buttons take no further click."""
        self._acting = True
        self.show_snapshot(self._client.snapshot)
        self._client.spawn(self._carry_out(back=back))

    async def _carry_out(self, *, back: bool) -> None:
        try:
            if back:
                await results.undo_take_over(self._client)
            else:
                await results.take_over(self._client, self._name)
        finally:
            if tasks.exists(self):
                self._acting = False
                self.show_snapshot(self._client.snapshot)
                await self._ask()

    def _lay_out(self) -> None:
        content = QWidget()
        self._steps = QVBoxLayout(content)
        self._steps.setContentsMargins(0, 0, SM, 0)
        self._steps.setSpacing(MD)
        self._steps.addWidget(self.told)
        self._steps.addWidget(self.warned)
        self._steps.addStretch(1)
        area = scrolled(content, self)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # texts alone would not scroll by the keyboard
        buttons = QHBoxLayout()
        buttons.setSpacing(SM)
        buttons.addWidget(self.undo)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL, LG, XL, LG)
        whole.setSpacing(MD)
        whole.addWidget(area, 1)
        whole.addWidget(self.state)
        whole.addLayout(buttons)


def show_takeover(client: EngineClient, theme: Theme, parent: QWidget, server: str = "") -> TakeoverDialog:
    """Show the guide, one in each window at most, and return it; that of another server makes room."""
    return dialogs.shown_alone(
        parent,
        TakeoverDialog,
        lambda window: TakeoverDialog(client, theme, window, server),
        lambda one: one.server == server,
    )
