"""The first run: its steps, and the buttons that lead from one to the next. Nothing is done before Start."""

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.errors import PanelError
from ollama_panel.core.first_run.advised import Kind
from ollama_panel.core.first_run.found import is_looking, without_ollama
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import TakeoverStage
from ollama_panel.gui import results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.first_run.connect_step import ConnectStep
from ollama_panel.gui.first_run.draft import Draft
from ollama_panel.gui.first_run.effects_step import EffectsStep
from ollama_panel.gui.first_run.found_step import FoundStep
from ollama_panel.gui.first_run.step_list import StepList
from ollama_panel.gui.first_run.trial_step import TrialStep
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import EXPANDED_FROM, MD, SM, XL
from ollama_panel.gui.widgets.card import button
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.layout import PageFrame

_FOOTER = 70
FOUND, EFFECTS, CONNECT, TEST = range(4)


class FirstRun(QWidget):
    """Four steps; `ended` has the name of the page that the user is to see then."""

    ended = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.draft = Draft()
        self.place = FOUND
        self._stops: list[QWidget] = []
        self.busy = self.started = False
        self.found = FoundStep(client, theme, self.draft)
        self.effects = EffectsStep(client, theme, self.draft)
        self.connect_step = ConnectStep(client, theme)
        self.trial = TrialStep(client, theme)
        self.steps: tuple[PageFrame, ...] = (self.found, self.effects, self.connect_step, self.trial)
        names = (
            self.tr("Found and advised"),
            self.tr("What will happen"),
            self.tr("Connect programs"),
            self.tr("Test"),
        )
        self.list = StepList(theme, names)
        self._stack = QStackedWidget()
        for step in self.steps:
            self._stack.addWidget(step)
        self._build_footer()
        self._lay_out()
        self.list.chosen.connect(self.show_step)
        self.found.plan_wanted.connect(lambda: self.show_step(EFFECTS))
        self.connect_step.page_wanted.connect(self.ended)
        self.trial.card.changed.connect(lambda: self._show_buttons(client.snapshot))
        self.show_step(FOUND)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the engine's state on the current step."""
        self.steps[self.place].show_snapshot(snapshot)
        self._show_buttons(snapshot)
        self._order_tabs()

    def show_step(self, place: int) -> None:
        """Show a step."""
        self.place = place
        self.list.select(place)
        self._stack.setCurrentIndex(place)
        self.show_snapshot(self._client.snapshot)
        if place == EFFECTS and not (self.busy or self.started):
            self._client.spawn(self._plan())

    def take_over(self, old: "FirstRun") -> None:
        """Go on where the user is on a first run that this one replaces in another language."""
        self.draft.go_on(old.draft)
        self.started = old.started
        self.effects.take_over(old.effects)
        self.connect_step.take_over(old.connect_step)
        self.trial.take_over(old.trial)
        for mine, theirs in zip(self.list.buttons, old.list.buttons, strict=True):
            mine.set_done(theirs.done)
        self.show_step(old.place)

    def _order_tabs(self) -> None:
        """Let Tab go through the rows before the buttons below; Qt takes the order in which they were made."""
        rows = (self.found.advised.stops, self.effects.stops, [], [])[self.place]
        stops = [*rows, self.look_around, self.back, self.skip, self.next]
        if stops == self._stops:
            return
        self._stops = stops
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.list.set_compact(event.size().width() < EXPANDED_FROM)
        super().resizeEvent(event)

    def _build_footer(self) -> None:
        self.hint = ElidedLabel("", "muted")
        self.look_around = button(
            self.tr("Only look around (simulated)"),
            self.tr("Shows the panel with a simulated Ollama; the one of this machine is left alone"),
        )
        self.look_around.setProperty("plain", True)
        self.back = button(self.tr("Back"), self.tr("Shows the step before"))
        self.skip = button(self.tr("Skip"), self.tr("Leaves the first steps; they come back from the menu"))
        self.next = button("", primary=True)
        self.look_around.clicked.connect(self._look_around)
        self.back.clicked.connect(lambda: self.show_step(max(FOUND, self.place - 1)))
        self.skip.clicked.connect(lambda: self.ended.emit("overview"))
        self.next.clicked.connect(self._go_on)

    def _lay_out(self) -> None:
        self.bar = footer = QFrame()
        footer.setObjectName("footer")
        footer.setFixedHeight(_FOOTER)
        row = QHBoxLayout(footer)
        row.setContentsMargins(XL, 0, XL, 0)
        row.setSpacing(MD)
        row.addWidget(self.hint, 1)
        row.addWidget(self.look_around)
        row.addSpacing(SM)
        for one in (self.back, self.skip, self.next):
            row.addWidget(one)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(footer)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.list)
        whole.addLayout(column, 1)

    def _show_buttons(self, snapshot: Snapshot) -> None:
        missing = without_ollama(snapshot)
        text, hint = (
            (
                self.tr("Next: what will happen"),
                self.tr("The next step shows every file and command. Undo stays possible."),
            ),
            (self.tr("Next: connect") if self.started else self.tr("Start"), self._hint_of_start()),
            (self.tr("Next: test"), self._hint_of_connect(snapshot)),
            (self._text_of_test(), self.tr("The Overview shows what happens from now on.")),
        )[self.place]
        self.next.setText(text)
        self.hint.show_text(hint)
        self.next.setEnabled(not self.busy and not (self.place <= EFFECTS and (missing or is_looking(snapshot))))
        self.back.setEnabled(self.place > FOUND and not self.busy)
        self.look_around.setEnabled(not self.busy and not snapshot.demo_asked)

    @property
    def _test_is_next(self) -> bool:
        """Whether the test is what the button does, and not the end: until one has got its answer, if one can."""
        card = self.trial.card
        return self.place == TEST and (card.running or (card.ready and not self.trial.answered))

    def _text_of_test(self) -> str:
        if not self._test_is_next:
            return self.tr("Finish")
        return self.tr("Cancel the test") if self.trial.card.running else self.tr("Send a test")

    def _hint_of_connect(self, snapshot: Snapshot) -> str:
        if snapshot.takeover is not None and snapshot.takeover.stage is TakeoverStage.TAKEN:
            return self.tr("New programs can take this address or Ollama's own.")
        return self.tr("Each program needs this address once.")

    def _hint_of_start(self) -> str:
        if self.busy:
            return self.tr("Starting…")
        return self.tr("It is done.") if self.started else self.tr("You can undo it afterwards.")

    def _go_on(self) -> None:
        if self._test_is_next and self.trial.card.running:
            self.trial.card.cancel()
        elif self._test_is_next:
            self.trial.card.send()
        elif self.place == TEST:
            self._done(TEST)
            self.ended.emit("overview")
        elif self.place == EFFECTS and not self.started:
            self._client.spawn(self._start())
        else:
            self._done(self.place)
            self.show_step(self.place + 1)

    def _done(self, place: int) -> None:
        self.list.buttons[place].set_done(True)

    def _look_around(self) -> None:
        if not self._client.snapshot.demo:
            self._client.spawn(self._client.simulate())
        self.ended.emit("overview")

    def _takes_over(self) -> bool:
        """Return whether the user wants the panel to answer at Ollama's own address."""
        snapshot = self._client.snapshot
        ticked = self.draft.ticked(snapshot)
        return any(one.kind is Kind.TAKE_OVER and one.id in ticked for one in self.draft.advised(snapshot).items)

    async def _plan(self) -> None:
        """Ask how Ollama's address would be taken over, if that is ticked; nothing is done."""
        self.effects.tell("")
        if not self._takes_over():
            self.effects.plan(None)
            return
        try:
            answer = await self._client.take_over(dry_run=True)
        except PanelError as error:
            if tasks.exists(self):
                self.effects.tell(notice_text(error.notice), "danger")
            return
        if tasks.exists(self):
            self.effects.plan(answer.takeover)

    async def _start(self) -> None:
        """Do what the step has shown, then go on to the programs; what fails is said in the step."""
        before, wanted = self._client.snapshot.settings, self.draft.wanted(self._client.snapshot)
        takes_over = self._takes_over()
        self._set_busy(True)
        self.effects.tell(self.tr("Starting: the workers come one after the other."))
        try:
            if wanted != before:
                await results.apply(self._client, wanted)
            if takes_over:
                await results.take_over(self._client)
        except PanelError as error:
            if tasks.exists(self):
                self.effects.tell(notice_text(error.notice), "danger")
                self._set_busy(False)
            return
        if not tasks.exists(self):
            return
        self.started = True
        self._set_busy(False, keep=True)
        self.effects.tell(self.tr("Done."), "ok")
        self._done(FOUND)
        self._done(EFFECTS)
        waits = self._client.snapshot.takeover is not None and bool(self._client.snapshot.takeover.todo)
        if waits:
            self.effects.tell(self.tr("Type this in a terminal; the panel sees when it is done."), "warn")
            self.effects.show_snapshot(self._client.snapshot)
        elif self.place == EFFECTS:
            self.show_step(CONNECT)
            self.next.setFocus()  # which the button has lost while it was disabled

    def _set_busy(self, on: bool, *, keep: bool = False) -> None:
        self.busy = on
        self.effects.keep(on or keep)
        self._show_buttons(self._client.snapshot)
