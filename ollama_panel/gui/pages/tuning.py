"""The tuning page: what is to be measured, the measurement as it goes on, and what it has found."""

from collections.abc import Callable, Coroutine
from typing import Any, Self

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.provenance import problem_of
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.record import ENDED, TuningPreview, TuningRecord
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.gui import dialogs, preview, results, tasks
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.models.tuning_texts import about, day, goal_text, moment, settings_text, span
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.throttle import Throttle
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.tuning_copy import copy_picture, copy_table, copy_text
from ollama_panel.gui.widgets.earlier_tunings import EarlierTunings
from ollama_panel.gui.widgets.layout import PageFrame, scroll_like
from ollama_panel.gui.widgets.profile_name_dialog import ProfileNameDialog
from ollama_panel.gui.widgets.tuning_buttons import TuningButtons, View
from ollama_panel.gui.widgets.tuning_comparison import TuningComparison
from ollama_panel.gui.widgets.tuning_curve import TuningCurve
from ollama_panel.gui.widgets.tuning_effects import TuningEffects
from ollama_panel.gui.widgets.tuning_form import TuningForm
from ollama_panel.gui.widgets.tuning_preview_card import TuningPreviewCard
from ollama_panel.gui.widgets.tuning_progress import TuningProgress
from ollama_panel.gui.widgets.tuning_traffic import TuningTraffic
from ollama_panel.gui.widgets.tuning_trials_card import TrialsCard
from ollama_panel.gui.widgets.tuning_verdict import TuningVerdict

_TWO_COLUMNS_FROM = 1000
"""Pixels of the page from which on the curve and the tables have room side by side."""
_SHARES = (614, 404)
_ASK_MS = 300
"""How often a form that changes asks what the tuning would do."""
_CURVE_LEAST = 420
"""Pixels: the least height of the curve."""


