"""The connect page: the one address, how programs are set up for it, a test, and which programs have come."""

from collections.abc import Callable
from functools import partial
from typing import Self

import msgspec
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from ollama_panel.core.bypass import BypassRecord, still_going_past
from ollama_panel.core.connect.records import Guide
from ollama_panel.core.connect.seen import guide_of
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import Takeover, TakeoverStage
from ollama_panel.gui import dialogs, resources, results, tasks
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.tokens import LG
from ollama_panel.gui.widgets.address_card import AddressCard
from ollama_panel.gui.widgets.card import button
from ollama_panel.gui.widgets.client_row import bypass_name
from ollama_panel.gui.widgets.clients_part import ClientsPart, programs
from ollama_panel.gui.widgets.guides_card import ALL_ROWS, HEIGHT, GuidesCard
from ollama_panel.gui.widgets.layout import PageFrame, scroll_like
from ollama_panel.gui.widgets.trial_card import TrialCard

_TWO_COLUMNS_FROM = 1000
"""Pixels of the page from which on the guides and the test have room side by side."""
_ICON = QSize(16, 16)


class ConnectPage(PageFrame):
    """Shows clients the way to the panel. `page_wanted` has the name of another page that the user wants to see."""

    page_wanted = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Connect"), parent)
        self._client, self._theme = client, theme
        self.address = AddressCard(theme)
        self.guides = GuidesCard(client, theme)
        self.trial = TrialCard(client, theme)
        self.clients = ClientsPart(client, theme)
        self.address.copy_wanted.connect(self._copy)
        self.address.settings_wanted.connect(lambda: self.page_wanted.emit("settings"))
        self.guides.copy_wanted.connect(self._copy)
        self.trial.changed.connect(self._show_button)
        self.clients.change_wanted.connect(lambda record: client.spawn(self._change(record)))
        self.send = button("", primary=True)
        self.send.setIconSize(_ICON)
        self.send.clicked.connect(self._send)
        self.take_port = button(
            "", self.tr("The panel listens where programs know Ollama, so that none needs a change")
        )
        self.take_port.clicked.connect(lambda: self._show_takeover())
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        theme.changed.connect(self._restyle)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the panel's address and what comes to it."""
        for part in (self.address, self.guides, self.trial, self.clients):
            part.show_snapshot(snapshot)
        self.set_summary(self._told(snapshot))
        self.take_port.setText(self._takeover_text(snapshot.takeover))
        self.take_port.setEnabled(not snapshot.starting and snapshot.fatal is None)
        self._show_button()

    @override
    def take_over(self, old: Self) -> None:
        self.show_snapshot(self._client.snapshot)
        self.guides.take_over(old.guides)
        self.trial.take_over(old.trial)
        self.clients.show_all(old.clients.all.isChecked())
        scroll_like(self.area, old.area)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _TWO_COLUMNS_FROM
        row, column = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(row if wide else column)
        for part in (self.guides, self.trial):
            part.setFixedHeight(min(ALL_ROWS, max(HEIGHT, self.height() // 2)))

    def _told(self, snapshot: Snapshot) -> str:
        """Return how many programs come through the panel, and how many go past it."""
        parts = []
        if came := sum(one.let_in for one in programs(snapshot)):
            parts.append(self.tr("%n program(s) came through the panel", "", came))
        if past := still_going_past(snapshot.bypassing, snapshot.clients, snapshot.at):
            parts.append(self.tr("%n program(s) go past it", "", len(past)))
        told = self.tr("One address for all programs.")
        return self.tr("{told} {parts}.").format(told=told, parts=self.tr(", ").join(parts)) if parts else told

    def _takeover_text(self, takeover: Takeover | None) -> str:
        """Return what the button of the take-over says: the port, and how far it is."""
        port = takeover.address.rpartition(":")[2] if takeover is not None else str(DEFAULT_PORT)
        if takeover is None:
            text = self.tr("Take over {port}…")
        elif takeover.stage is TakeoverStage.TAKEN:
            text = self.tr("{port} taken over…")
        else:
            text = self.tr("Take-over of {port}…")
        return text.format(port=port)

    def _show_takeover(self, server: str = "") -> None:
        from ollama_panel.gui.widgets.takeover_dialog import show_takeover

        show_takeover(self._client, self._theme, self, server)

    def _send(self) -> None:
        if self.trial.running:
            self.trial.cancel()
        else:
            self.trial.send()

    def _show_button(self) -> None:
        running = self.trial.running
        self.send.setEnabled(running or self.trial.ready)
        text = self.tr("Cancel the test") if running else self.tr("Send a test")
        if text == self.send.text():
            return
        self.send.setText(text)
        self.send.setToolTip(
            self.tr("Its request leaves the queue, or ends")
            if running
            else self.tr("Sends a short chat through the panel, as your programs do")
        )
        self._restyle()

    async def _change(self, record: BypassRecord) -> None:
        """Say how the requests of a program that goes past the panel get into the queue, and do what the user chooses.

        What can be done at once are the buttons; the rest is said.
        """
        url = self.address.address.text()
        guide = guide_of(self.guides.guides, record.name)
        told = [self.tr("Give it the panel's address in place of Ollama's: {url}.").format(url=url)]
        choices: dict[str, Callable[[], None]] = {self.tr("Copy the address"): partial(self._copy, url)}
        if guide is not None:
            told.append(self.tr("The settings of {program} are on this page.").format(program=guide.name))
            choices[self.tr("Show its settings")] = partial(self._show_settings, guide)
        server = _server_of(record, self._client.snapshot)
        if server is not None and self.take_port.isEnabled():
            told.append(self.tr("Or let the panel listen there, and Ollama elsewhere: then it needs no change."))
            choices[self.tr("Take over {address}…").format(address=server.address)] = partial(
                self._show_takeover, server.id
            )
        text = self.tr("{program} talks to {server} past the queue").format(
            program=bypass_name(record), server=record.url
        )
        answers = (*choices, self.tr("Close"))
        chosen = await dialogs.choose(self, text, "\n\n".join(told), answers)
        if tasks.exists(self) and chosen < len(choices):
            choices[answers[chosen]]()

    def _show_settings(self, guide: Guide) -> None:
        self.guides.show_program(guide.id)
        self.area.ensureWidgetVisible(self.guides)
        self.guides.list.setFocus()

    def _copy(self, text: str, what: str = "") -> None:
        results.copy(self._client, text, what)

    def _restyle(self) -> None:
        colours = self._theme.tokens
        picture = "close" if self.trial.running else "play"
        self.send.setIcon(resources.icon(picture, colours.on_accent, disabled=colours.muted, size=16))

    def _lay_out(self) -> None:
        widths = []
        for text in (self.tr("Cancel the test"), self.tr("Send a test")):
            self.send.setText(text)
            self.send.setIcon(resources.icon("play", self._theme.tokens.on_accent, size=16))
            widths.append(self.send.sizeHint().width())
        self.send.setMinimumWidth(max(widths))
        self.send.setText("")
        self._show_button()
        taken = Takeover(TakeoverStage.TAKEN, f":{DEFAULT_PORT}")
        for takeover in (None, taken, msgspec.structs.replace(taken, stage=TakeoverStage.MOVING)):
            self.take_port.setText(self._takeover_text(takeover))
            self.take_port.setMinimumWidth(max(self.take_port.minimumWidth(), self.take_port.sizeHint().width()))
        self.controls.addWidget(self.take_port)
        self.controls.addWidget(self.send)
        self._columns.setSpacing(LG - 2)
        for part, share in ((self.guides, 614), (self.trial, 404)):
            part.setFixedHeight(HEIGHT)
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._columns.addWidget(part, share)
        self.body.addWidget(self.address)
        self.body.addLayout(self._columns)
        self.body.addWidget(self.clients, 1)


def _server_of(record: BypassRecord, snapshot: Snapshot) -> FoundServer | None:
    """Return the server that a program talks to past the panel, if the panel could take its address over.

    None for the panel's own workers, and while another take-over is under way or done.
    """
    if snapshot.takeover is not None:
        return None
    found = (one for one in snapshot.found_servers or () if one.address and record.url.endswith(f"//{one.address}"))
    return next((one for one in found if one.owner.kind not in (OwnerKind.PANEL, OwnerKind.OTHER_PANEL)), None)
