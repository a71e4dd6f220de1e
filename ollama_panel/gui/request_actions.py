"""What one can do with requests, for the buttons, the keys and the menu of the queue page; each result is told."""

from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import RequestId
from ollama_panel.core.repeat_command import repeat_command
from ollama_panel.core.settings.addresses import local_url
from ollama_panel.core.snapshot import RequestRecord
from ollama_panel.gui import dialogs, results, tasks
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.toasts import Toast

_ASKED_FROM = 20
"""So many requests are cancelled only after a question: nothing brings them back."""


class RequestActions(QObject):
    """The commands; questions belong to the widget `asker`."""

    def __init__(self, client: EngineClient, asker: QWidget) -> None:
        super().__init__(asker)
        self._client, self._asker = client, asker

    def cancel(self, records: Sequence[RequestRecord]) -> None:
        """Cancel requests, after a question if they are many."""
        if records:
            self._client.spawn(self._cancel([record.id for record in records]))

    def move_to_front(self, records: Sequence[RequestRecord]) -> None:
        """Let waiting requests begin before all others, the first of them first."""
        if records:
            self._client.spawn(self._move([record.id for record in records]))

    def set_paused(self, on: bool) -> None:
        """Pause or resume the queue."""
        self._client.spawn(results.set_paused(self._client, on))

    def copy_id(self, record: RequestRecord) -> None:
        """Copy the whole id of a request."""
        results.copy(self._client, record.id)

    def copy_curl(self, record: RequestRecord) -> None:
        """Copy a command that repeats a request without its content."""
        proxy, settings = self._client.snapshot.proxy, self._client.snapshot.settings.proxy
        url = proxy.url or local_url(settings.host, settings.port)
        text = repeat_command(record, url, with_key=bool(settings.api_keys))
        results.copy(self._client, text, self.tr("The panel keeps no contents: put your own in place of ..."))

    async def _cancel(self, requests: list[RequestId]) -> None:
        if len(requests) >= _ASKED_FROM:
            question = self.tr("Cancel %n request(s)?", "", len(requests))
            detail = self.tr("Their clients get an error. Nothing brings them back.")
            choices = (self.tr("Cancel them"), self.tr("Let them go on"))
            if await dialogs.choose(self._asker, question, detail, choices, loses=(0,)) != 0:
                return
        cancelled = await self._client.cancel_requests(requests)
        if tasks.exists(self):
            told = self.tr("%n request(s) cancelled", "", cancelled)
            ended = len(requests) - cancelled
            missed = self.tr("Had ended before: {number}").format(number=fmt.number(ended)) if ended else ""
            self._client.announce(Toast(told, missed))

    async def _move(self, requests: list[RequestId]) -> None:
        """Move those that still wait. Raises the last PanelError if none of them does."""
        client, moved, failed = self._client, list[RequestId](), None
        for request in reversed(requests):
            try:
                await client.move_to_front(request)
            except PanelError as error:
                failed = error  # it has begun or ended meanwhile
            else:
                moved.append(request)
        if not moved and failed is not None:
            raise failed

        async def undo() -> None:
            for request in reversed(moved):
                with suppress(PanelError):  # one that has begun has no place in the queue to go back to
                    await client.move_back(request)

        if tasks.exists(self):
            client.announce(Toast(self.tr("%n request(s) moved to the front", "", len(moved)), undo=undo))
