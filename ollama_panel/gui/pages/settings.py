"""The settings page: everything that does not belong to a pool (appearance, proxy, scheduling, Ollama, machine)."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import dialogs, preview, resources, results, setting_texts, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.language import LANGUAGES
from ollama_panel.gui.login import LoginAction
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.toasts import Toast
from ollama_panel.gui.widgets.apply_bar import ApplyBar
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.setting_form import Entry, SettingForm

_PROXY = (
    "enabled",
    "host",
    "port",
    "queue_limit",
    "queue_timeout_s",
    "request_timeout_s",
    "heartbeat",
    "heartbeat_plain",
)
_SCHEDULING = (
    "reserved_slots",
    "keep_homes",
    "fit_context",
    "raise_context",
    "swap_models",
    "chats_on_embedding",
    "spare_machine",
    "split_embeddings",
    "power_slots",
    "adjust",
    "adjust_when_idle",
    "record_events",
    "record_mib",
)
_MACHINE = ("keep_awake", "yield_programs", "yield_gpu_percent", "yield_cut", "yield_resume_s")
_OLLAMA = (
    "binary",
    "models_dir",
    "first_port",
    "adopt",
    "follow_updates",
    "twin",
    "restart_hung",
    "hung_after_s",
)


class SettingsPage(PageFrame):
    """Forms that edit a draft of the settings. The appearance changes at once, everything else on Apply."""

    def __init__(self, client: EngineClient, theme: Theme, login: LoginAction, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Settings"), parent)
        self._client = client
        self._theme = theme
        self._login = login
        self.base: Settings | None = None
        self.dirty = False
        self.appearance = self._form("window", "theme", "language", marks=False)
        self.appearance.add_switch(self._login)
        self.proxy = self._form("proxy", *_PROXY)
        self.scheduling = self._form("scheduling", *_SCHEDULING)
        self.ollama = self._form("ollama", *_OLLAMA)
        self.machine = self._form("machine", *_MACHINE)
        self.history = self._form("history", "days", "request_days", "max_mib", "clients")
        self.forms = (self.appearance, self.proxy, self.scheduling, self.ollama, self.machine, self.history)
        self.appearance.edited.connect(self._appearance_edited)
        for form in self.forms:
            if form is not self.appearance:
                form.edited.connect(self._edited)
            self.body.addWidget(form)
        self._add_browse("ollama.binary", directory=False)
        self._add_browse("ollama.models_dir", directory=True)
        self._add_programs()
        self.body.addStretch()
        self._bar = ApplyBar()
        self.revert, self.apply = self._bar.revert, self._bar.apply
        self.revert.clicked.connect(self._revert)
        self.apply.clicked.connect(self._start_applying)
        self.add_bar(self._bar)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the settings in force where the user is not editing them."""
        self.set_summary(self._ollama_summary(snapshot))
        if snapshot.settings is self.base:
            return
        for form in self.forms:
            if self.base is not None and self.dirty:
                form.rebase(self.base, snapshot.settings)
            else:
                form.show_settings(snapshot.settings)
        self.base = snapshot.settings
        self._show_plan()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._login.refresh()
        super().showEvent(event)

    @override
    def take_over(self, old: Self) -> None:
        if old.dirty:
            self.base, self.dirty = old.base, True
            self._enter([form.entered() for form in old.forms])
        self.show_snapshot(self._client.snapshot)

    def _ollama_summary(self, snapshot: Snapshot) -> str:
        if snapshot.demo:
            return self.tr("Ollama is simulated")
        if snapshot.ollama_binary is None:
            return self.tr("Ollama was not found: enter its location below")
        return self.tr("Ollama {version} at {path}").format(
            version=snapshot.ollama_version or "—", path=snapshot.ollama_binary
        )

    def _entries(self) -> dict[str, Entry]:
        """Return the entries that are more than a line of text or a switch."""
        system = self.tr("As the desktop")
        themes = {"system": system, "light": self.tr("Light"), "dark": self.tr("Dark")}
        adjust = {"off": self.tr("Off"), "slots": self.tr("Slots"), "settings": self.tr("Settings")}
        adjusting = self.tr(
            "Slots: only as many requests run at once as make a model faster. Settings: more or fewer slots and "
            "workers are proposed, too, one step at a time."
        )
        language = self.tr("The language of the window: that of the desktop, or one of these.")
        every = (
            Entry("scheduling.adjust", adjust, in_words=adjusting),
            Entry("window.theme", themes),
            Entry("window.language", {"": system} | LANGUAGES, in_words=language),
            Entry("ollama.binary", placeholder=self.tr("found automatically")),
            Entry("ollama.models_dir", placeholder=self.tr("Ollama's default")),
            Entry("machine.yield_programs", placeholder="blender, game.exe"),
        )
        return {entry.key: entry for entry in every}

    def _form(self, group: str, *names: str, marks: bool = True) -> SettingForm:
        """Return the form of some settings of a group."""
        special, keys = self._entries(), (f"{group}.{name}" for name in names)
        entries = [special.get(key, Entry(key)) for key in keys]
        return SettingForm(setting_texts.title(group), entries, self._theme, marks=marks)

    def _add_browse(self, key: str, directory: bool) -> None:
        line = self.ollama.editors[key]
        assert isinstance(line, QLineEdit)
        picture = resources.icon("folder", self._theme.tokens.muted, size=16)
        action = line.addAction(picture, QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip(self.tr("Browse…"))
        action.triggered.connect(lambda: self._client.spawn(self._browse(line, directory)))

    async def _browse(self, line: QLineEdit, directory: bool) -> None:
        title = self.tr("Choose the models folder") if directory else self.tr("Choose the Ollama program")
        path = await dialogs.pick(self, title, directory)
        if path is not None:
            line.setText(str(path))
            self._edited()

    def _add_programs(self) -> None:
        line = self.machine.editors["machine.yield_programs"]
        assert isinstance(line, QLineEdit)
        picture = resources.icon("search", self._theme.tokens.muted, size=16)
        action = line.addAction(picture, QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip(self.tr("Choose among the programs that run now…"))
        action.triggered.connect(lambda: self._client.spawn(self._choose_programs(line)))

    async def _choose_programs(self, line: QLineEdit) -> None:
        from ollama_panel.gui.running_programs import running_programs
        from ollama_panel.gui.widgets.programs_dialog import ProgramsDialog

        running = await asyncio.to_thread(running_programs)
        if not tasks.exists(self):
            return
        before = tuple(name.strip() for name in line.text().split(",") if name.strip())
        dialog = ProgramsDialog(running, before, self)
        if await dialogs.ask(dialog):
            line.setText(", ".join(dialog.programs()))
            self._edited()

    def _draft(self) -> Settings:
        """Return the settings in force with what the user changed. Raises PanelError if a value is invalid."""
        return self._changed_by(self.forms)

    def _changed_by(self, forms: Iterable[SettingForm]) -> Settings:
        """Return the settings in force with what the user changed in some forms, which show those of `base`.

        Raises PanelError if a value is invalid, or does not go with what somebody else has changed meanwhile.
        """
        now = self._client.snapshot.settings
        base = mine = self.base or now
        first: PanelError | None = None
        for form in forms:
            try:
                mine = form.read_into(mine)
            except PanelError as error:
                first = first or error
        if first is not None:
            raise first
        united = merged(base, mine, now)
        codec.require_valid(united)
        return united

    @Slot()
    def _appearance_edited(self) -> None:
        self._client.spawn(results.apply(self._client, self._changed_by([self.appearance])))

    @Slot()
    def _edited(self) -> None:
        self.dirty = True
        self._show_plan()

    @Slot()
    def _revert(self) -> None:
        base, entered = self.base, [form.entered() for form in self.forms]

        async def bring_back() -> None:
            if tasks.exists(self):
                self.base, self.dirty = base, True
                self._enter(entered)
                self.show_snapshot(self._client.snapshot)

        self.dirty = False
        self.base = None
        self.show_snapshot(self._client.snapshot)
        self._client.announce(Toast(self.tr("The forms show what is in force again"), undo=bring_back))

    def _enter(self, texts: Iterable[Mapping[str, str]]) -> None:
        """Show what a user has entered, form by form."""
        for form, entered in zip(self.forms, texts, strict=True):
            form.enter(entered)
        self._show_plan()

    @Slot()
    def _start_applying(self) -> None:
        self._client.spawn(self._apply())

    async def _apply(self) -> None:
        self.apply.setEnabled(False)
        self.revert.setEnabled(False)
        self._bar.show_plan(self.tr("Applying…"))
        try:
            await results.apply(self._client, self._draft())
            self.dirty = False
        finally:
            if tasks.exists(self):
                self._show_plan()

    def _show_plan(self) -> None:
        snapshot = self._client.snapshot
        drafts = (form for form in self.forms if form is not self.appearance)
        self._bar.show_count(sum(form.mark_changes(snapshot.settings) for form in drafts))
        try:
            wanted = self._draft()
        except PanelError as error:
            self._show_status(notice_text(error.notice), "danger", possible=False)
            return
        self.dirty = self.dirty and wanted != snapshot.settings
        text = preview.plan_text(snapshot, wanted) if self.dirty else self.tr("Nothing has changed")
        self._show_status(text, "", possible=self.dirty)

    def _show_status(self, text: str, tone: str, possible: bool) -> None:
        self._bar.show_plan(text, tone)
        self.apply.setEnabled(possible)
        self.revert.setEnabled(self.dirty)
