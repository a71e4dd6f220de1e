"""The card of a pool: sliders for its settings, the memory fit, and Apply with the plan of its restarts."""

import msgspec
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import PoolRecord, Snapshot
from ollama_panel.gui import dialogs, preview, resources
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import SM, XS
from ollama_panel.gui.widgets.card import Card, button, flat_button, label, needed_height, set_tone
from ollama_panel.gui.widgets.fit_bar import FitBar
from ollama_panel.gui.widgets.pool_dialog import REMOVE, PoolDialog
from ollama_panel.gui.widgets.setting_slider import SettingSlider

_SPARE = 60
"""The pixels that a card may grow beyond what its content needs on a tall page."""

_PARALLEL = (*range(1, 17), 20, 24, 32, 48, 64)
_WORKERS = tuple(range(9))
_CONTEXT = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)


class PoolCard(Card):
    """One pool. The sliders edit a draft; Apply puts it in force, and Revert discards it."""

    def __init__(self, client: EngineClient, theme: Theme, pool: PoolSettings, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("{name} pool").format(name=pool.name), parent)
        self._client = client
        self._name: PoolName = pool.name
        self._base = pool
        self._draft = pool
        self._applying = False
        self._progress_of: Notice | None = None
        self._snapshot: Snapshot | None = None
        self.body.setSpacing(SM - 2)
        self._load = label("", "caption")
        self.heading.addWidget(self._load)
        self._more = flat_button(
            self.tr("More settings of {name}").format(name=pool.name),
            self.tr("Role, models and environment of this pool; Apply puts them in force"),
        )
        self._more.clicked.connect(lambda: client.spawn(self._edit_more()))
        self.heading.addWidget(self._more)
        self._theme = theme
        theme.changed.connect(self._restyle)
        self._restyle()
        self._build_sliders()
        self._build_fit(theme)
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

    @property
    def draft(self) -> PoolSettings:
        """The settings that the sliders show now."""
        return self._draft

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the state of the pool; keep a draft that the user has begun."""
        record = next(
            (pool for pool in snapshot.pools if pool.name == self._name), PoolRecord(self._name, self._base.role)
        )
        base = preview.pool_of(snapshot.settings, self._name)
        relevant = self._relevant(snapshot)
        if base is not None and base is not self._base:
            self._rebase(base)
            relevant = True
        self._snapshot = snapshot
        self._show_load(record)
        if relevant or self._progress_of != record.progress:
            self._progress_of = record.progress
            self._show_draft()

    def _relevant(self, snapshot: Snapshot) -> bool:
        """Return whether the forecast or the plan may differ from that of the last snapshot."""
        old = self._snapshot
        return old is None or preview.inputs(old) != preview.inputs(snapshot)

    def _rebase(self, base: PoolSettings) -> None:
        self._draft = merged(self._base, self._draft, base)
        self._base = base

    def _build_sliders(self) -> None:
        of = f"pools.{self._name}"
        self._parallel = SettingSlider(f"{of}.parallel", _PARALLEL)
        self._workers = SettingSlider(f"{of}.workers", _WORKERS)
        self._context = SettingSlider(f"{of}.context_length", _CONTEXT, step=1024)
        for slider in (self._parallel, self._workers, self._context):
            slider.changed.connect(self._edited)
            self.body.addWidget(slider)

    def _build_fit(self, theme: Theme) -> None:
        row = QHBoxLayout()
        self._verdict = label("", "value")
        row.addWidget(label(self.tr("Memory fit"), of=self._verdict))
        row.addStretch()
        row.addWidget(self._verdict)
        self._fit = FitBar(theme)
        self._fit.setAccessibleName(self.tr("Memory fit"))
        self.body.addSpacing(XS)
        self.body.addLayout(row)
        self.body.addWidget(self._fit)

    def _build_buttons(self) -> None:
        self._progress = label("", "caption", wrap=True)
        self.revert = button(self.tr("Revert"), self.tr("Resets the sliders to the settings in force"), small=True)
        self.apply = button(self.tr("Apply"), "", primary=True, small=True)
        self.revert.clicked.connect(self._revert)
        self.apply.clicked.connect(self._start_applying)
        row = QHBoxLayout()
        row.setSpacing(SM)
        row.addStretch()
        row.addWidget(self.revert)
        row.addWidget(self.apply)
        self.body.addStretch()
        self.body.addWidget(self._progress)
        self.body.addLayout(row)

    @Slot()
    def _edited(self) -> None:
        self._draft = msgspec.structs.replace(
            self._draft,
            parallel=self._parallel.value(),
            workers=self._workers.value(),
            context_length=self._context.value(),
        )
        self._show_draft()

    @Slot()
    def _revert(self) -> None:
        self._draft = self._base
        self._show_draft()

    @Slot()
    def _start_applying(self) -> None:
        self._client.spawn(self._apply())

    async def _apply(self) -> None:
        self._applying = True
        self._show_draft()
        try:
            await self._client.apply(self._wanted())
        finally:
            self._applying = False
            self._show_draft()

    async def _edit_more(self) -> None:
        settings = self._client.snapshot.settings
        names = tuple(facts.name for facts in self._client.snapshot.models)
        dialog = PoolDialog(settings, self._draft, names, new=False, parent=self)
        answer = await dialogs.ask(dialog)
        if answer == REMOVE:
            await self._remove()
        elif answer:
            self._draft = dialog.pool()
            self._show_draft()
        dialog.deleteLater()

    async def _remove(self) -> None:
        text = self.tr("Remove the pool {name}?").format(name=self._name)
        detail = self.tr("Its instances stop when their requests have ended. Its settings are forgotten.")
        choices = (self.tr("Remove pool"), self.tr("Keep it"))
        if await dialogs.choose(self, text, detail, choices, dangerous=True) == 0:
            settings = self._client.snapshot.settings
            pools = tuple(pool for pool in settings.pools if pool.name != self._name)
            await self._client.apply(msgspec.structs.replace(settings, pools=pools))

    def _restyle(self) -> None:
        self._more.setIcon(resources.icon("gear", self._theme.tokens.muted, size=16))

    def _wanted(self) -> Settings:
        return preview.with_pool(self._client.snapshot.settings, self._draft)

    def _show_load(self, record: PoolRecord) -> None:
        busy, slots = fmt.busy(record.in_flight, record.slots)
        text = self.tr("{busy} of {slots} slots busy").format(busy=busy, slots=slots)
        if record.queued:
            text = self.tr("%n waiting", "", record.queued) + " · " + text
        if text != self._load.text():
            self._load.setText(text)

    def _show_draft(self) -> None:
        for slider, field in (
            (self._parallel, "parallel"),
            (self._workers, "workers"),
            (self._context, "context_length"),
        ):
            slider.set_value(getattr(self._draft, field))
            slider.mark_changed(getattr(self._draft, field) != getattr(self._base, field))
        if self._snapshot is not None:
            self._show_fit(self._snapshot)
            self._show_plan(self._snapshot)

    def _show_fit(self, snapshot: Snapshot) -> None:
        fit = preview.fit(snapshot, self._draft)
        self._fit.show_parts(fit.parts, fit.total)
        self._verdict.setText(fit.verdict)
        set_tone(self._verdict, fit.tone)
        self._verdict.setToolTip(fit.why)
        self._fit.setToolTip(fit.why)

    def _show_plan(self, snapshot: Snapshot) -> None:
        dirty = self._draft != self._base
        busy = self._applying
        self.revert.setEnabled(dirty and not busy)
        self.apply.setEnabled(dirty and not busy and not snapshot.fatal)
        record = next((pool for pool in snapshot.pools if pool.name == self._name), None)
        text = notice_text(record.progress) if record is not None else ""
        if not text and busy:
            text = self.tr("Applying…")
        if not text and dirty:
            text = preview.plan_text(snapshot, self._wanted())
        self._progress.setText(text)
        self._progress.setVisible(bool(text))
        self._progress.setToolTip(text)
        self.apply.setToolTip(text or self.tr("Nothing has changed"))
        self.apply.setAccessibleDescription(self.apply.toolTip())
