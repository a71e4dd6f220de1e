"""The settings page: everything that does not belong to a pool (appearance, proxy, queue, Ollama)."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ollama_panel.core.errors import PanelError
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import dialogs, preview, resources
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.language import LANGUAGES
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import MD
from ollama_panel.gui.widgets.card import Card, button, label, set_tone
from ollama_panel.gui.widgets.layout import PageFrame
from ollama_panel.gui.widgets.setting_form import Entry, SettingForm


class SettingsPage(PageFrame):
    """Forms that edit a draft of the settings. The appearance changes at once, everything else on Apply."""

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Settings"), parent)
        self._client = client
        self._theme = theme
        self._base: Settings | None = None
        self._dirty = False
        self.appearance = SettingForm(self.tr("Appearance"), self._appearance_entries())
        self.proxy = SettingForm(self.tr("Proxy"), self._proxy_entries())
        self.ollama = SettingForm("Ollama", self._ollama_entries())
        self.queue = SettingForm(self.tr("Queue"), self._queue_entries())
        self._forms = (self.appearance, self.proxy, self.queue, self.ollama)
        self.appearance.edited.connect(self._appearance_edited)
        self.proxy.edited.connect(self._edited)
        self.queue.edited.connect(self._edited)
        self.ollama.edited.connect(self._edited)
        for form in self._forms:
            self.body.addWidget(form)
        self._add_browse("ollama.binary", directory=False)
        self._add_browse("ollama.models_dir", directory=True)
        self._build_bar()
        self.body.addStretch()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the settings in force, unless the user is editing them."""
        self.set_summary(self._ollama_summary(snapshot))
        if snapshot.settings is self._base or self._dirty:
            return
        self._base = snapshot.settings
        for form in self._forms:
            form.show_settings(snapshot.settings)
        self._show_plan()

    def _ollama_summary(self, snapshot: Snapshot) -> str:
        if snapshot.demo:
            return self.tr("Ollama is simulated")
        if snapshot.ollama_binary is None:
            return self.tr("Ollama was not found: enter its location below")
        return self.tr("Ollama {version} at {path}").format(
            version=snapshot.ollama_version or "—", path=snapshot.ollama_binary
        )

    def _appearance_entries(self) -> tuple[Entry, ...]:
        themes = {"system": self.tr("As the desktop"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        languages = {"": self.tr("As the desktop")} | LANGUAGES
        return (
            Entry("window.theme", self.tr("Theme"), self.tr("Changes at once"), themes),
            Entry("window.language", self.tr("Language"), self.tr("Changes at once"), languages),
        )

    def _proxy_entries(self) -> tuple[Entry, ...]:
        none = self.tr("0 = no limit")
        return (
            Entry(
                "proxy.enabled",
                self.tr("Start with the panel"),
                self.tr("Off: clients are answered only after the proxy is switched on in the menu"),
                switch=True,
            ),
            Entry(
                "proxy.host",
                self.tr("Address"),
                self.tr("127.0.0.1 is this machine only; 0.0.0.0 lets the network in. Applying moves the proxy."),
            ),
            Entry("proxy.port", self.tr("Port"), self.tr("Ollama's own is 11434. Applying moves the proxy.")),
            Entry(
                "proxy.queue_limit",
                self.tr("Queue limit"),
                self.tr("Requests beyond this number are refused and told when to retry"),
            ),
            Entry(
                "proxy.queue_timeout_s",
                self.tr("Longest wait, seconds"),
                self.tr("A request that waits longer is refused. {none}").format(none=none),
            ),
            Entry(
                "proxy.request_timeout_s",
                self.tr("Longest answer, seconds"),
                self.tr("A request that runs longer is ended. {none}").format(none=none),
            ),
            Entry(
                "proxy.heartbeat",
                self.tr("Heartbeats"),
                self.tr("Waiting streams get a heartbeat from time to time, so that clients do not give up"),
                switch=True,
            ),
            Entry(
                "proxy.heartbeat_plain",
                self.tr("Heartbeats in whole answers"),
                self.tr("Answers that are not streamed get them, too; an error after the first has the status 200"),
                switch=True,
            ),
        )

    def _queue_entries(self) -> tuple[Entry, ...]:
        return (
            Entry(
                "scheduling.token_time_ms",
                self.tr("Slowest token, milliseconds"),
                self.tr("Fewer requests run at once when tokens take longer. {none}").format(
                    none=self.tr("0 = no limit")
                ),
            ),
            Entry(
                "scheduling.reserved_slots",
                self.tr("Slots kept for chats"),
                self.tr("Batch work leaves this many slots free while somebody chats"),
            ),
            Entry(
                "scheduling.keep_homes",
                self.tr("Conversation affinity"),
                self.tr("A conversation returns to the instance that has its beginning in its cache"),
                switch=True,
            ),
            Entry(
                "scheduling.fit_context",
                self.tr("Fit the context"),
                self.tr("A long prompt gets a longer context, which reloads its model, instead of being cut"),
                switch=True,
            ),
            Entry(
                "scheduling.raise_context",
                self.tr("Raise the context"),
                self.tr("If clients with different contexts reload a model again and again, its pool gets the longest"),
                switch=True,
            ),
            Entry(
                "scheduling.swap_models",
                self.tr("Swap models"),
                self.tr("A model is unloaded for one that requests wait for"),
                switch=True,
            ),
        )

    def _ollama_entries(self) -> tuple[Entry, ...]:
        return (
            Entry(
                "ollama.binary",
                self.tr("Program"),
                self.tr("Empty: searched where installers put it. Another program restarts all instances."),
                placeholder=self.tr("found automatically"),
            ),
            Entry(
                "ollama.models_dir",
                self.tr("Models folder"),
                self.tr("OLLAMA_MODELS. Empty: Ollama's own default. Another folder restarts all instances."),
                placeholder=self.tr("Ollama's default"),
            ),
            Entry(
                "ollama.first_port",
                self.tr("First port of instances"),
                self.tr("Instances listen on this machine from this port up"),
            ),
            Entry(
                "ollama.adopt",
                self.tr("Use a running Ollama"),
                self.tr("A server that runs already takes part; the panel never stops it"),
                switch=True,
            ),
        )

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

    def _build_bar(self) -> None:
        self._plan = label("", "muted", wrap=True)
        self.revert = button(self.tr("Revert"), self.tr("Resets the forms to the settings in force"))
        self.apply = button(self.tr("Apply"), self.tr("Applies the forms, as described on the left"), primary=True)
        self.revert.clicked.connect(self._revert)
        self.apply.clicked.connect(self._start_applying)
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(MD)
        row.addWidget(self._plan, 1)
        row.addWidget(self.revert)
        row.addWidget(self.apply)
        card.body.addLayout(row)
        self.body.addWidget(card)

    def _draft(self) -> Settings:
        """Return the settings of the forms. Raises PanelError if a value is invalid."""
        settings = self._client.snapshot.settings
        for form in self._forms:
            settings = form.read_into(settings)
        return settings

    @Slot()
    def _appearance_edited(self) -> None:
        self._client.spawn(self._client.apply(self.appearance.read_into(self._client.snapshot.settings)))

    @Slot()
    def _edited(self) -> None:
        self._dirty = True
        self._show_plan()

    @Slot()
    def _revert(self) -> None:
        self._dirty = False
        self._base = None
        self.show_snapshot(self._client.snapshot)

    @Slot()
    def _start_applying(self) -> None:
        self._client.spawn(self._apply(self._draft()))

    async def _apply(self, settings: Settings) -> None:
        self.apply.setEnabled(False)
        self.revert.setEnabled(False)
        self._plan.setText(self.tr("Applying…"))
        try:
            await self._client.apply(settings)
            self._dirty = False
        finally:
            self._show_plan()

    def _show_plan(self) -> None:
        snapshot = self._client.snapshot
        try:
            wanted = self._draft()
        except PanelError as error:
            self._show_status(str(error), "danger", possible=False)
            return
        self._dirty = self._dirty and wanted != snapshot.settings
        text = preview.plan_text(snapshot, wanted) if self._dirty else self.tr("Nothing has changed")
        self._show_status(text, "", possible=self._dirty)

    def _show_status(self, text: str, tone: str, possible: bool) -> None:
        self._plan.setText(text)
        set_tone(self._plan, tone)
        self.apply.setEnabled(possible)
        self.revert.setEnabled(self._dirty)
