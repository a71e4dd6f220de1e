"""One Ollama server of this machine: who has started it, where it listens, what the panel does with it."""

from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.server_notices import of_owner
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.gui import dialogs, results, tasks
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.tokens import SM, XL
from ollama_panel.gui.widgets.card import button, flat_button, rule
from ollama_panel.gui.widgets.elided_label import ElidedLabel
from ollama_panel.gui.widgets.server_details import ServerDetails


class ServerRow(QWidget):
    """Two lines and the commands; the details open on demand."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._acting = self._replaced = False
        self.shown: FoundServer | None = None
        self.toggle = flat_button("", self.tr("Its process, models, log and environment"))
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self.show_details)
        self.title, self.facts = ElidedLabel("", "value"), ElidedLabel("", "muted")
        self.details: ServerDetails | None = None
        self.use = button(self.tr("Use"), self.tr("The panel sends it requests beside its workers"), small=True)
        self.leave = button(self.tr("Leave alone"), self.tr("The panel sends it no requests"), small=True)
        self.replace = button(
            self.tr("Replace…"),
            self.tr("The workers take its place; first it says what that does"),
            small=True,
        )
        for one, command in (
            (self.use, partial(self._do, ServerCommand.USE)),
            (self.leave, partial(self._do, ServerCommand.LEAVE)),
            (self.replace, self._replace),
        ):
            one.clicked.connect(partial(self._start, command))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.title)
        lines.addWidget(self.facts)
        heading = QHBoxLayout()
        heading.setSpacing(SM)
        heading.addWidget(self.toggle)
        heading.addLayout(lines, 1)
        for one in (self.use, self.leave, self.replace):
            heading.addWidget(one)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(SM - 2)
        self._whole.addWidget(rule())
        self._whole.addLayout(heading)
        self.show_details(False)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """The controls, from left to right."""
        return self.toggle, self.use, self.leave, self.replace

    def show_server(self, server: FoundServer, *, replaced: bool = False) -> None:
        """Show what is known of a server; one that is being `replaced` is not to be replaced again."""
        self._replaced = replaced
        self._let_click()
        if server is self.shown:
            return
        self.shown = server
        self.title.show_text(notice_text(of_owner(server.owner)))
        self.facts.show_text(self._facts(server))
        if self.details is not None:
            self.details.show_server(server)
        theirs = not is_of_a_panel(server)
        used = server.instance is not None
        self.use.setVisible(theirs and not used and server.address is not None)
        self.leave.setVisible(theirs and used)
        self.replace.setVisible(theirs)
        which = server.address or server.id
        self.toggle.setAccessibleName(self.tr("Details of {server}").format(server=which))
        for one in (self.use, self.leave, self.replace):
            one.setAccessibleName(f"{one.text()} {which}")

    def show_details(self, on: bool) -> None:
        """Show or hide the details."""
        self.toggle.setChecked(on)
        self.toggle.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        if self.details is None and on:
            self.details = ServerDetails()
            self.details.setContentsMargins(XL + SM, 0, 0, SM)
            self._whole.addWidget(self.details)
            if self.shown is not None:
                self.details.show_server(self.shown)
        if self.details is not None:
            self.details.setVisible(on)

    def _facts(self, server: FoundServer) -> str:
        parts = [
            server.address or self.tr("address unknown"),
            self.tr("version {version}").format(version=server.version or fmt.UNKNOWN),
            *([] if server.rss_bytes is None else [fmt.size(server.rss_bytes)]),
        ]
        if server.instance is not None:
            parts.append(self.tr("used as {instance}").format(instance=server.instance))
        elif server.left:
            parts.append(self.tr("left alone"))
        elif not is_of_a_panel(server):
            parts.append(self.tr("not used"))
        return " · ".join(parts)

    def _start(self, command: Callable[[], Awaitable[None]]) -> None:
        """Carry out one command; meanwhile the buttons take no further click."""
        self.toggle.setFocus()  # a disabled button would hand the focus to the next row
        self._acting = True
        self._let_click()
        self._client.spawn(self._carry_out(command))

    async def _carry_out(self, command: Callable[[], Awaitable[None]]) -> None:
        try:
            await command()
        finally:
            if tasks.exists(self):
                self._acting = False
                self._let_click()

    def _let_click(self) -> None:
        for one in (self.use, self.leave):
            one.setEnabled(not self._acting)
        self.replace.setEnabled(not self._acting and not self._replaced)

    async def _do(self, command: ServerCommand) -> None:
        if self.shown is not None:
            await results.act_on_server(self._client, self.shown.id, command)

    async def _replace(self) -> None:
        """Say what would be done, and do it if the user agrees."""
        if self.shown is None:
            return
        name = self.shown.id
        plan = await self._client.act_on_server(name, ServerCommand.REPLACE, dry_run=True)
        if not tasks.exists(self):
            return
        detail = "\n\n".join(map(notice_text, plan.told))
        choices = (self.tr("Replace it"), self.tr("Cancel"))
        if await dialogs.choose(self, self.tr("Let the workers take the place of this server?"), detail, choices) == 0:
            await results.act_on_server(self._client, name, ServerCommand.REPLACE)


def is_of_a_panel(server: FoundServer) -> bool:
    """Return whether this or another panel has started the server."""
    return server.owner.kind in (OwnerKind.PANEL, OwnerKind.OTHER_PANEL)
