"""Sends a test through the panel's own address, as any client would, and follows it to its end."""

import asyncio
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx

from ollama_panel.core.clients import TEST
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.exposure import requires_key
from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.snapshot import RequestRecord
from ollama_panel.engine.context import Context
from ollama_panel.engine.store import Store
from ollama_panel.proxy.credentials import new_key

if TYPE_CHECKING:  # only who sends a test needs it
    from ollama_panel.core.trial import Trial, TrialRun

_TIMEOUT = httpx.Timeout(10.0, read=None)
"""For the connection alone: a test waits its turn in the queue however long that takes, and can be cancelled."""
_EVERY_S = 0.1
"""How often the text of an answer is told at most."""


class Trials:
    """One test at a time. `record` tells the panel's record of a request.

    `key_entry` is the entry of a key that is valid as long as the panel runs and is kept nowhere, because the settings
    have only the digests of the user's.
    """

    def __init__(self, context: Context, store: Store, record: Callable[[RequestId], RequestRecord | None]) -> None:
        self._context = context
        self._store = store
        self._record = record
        self._key, self.key_entry = new_key(TEST, scopes=(Scope.USE,))
        self._running: asyncio.Task[None] | None = None

    def headers(self) -> dict[str, str]:
        """Return the headers by which the panel knows its own requests, with the key if one is needed."""
        key = {"Authorization": f"Bearer {self._key}"} if requires_key(self._store.settings.proxy) else {}
        return {"X-Client-ID": TEST, **key}  # a key that is not needed would be passed on to the instance

    async def send(self, model: ModelName, question: str, tell: "Callable[[Trial], None]") -> "Trial":
        """Send a test and return how it ended; `tell` gets it as it goes on, a few times a second.

        Raises PanelError if the panel does not listen, or if another test is under way.
        """
        from ollama_panel.core.trial import TrialRun

        url = self._store.proxy.url
        if not url:
            raise PanelError(notice("trial.proxy_off"))
        if self._running is not None:
            raise PanelError(notice("trial.running"))
        run = TrialRun(RequestId(f"test-{secrets.token_hex(4)}"), model, self._now())
        tell(run.trial)
        self._running = self._context.group.create_task(self._exchange(url, question, run, tell))
        try:
            await asyncio.wait([self._running])
        finally:
            self._running.cancel()  # whoever asked has gone
            self._running = None
        return run.trial

    def cancel(self) -> None:
        """Let the client of the test leave, if one is under way; the panel cancels a request whose client has left."""
        if self._running is not None:
            self._running.cancel()

    async def _exchange(self, url: str, question: str, run: "TrialRun", tell: "Callable[[Trial], None]") -> None:
        from ollama_panel.core.trial import body_of

        request = run.trial.request
        headers = {"Content-Type": "application/json", "X-Request-ID": request, **self.headers()}
        try:
            async with self._context.client.stream(
                "POST", f"{url}/api/chat", content=body_of(run.trial.model, question), headers=headers, timeout=_TIMEOUT
            ) as answer:
                if answer.status_code != httpx.codes.OK:
                    run.refused(answer.status_code, await answer.aread(), self._record(request), self._now())
                    return
                await self._read(answer, run, tell)
            run.ended(self._record(request), self._now())
        except httpx.HTTPError as error:
            run.unreachable(url, str(error) or type(error).__name__, self._record(request), self._now())
        except asyncio.CancelledError:
            run.cancelled(self._record(request), self._now())

    async def _read(self, answer: httpx.Response, run: "TrialRun", tell: "Callable[[Trial], None]") -> None:
        told_at, rest = 0.0, b""
        async for piece in answer.aiter_bytes():
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                run.line(line, self._now())
            if lines and self._now() - told_at >= _EVERY_S:
                told_at = self._now()
                tell(run.trial)
        run.line(rest, self._now())

    def _now(self) -> float:
        return self._context.system.seconds()
