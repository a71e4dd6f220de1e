"""The third step: the one address, how programs are set up for it, and which of them have come."""

from functools import partial
from typing import Self

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import TakeoverStage
from ollama_panel.gui import results
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.address_card import AddressCard
from ollama_panel.gui.widgets.clients_part import ClientsPart
from ollama_panel.gui.widgets.guides_card import HEIGHT, GuidesCard
from ollama_panel.gui.widgets.layout import PageFrame


class ConnectStep(PageFrame):
    """The address and the guides to copy. `page_wanted` has the name of a page that the user wants to see."""

    page_wanted = Signal(str)

    def __init__(self, client: EngineClient, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Connect your programs"), parent)
        self._client = client
        self.address, self.guides = AddressCard(theme), GuidesCard(client, theme)
        self.clients = ClientsPart(client, theme)
        self.address.copy_wanted.connect(partial(results.copy, client))
        self.guides.copy_wanted.connect(partial(results.copy, client))
        self.address.settings_wanted.connect(partial(self.page_wanted.emit, "settings"))
        self.clients.change_wanted.connect(lambda _: self.guides.list.setFocus())
        self.guides.setFixedHeight(HEIGHT)
        for part in (self.address, self.guides):
            self.body.addWidget(part)
        self.body.addWidget(self.clients, 1)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        for part in (self.address, self.guides, self.clients):
            part.show_snapshot(snapshot)
        taken = snapshot.takeover is not None and snapshot.takeover.stage is TakeoverStage.TAKEN
        needed = self.tr("Give each program this address in place of Ollama's own.")
        self.set_summary(
            self.tr("The panel answers at Ollama's own address: no program needs a change.") if taken else needed
        )

    @override
    def take_over(self, old: Self) -> None:
        self.show_snapshot(self._client.snapshot)
        self.guides.take_over(old.guides)
        self.clients.show_all(old.clients.all.isChecked())
