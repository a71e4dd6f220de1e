"""The card of a pool: sliders for its settings, what they need and would give, and Apply with its plan."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.core.provenance import problem_of_profile
from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import InstanceRecord, PoolRecord, Snapshot
from ollama_panel.core.tuning.profiles import in_force
from ollama_panel.gui import dialogs, preview, resources, results, setting_texts
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.pool_draft import PoolDraft
from ollama_panel.gui.profile_menu import ProfileMenu
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.tokens import SM, XS
from ollama_panel.gui.widgets.card import Card, button, flat_button, label, needed_height, set_tone
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.fit_bar import FitBar
from ollama_panel.gui.widgets.limit_line import LimitLine
from ollama_panel.gui.widgets.memory_question import fits_or_is_wanted
from ollama_panel.gui.widgets.plan_text import PlanText
from ollama_panel.gui.widgets.prediction import PredictionPart
from ollama_panel.gui.widgets.setting_slider import SettingSlider

_SPARE = 60
"""The pixels that a card may grow beyond what its content needs on a tall page."""

_FORECAST_MS = 100
"""How long forecast and plan may stay behind a slider: they take as long as ten of its steps."""

_PLAN_LINES = 3
"""The lines of the plan that show at once, beside the buttons."""

_PARALLEL = (*range(1, 17), 20, 24, 32, 48, 64)
_WORKERS = tuple(range(9))
_CONTEXT = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)


class PoolCard(Card):
    """One pool. The sliders edit a draft; Apply puts it in force, and Revert discards it.

    `measure_wanted` has the name of the pool whose best settings the user wants to be measured.
    """

    measure_wanted = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, pool: PoolSettings, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("{name} pool").format(name=pool.name), parent)
        self._client = client
        self._name: PoolName = pool.name
        self.pool_draft = PoolDraft(pool)
        self.pool_draft.changed.connect(self._show_draft)
        self._progress_of: Notice | None = None
        self._snapshot: Snapshot | None = None
        self._forecast_later = QTimer(self, interval=_FORECAST_MS, singleShot=True)
        self._forecast_later.timeout.connect(self._show_forecast)
        self.body.setSpacing(3)
        self._load = ElidedLabel("", "caption")
        self._load.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.heading.addWidget(self._load, 1)
        self._more = flat_button(
            self.tr("More settings of {name}").format(name=pool.name),
            self.tr("Role, models, pinned models, SLO and environment of this pool; Apply puts them in force"),
        )
        self._more.clicked.connect(lambda: client.spawn(self._edit_more()))
        self._profiles = flat_button(
            self.tr("Profiles of {name}").format(name=pool.name),
            self.tr("Complete settings that are kept by name, to be applied and saved"),
        )
        self.profile_menu = ProfileMenu(client, self.tr("Profile"), pool.name, self)
        self.profile_menu.all_wanted.connect(self._show_profiles)
        self._profiles.clicked.connect(self._open_profiles)
        self.heading.addWidget(self._profiles)
        self.heading.addWidget(self._more)
        self._theme = theme
        theme.changed.connect(self._restyle)
        self._restyle()
        self._build_sliders()
        self._build_fit(theme)
        self.prediction = PredictionPart(pool.name)
        self.prediction.measure.connect(lambda: self.measure_wanted.emit(self._name))
        self.body.addWidget(self.prediction)
        self._build_buttons()
        self._show_draft()

    @override
    def event(self, event: QEvent) -> bool:
        changes_height = event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize)
        handled = super().event(event)
        if changes_height:
            needed = needed_height(self.body, self.width())
            self.setMinimumHeight(needed)
            self.setMaximumHeight(needed + _SPARE)
        return handled

    def take_over(self, old: "PoolCard") -> None:
        """Go on with the draft of a card that this one replaces in another language, and with its Apply."""
        self.pool_draft.changed.disconnect(self._show_draft)
        self.pool_draft = old.pool_draft
        self.pool_draft.changed.connect(self._show_draft)
        self._show_draft()

    @property
    def draft(self) -> PoolSettings:
        """The settings that the sliders show now."""
        return self.pool_draft.wanted

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the state of the pool; keep a draft that the user has begun."""
        record = next(
            (pool for pool in snapshot.pools if pool.name == self._name),
            PoolRecord(self._name, self.pool_draft.base.role),
        )
        base = preview.pool_of(snapshot.settings, self._name)
        relevant = self._relevant(snapshot) or self._progress_of != record.progress
        self._snapshot = snapshot
        self._progress_of = record.progress
        if not snapshot.starting:
            self._show_load(record, [one for one in snapshot.instances if one.pool == self._name])
        if base is not None and base is not self.pool_draft.base:
            self.pool_draft.rebase(base)
        elif relevant:
            self._show_draft()

    def _relevant(self, snapshot: Snapshot) -> bool:
        """Return whether the forecast or the plan may differ from that of the last snapshot."""
        old = self._snapshot
        return old is None or preview.inputs(old) != preview.inputs(snapshot)

    def _build_sliders(self) -> None:
        self._parallel = self._slider("parallel", _PARALLEL)
        self._workers = self._slider("workers", _WORKERS)
        self._context = self._slider("context_length", _CONTEXT, step=1024)
        for slider in (self._parallel, self._workers, self._context):
            slider.changed.connect(self._edited)
            self.body.addWidget(slider)

    def _slider(self, field: str, stops: Sequence[int], step: int = 1) -> SettingSlider:
        key = f"pools.{self._name}.{field}"
        name = self.tr("{setting} of pool {pool}").format(setting=setting_texts.title(key), pool=self._name)
        return SettingSlider(key, name, stops, step)

    def _build_fit(self, theme: Theme) -> None:
        row = QHBoxLayout()
        self._verdict, self._source = label("", "value"), ElidedLabel("", "caption")
        row.addWidget(label(self.tr("Memory fit"), of=self._verdict))
        row.addWidget(self._source, 1)
        row.addWidget(self._verdict)
        self._fit = FitBar(theme)
        self._fit.setAccessibleName(self.tr("Memory fit of pool {pool}").format(pool=self._name))
        self.body.addSpacing(XS)
        self.body.addLayout(row)
        self.body.addWidget(self._fit)
        self._limit = LimitLine()
        self.body.addWidget(self._limit)

    def _build_buttons(self) -> None:
        self.revert = button(self.tr("Revert"), self.tr("Resets the sliders to the settings in force"), small=True)
        self.apply = button(self.tr("Apply"), "", primary=True, small=True)
        self.revert.setAccessibleName(self.tr("Revert for pool {pool}").format(pool=self._name))
        self.apply.setAccessibleName(self.tr("Apply for pool {pool}").format(pool=self._name))
        self.revert.clicked.connect(self._revert)
        self.apply.clicked.connect(self._start_applying)
        row = QHBoxLayout()
        row.setSpacing(SM)
        self._plan = PlanText(self.tr("Effects of Apply for pool {pool}").format(pool=self._name), _PLAN_LINES)
        row.addWidget(self._plan, 1)
        row.addWidget(self.revert)
        row.addWidget(self.apply)
        self.body.addStretch()
        self.body.addLayout(row)

    @Slot()
    def _edited(self) -> None:
        wanted = msgspec.structs.replace(
            self.draft,
            parallel=self._parallel.value(),
            workers=self._workers.value(),
            context_length=self._context.value(),
        )
        if not self._forecast_later.isActive():
            self._forecast_later.start()
        self.pool_draft.edit(wanted)

    @Slot()
    def _revert(self) -> None:
        """Show what is in force; what the user had begun comes back by Undo, also on a card that replaces this one."""
        draft, begun = self.pool_draft, self.draft

        async def bring_back() -> None:
            draft.edit(begun)

        draft.revert()
        text = self.tr("Pool {pool} shows what is in force again").format(pool=self._name)
        self._client.announce(Toast(text, undo=bring_back))

    @Slot()
    def _start_applying(self) -> None:
        self._client.spawn(self._apply())

    async def _apply(self) -> None:
        draft = self.pool_draft
        if await fits_or_is_wanted(self, self._client.snapshot, draft.wanted):
            await draft.apply(self._client)

    async def _edit_more(self) -> None:
        from ollama_panel.gui.widgets.pool_dialog import REMOVE, PoolDialog

        snapshot, before = self._client.snapshot, self.draft
        names = tuple(facts.name for facts in snapshot.models)
        dialog = PoolDialog(
            snapshot.settings,
            before,
            names,
            new=False,
            parent=self,
            version=snapshot.ollama_version,
            inherited=snapshot.inherited,
        )
        answer = await dialogs.ask(dialog)
        if answer == REMOVE:
            await self._remove()
        elif answer:
            self.pool_draft.edit(merged(before, dialog.pool(), self.draft))

    async def _remove(self) -> None:
        text = self.tr("Remove the pool {name}?").format(name=self._name)
        detail = self.tr("Its instances stop when their requests have ended. Its settings are forgotten.")
        if queued := sum(pool.queued for pool in self._client.snapshot.pools if pool.name == self._name):
            detail += " " + self.tr("%n waiting request(s) will be refused if no other pool serves them.", "", queued)
        choices = (self.tr("Remove pool"), self.tr("Keep it"))
        if await dialogs.choose(self, text, detail, choices, loses=(0,)) == 0:
            settings = self._client.snapshot.settings
            pools = tuple(pool for pool in settings.pools if pool.name != self._name)
            await results.apply(self._client, msgspec.structs.replace(settings, pools=pools))

    def _restyle(self) -> None:
        muted = self._theme.tokens.muted
        self._profiles.setIcon(resources.icon("layers", muted, size=16))
        self._more.setIcon(resources.icon("gear", muted, size=16))

    @Slot()
    def _show_profiles(self) -> None:
        from ollama_panel.gui.widgets.profiles_dialog import show_profiles

        show_profiles(self._client, self, self._name)

    @Slot()
    def _open_profiles(self) -> None:
        self.profile_menu.popup(self._profiles.mapToGlobal(QPoint(0, self._profiles.height() + XS)))

    def _wanted(self) -> Settings:
        return preview.with_pool(self._client.snapshot.settings, self.draft)

    def _show_load(self, record: PoolRecord, members: Sequence[InstanceRecord]) -> None:
        busy, slots = fmt.busy(members)
        text = self.tr("{busy} of {slots} slots busy").format(busy=busy, slots=slots)
        if record.queued:
            text = self.tr("%n waiting", "", record.queued) + " · " + text
        self._load.show_text(text)
        self._limit.show_pool(record.slo, members)

    @Slot()
    def _show_draft(self) -> None:
        for slider, field in (
            (self._parallel, "parallel"),
            (self._workers, "workers"),
            (self._context, "context_length"),
        ):
            slider.set_value(getattr(self.draft, field))
            slider.mark_changed(getattr(self.draft, field) != getattr(self.pool_draft.base, field))
        dirty, busy = self.pool_draft.dirty, self.pool_draft.applying
        alive = self._snapshot is not None and not self._snapshot.fatal
        self.revert.setEnabled(dirty and not busy)
        self.apply.setEnabled(dirty and not busy and alive)
        if not self._forecast_later.isActive():
            self._show_forecast()

    @Slot()
    def _show_forecast(self) -> None:
        """Show whether the draft fits and what Apply does: while a slider moves, after it, and not at every step."""
        if self._snapshot is not None:
            self._show_fit(self._snapshot)
            self.prediction.show_prediction(preview.prediction(self._snapshot, self.draft))
            self._show_plan(self._snapshot)

    def _show_fit(self, snapshot: Snapshot) -> None:
        fit = preview.fit(snapshot, self.draft)
        self._fit.show_parts(fit.parts, fit.total)
        self._verdict.setText(fit.verdict)
        set_tone(self._verdict, fit.tone)
        self._verdict.setToolTip(fit.why)
        self._source.show_text(fit.source)
        self._fit.setToolTip(fit.why)

    def _profile_text(self, snapshot: Snapshot) -> str:
        """Return which profile is in force, "" if none is, and what of it does not hold any more."""
        found = next((one for one in snapshot.profiles if in_force(one, self.pool_draft.base)), None)
        if found is None:
            return ""
        text = self.tr("· profile “{profile}” is in force.").format(profile=found.name)
        return " ".join(filter(None, (text, notice_text(problem_of_profile(snapshot, found)))))

    def _show_plan(self, snapshot: Snapshot) -> None:
        record = next((pool for pool in snapshot.pools if pool.name == self._name), None)
        text = notice_text(record.progress) if record is not None else ""
        if not text and self.pool_draft.applying:
            text = self.tr("Applying…")
        if not text and self.pool_draft.dirty:
            text = preview.plan_text(snapshot, self._wanted())
        text = text or " ".join(filter(None, (self.tr("Nothing to apply"), self._profile_text(snapshot))))
        self._plan.show_text(text)
        self.apply.setToolTip(text)
        self.apply.setAccessibleDescription(self.apply.toolTip())
