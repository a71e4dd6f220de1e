"""The requests of a drill: small chats through the panel's own address, which give way to those of others."""

import asyncio
import secrets
from collections.abc import Callable, Mapping

import httpx
import msgspec

from ollama_panel.core.drill import OWN_REQUESTS
from ollama_panel.core.ids import ModelName, RequestId

_TIMEOUT = httpx.Timeout(10.0, read=None)
"""For the connection alone: a request waits its turn however long that takes."""

_PAUSE_S = 0.2
"""Between two looks whether others wait, and after a failure."""

_QUESTION = "Count from one to twenty."
_MOST_TOKENS = 32


class Sent:
    """One request; `begun`, `answered` = a part of the answer came, `ended`, `failed`."""

    def __init__(self) -> None:
        self.id = RequestId(f"{OWN_REQUESTS}{secrets.token_hex(6)}")
        self.answered = self.ended = self.failed = False

    @property
    def lost(self) -> bool:
        """Whether it got no answer although nothing had been sent."""
        return self.failed and not self.answered

    @property
    def broken(self) -> bool:
        """Whether it lost the rest of an answer that had begun."""
        return self.failed and self.answered


class DrillLoad:
    """Sends requests for a model to the panel at `url`. `crowded` returns whether others wait for a slot."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: str,
        model: ModelName,
        headers: Mapping[str, str],
        crowded: Callable[[], bool],
    ) -> None:
        self._client = client
        self._url = url
        self._headers = headers
        self._crowded = crowded
        self._body = msgspec.json.encode(
            {
                "model": model,
                "messages": [{"role": "user", "content": _QUESTION}],
                "stream": True,
                "options": {"num_predict": _MOST_TOKENS},
            }
        )
        self.sent = list[Sent]()

    @property
    def open(self) -> list[Sent]:
        """The requests under way."""
        return [one for one in self.sent if not one.ended]

    def begin_anew(self) -> None:
        """Forget the requests that have ended."""
        self.sent = self.open

    async def one_after_the_other(self) -> None:
        """Send a request, then the next, until cancelled; none while others wait."""
        while True:
            if self._crowded():
                await asyncio.sleep(_PAUSE_S)
                continue
            sent = Sent()
            self.sent.append(sent)
            await self._send(sent)
            if sent.failed:
                await asyncio.sleep(_PAUSE_S)

    async def _send(self, sent: Sent) -> None:
        headers = {"Content-Type": "application/json", **self._headers, "X-Request-ID": sent.id}
        try:
            async with self._client.stream(
                "POST", f"{self._url}/api/chat", content=self._body, headers=headers, timeout=_TIMEOUT
            ) as answer:
                sent.failed = answer.status_code != httpx.codes.OK
                async for line in answer.aiter_lines():
                    if sent.failed:
                        break
                    if line.strip():
                        self._read(sent, line)
        except httpx.HTTPError:
            sent.failed = True
        finally:
            sent.ended = True

    def _read(self, sent: Sent, line: str) -> None:
        try:
            part = msgspec.json.decode(line)
        except msgspec.DecodeError:
            sent.failed = True
            return
        if "error" in part:
            sent.failed = True
        else:
            sent.answered = True
