"""One look at an instance: does it answer, what has it loaded, what do its processes show."""

import asyncio

import httpx
import msgspec

from ollama_panel.core.models import LoadedEntry, ModelFacts
from ollama_panel.engine import probe
from ollama_panel.engine.ports import listener


class Answered(msgspec.Struct, frozen=True):
    """It answers. `pid` is the server's process, None if the system does not tell."""

    version: str
    entries: tuple[LoadedEntry, ...]
    family: probe.Family
    pid: int | None


class Silent(msgspec.Struct, frozen=True):
    """It does not; `refused` means that nobody listens at all."""

    refused: bool


class Watcher:
    """Looks at one instance; `facts` are those of the models it has seen loaded, by digest."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._found: int | None = None
        self.facts: dict[str, ModelFacts] = {}

    async def look(self, url: str, pid: int | None, *, adopted: bool) -> Answered | Silent:
        """Ask the instance at `url`, whose process is `pid`; that of an adopted one is searched for by its port."""
        try:
            version = await probe.version(self._client, url)
            entries = await probe.loaded(self._client, url)
        except httpx.ConnectError:
            self._found = None
            return Silent(refused=True)
        except (httpx.HTTPError, msgspec.DecodeError):
            return Silent(refused=False)
        await probe.details(self._client, url, entries, self.facts)
        if adopted:
            pid = await self._search(url)
        if pid is None:
            return Answered(version, entries, probe.Family(), None)
        family = await asyncio.to_thread(probe.look_at, pid, environment=adopted)
        return Answered(version, entries, family, pid)

    async def _search(self, url: str) -> int | None:
        """Search once: where the system does not tell (0), it will not tell the next time either."""
        if self._found is None:
            process = await asyncio.to_thread(listener, httpx.URL(url).port or 80)
            self._found = process.pid if process else 0
        return self._found or None