class TuningPage(PageFrame):
    """Begins, shows and applies tunings. `page_wanted` has the name of another page that the user wants to see."""

    page_wanted = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Tuning"), parent)
        self._client, self._theme = client, theme
        self._shown: TuningRecord | None = None
        self._older: TuningRecord | None = None
        self._newest = ""
        self._ended: tuple[TuningRecord, ...] = ()
        self._asked: tuple[object, ...] | None = None
        self._preview: tuple[TuningTask, TuningPreview] | None = None
        self._found: tuple[tuple[object, ...], bool] | None = None
        self._busy = self._with_trials = False
        self.buttons = TuningButtons(theme)
        self.form, self.preview = TuningForm(), TuningPreviewCard()
        self.progress, self.verdict = TuningProgress(theme), TuningVerdict(theme)
        self.curve, self.trials, self.traffic = TuningCurve(theme), TrialsCard(theme), TuningTraffic(theme)
        self.comparison, self.effects, self.earlier = TuningComparison(theme), TuningEffects(), EarlierTunings()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._asking = Throttle(_ASK_MS, self._ask, self)
        self._lay_out()
        self._connect()

    @property
    def view(self) -> View:
        """What is shown."""
        if self._shown is None:
            return View.BEFORE
        return View.AFTER if self._shown.state in ENDED else View.LIVE

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the tuning under way, else the one that was chosen, else what one would do."""
        tuning = snapshot.tuning
        if tuning is not None and tuning.state not in ENDED:
            self._shown, self._older, self._newest = tuning, None, ""
        elif tuning is not None and tuning.id != self._newest:
            self._shown, self._older, self._newest = tuning, None, tuning.id
            self._client.spawn(self._list())
        elif self._shown is not None and self._shown.state not in ENDED:
            self._shown = None  # it was under way, and the engine has begun anew
        self._show(snapshot)
        if self._asked is None:
            self._client.spawn(self._list())
        self._ask_if_changed(snapshot)

    def ask_for_pool(self, pool: PoolName) -> None:
        """Show what can be measured of a pool, unless a tuning is under way."""
        if self.view is not View.LIVE:
            self._shown = self._older = None
            self.form.show_snapshot(self._client.snapshot)
            self.form.choose_pool(pool)
            self.show_snapshot(self._client.snapshot)

    @override
    def take_over(self, old: Self) -> None:
        self._shown, self._older, self._newest, self._ended = old._shown, old._older, old._newest, old._ended
        self.show_snapshot(self._client.snapshot)
        self.form.take_over(old.form)
        self.earlier.take_over(old.earlier)
        self.trials.take_over(old.trials)
        scroll_like(self.area, old.area)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _TWO_COLUMNS_FROM
        row, column = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(row if wide else column)

    def _show(self, snapshot: Snapshot) -> None:
        view, record = self.view, self._shown
        visible = self._parts(view, record)
        for part in self._all:
            part.setVisible(part in visible)
        applies = False
        if record is None:
            self.form.show_snapshot(snapshot)
        elif view is View.LIVE:
            for part in (self.progress, self.curve, self.trials, self.traffic):
                part.show_record(record)
        else:
            applies = self._show_found(record, snapshot)
        self.earlier.show_records(self._ended, record.id if record is not None else "")
        self.buttons.show_view(view, record, applies=applies and not self._busy)
        self._show_start(snapshot)
        self.set_summary(self._told())

    def _parts(self, view: View, record: TuningRecord | None) -> tuple[QWidget, ...]:
        """Return what a view consists of; without a verdict there are the trials in the place of what was found."""
        if record is None:
            return self.form, self.preview, self.earlier
        if view is View.LIVE:
            return self.progress, self.curve, self.trials, self.traffic
        found: tuple[QWidget, ...] = self.comparison, self.effects
        if self._older is None and (self._with_trials or record.verdict is None):
            found = (self.trials,)
        return self.verdict, self.curve, *found, self.earlier

    def _show_found(self, record: TuningRecord, snapshot: Snapshot) -> bool:
        """Show what a tuning has found, or two of them; return whether the one can be applied.

        That is reckoned anew when something has changed that it depends on: snapshots come several times a second.
        """
        found = record, self._older, preview.inputs(snapshot), snapshot.telemetry is None
        if self._found is not None and found == self._found[0]:
            return self._found[1]
        self.curve.show_record(record, self._older)
        self.trials.show_record(record)
        if self._older is not None:
            heads = day(self._older.provenance.at), day(record.provenance.at)
            if heads[0] == heads[1]:
                heads = moment(self._older.provenance.at), moment(record.provenance.at)
            self.comparison.show_two(self._older, record, heads)
            self.verdict.show_two(self.tr("Two tunings side by side"), self._two(self._older, record))
        else:
            verdict = record.verdict
            heads = (self.tr("before"), self.tr("after"))
            alike = (
                verdict is not None and verdict.present.workers == verdict.best.workers
            )  # else the heads are too long
            if verdict is not None and alike and verdict.present != verdict.best:
                heads = settings_text(verdict.present, verdict.best), settings_text(verdict.best, verdict.present)
            self.comparison.show_tuning(record, heads, _sizes(record, snapshot))
            self.verdict.show_record(record, problem_of(snapshot, record.provenance))
        self._found = found, self.effects.show_record(record, snapshot)
        return self._found[1]

    def _two(self, older: TuningRecord, newer: TuningRecord) -> str:
        told = self.tr("{time}: {what}; best {settings}.")
        return " ".join(
            told.format(
                time=moment(one.provenance.at),
                what=about(one),
                settings=settings_text(one.verdict.best, one.present) if one.verdict is not None else fmt.UNKNOWN,
            )
            for one in (older, newer)
        )

    def _told(self) -> str:
        record = self._shown
        if record is None:
            return self.tr(
                "Finds by measuring which settings suit this machine. Nothing is changed until you apply them."
            )
        if self.view is View.LIVE:
            told = self.tr("Measuring {model} in the pool {pool}. Nothing is changed until you press Apply.")
            return told.format(model=record.task.model, pool=record.task.pool)
        told = self.tr("{what} · ended {time} after %n trial(s) in {span}", "", len(record.outcomes))
        ended = moment(record.ended if record.ended is not None else record.provenance.at)
        return told.format(what=about(record), time=ended, span=span(record.elapsed_s))

    def _ask_if_changed(self, snapshot: Snapshot) -> None:
        """Ask anew what a tuning would do, if what that depends on has changed."""
        key = snapshot.settings, snapshot.models, snapshot.starting, snapshot.fatal, self.view
        if key != self._asked:
            self._asked = key
            self._asking.ask()

    def _ask(self) -> None:
        snapshot = self._client.snapshot
        if self.view is View.BEFORE and not snapshot.starting and snapshot.fatal is None:
            self._client.spawn(self._preview_of(self.form.task))

    async def _preview_of(self, task: TuningTask | None) -> None:
        if task is not None:
            try:
                found = await self._client.tuning_preview(task)
            except PanelError as error:
                found = TuningPreview(problem=error.notice)
            if not tasks.exists(self) or task != self.form.task:
                return
            self._preview = task, found
            self.form.show_own_requests(found.own_requests)
        self.preview.show_preview(task, self._preview[1] if self._preview is not None else None)
        self._show_start(self._client.snapshot)

    def _show_start(self, snapshot: Snapshot) -> None:
        known = self._preview is not None and self._preview[0] == self.form.task
        possible = known and self._preview is not None and self._preview[1].problem is None
        ready = not (snapshot.starting or snapshot.fatal or self._busy)
        self.buttons.start.setEnabled(possible and ready)
        self.buttons.last.setEnabled(bool(self._ended))

    async def _list(self) -> None:
        ended = await self._client.tunings()
        if tasks.exists(self):
            self._ended = ended
            self._show(self._client.snapshot)

    def _start(self) -> None:
        task = self.form.task
        if task is not None:
            self._run(self._begin(task))

    async def _begin(self, task: TuningTask) -> None:
        await self._client.tune(task)

    async def _ask_to_cancel(self) -> None:
        text = self.tr("Cancel the tuning?")
        detail = self.tr(
            "Your settings are in force as before. What was measured stays in the list of earlier tunings."
        )
        choices = self.tr("Cancel the tuning"), self.tr("Go on measuring")
        if await dialogs.choose(self, text, detail, choices, loses=(0,)) == 0:
            await self._client.cancel_tuning()

    async def _save(self, record: TuningRecord) -> None:
        taken = [profile.name for profile in self._client.snapshot.profiles]
        dialog = ProfileNameDialog(_profile_name(record), taken, self)
        if await dialogs.ask(dialog):
            name, told = dialog.name, self.tr("Saved as profile {name}")
            await self._client.save_profile(name, record.id)
            self._client.announce(Toast(told.format(name=name)))

    def _choose(self, record: TuningRecord) -> None:
        self._shown, self._older = record, None
        self._show(self._client.snapshot)

    def _compare(self, older: TuningRecord, newer: TuningRecord) -> None:
        self._shown, self._older = newer, older
        self._show(self._client.snapshot)

    def _show_trials(self, shown: bool) -> None:
        self._with_trials = shown
        self._show(self._client.snapshot)
        (self.trials.back if shown else self.comparison.trials).setFocus()

    def _ask_for_another(self) -> None:
        if self._shown is not None:
            self.form.show_snapshot(self._client.snapshot)
            self.form.ask_for(self._shown.task)
        self._shown = self._older = None
        self.show_snapshot(self._client.snapshot)

    def _show_last(self) -> None:
        if self._ended:
            self._choose(self._ended[0])

    def _run(self, command: Coroutine[Any, Any, Any]) -> None:
        """Run a command that changes the tuning or the settings; no other meanwhile."""
        self._busy = True
        self._show(self._client.snapshot)
        self._client.spawn(self._finish(command))

    async def _finish(self, command: Coroutine[Any, Any, Any]) -> None:
        try:
            await command
        finally:
            if tasks.exists(self):
                self._busy = False
                self.show_snapshot(self._client.snapshot)

    def _with_shown(self, do: Callable[[EngineClient, TuningRecord], Any]) -> None:
        if self._shown is not None:
            do(self._client, self._shown)

    def _connect(self) -> None:
        client, buttons = self._client, self.buttons
        buttons.last.clicked.connect(self._show_last)
        buttons.start.clicked.connect(self._start)
        buttons.pause.clicked.connect(lambda: client.spawn(client.pause_tuning()))
        buttons.resume.clicked.connect(lambda: client.spawn(client.resume_tuning()))
        buttons.cancel.clicked.connect(lambda: client.spawn(self._ask_to_cancel()))
        buttons.new.clicked.connect(self._ask_for_another)
        buttons.export.clicked.connect(lambda: self.page_wanted.emit("export"))
        buttons.save.clicked.connect(lambda: self._with_shown(lambda _, shown: client.spawn(self._save(shown))))
        buttons.apply.clicked.connect(lambda: self._with_shown(self._apply))
        buttons.as_text.triggered.connect(lambda: self._with_shown(copy_text))
        buttons.as_table.triggered.connect(lambda: self._with_shown(copy_table))
        buttons.as_picture.triggered.connect(lambda: copy_picture(client, self.curve))
        self.form.changed.connect(self._form_changed)
        self.earlier.chosen.connect(self._choose)
        self.earlier.compared.connect(self._compare)
        self.comparison.trials.clicked.connect(lambda: self._show_trials(True))
        self.trials.back.clicked.connect(lambda: self._show_trials(False))

    def _apply(self, client: EngineClient, record: TuningRecord) -> None:
        self._run(results.apply_tuning(client, record.id))

    def _form_changed(self) -> None:
        self._show_start(self._client.snapshot)
        self._asking.ask()

    def _lay_out(self) -> None:
        self.controls.addWidget(self.buttons)
        for strip in (self.progress, self.verdict):
            self.body.addWidget(strip)
        left, right = QVBoxLayout(), QVBoxLayout()
        self.curve.setMinimumHeight(_CURVE_LEAST)
        for main in (self.form, self.curve):
            left.addWidget(main, 1)
        sides = self.preview, self.trials, self.traffic, self.comparison, self.effects, self.earlier
        self._all: tuple[QWidget, ...] = (self.progress, self.verdict, self.form, self.curve, *sides)
        growing: tuple[QWidget, ...] = self.preview, self.trials, self.earlier
        for part in sides:
            right.addWidget(part, int(part in growing))
        self._columns.setSpacing(LG - 2)
        for column, share in zip((left, right), _SHARES, strict=True):
            place = QWidget()
            place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(LG - 2)
            place.setLayout(column)
            self._columns.addWidget(place, share)
        self.body.addLayout(self._columns, 1)


def _sizes(record: TuningRecord, snapshot: Snapshot) -> tuple[int | None, int | None]:
    """Return what the model takes with the settings of before and with the best: a trial has more slots loaded."""
    if record.verdict is None:
        return None, None
    pools = record.settings, record.verdict.best.applied(record.settings)
    before, after = (preview.model_size(snapshot, pool, record.task.model) for pool in pools)
    return before, after


def _profile_name(record: TuningRecord) -> str:
    """Return the name that is proposed for a profile: the model and the goal."""
    return f"{record.task.model} {goal_text(record.task.goal)}"
