"""A client of the panel's HTTP API, as its owner or with a key."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from ollama_panel.core.settings.tree import Settings
from tests.fakes.live_engine import LiveEngine, live


class ApiClient:
    """Calls of `/panel/v1` of a running engine; `key` is shown with each, by default the owner's secret."""

    def __init__(self, panel: LiveEngine, key: str | None = None) -> None:
        self.panel = panel
        self.key = key

    async def __call__(self, line: str, body: Any = None, **headers: str) -> httpx.Response:
        """Call an operation: its method and its path below `/panel/v1`."""
        method, path = line.split(" ", 1)
        url = f"{self.panel.snapshot.proxy.url}/panel/v1{path}"
        known = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.panel.client.request(method, url, json=body, headers=self.shown() | known)

    def shown(self) -> dict[str, str]:
        """Return the headers that show the key."""
        return {"Authorization": f"Bearer {secret_of(self.panel) if self.key is None else self.key}"}

    async def get(self, path: str) -> Any:
        """Return the record at a path."""
        answer = await self(f"GET {path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def key_with(self, *scopes: str) -> "ApiClient":
        """Make a key with these scopes, and return a client that shows it."""
        answer = await self("POST /keys", {"name": "-".join(scopes), "scopes": scopes})
        assert answer.status_code == 201, answer.text
        return ApiClient(self.panel, answer.json()["key"])


def secret_of(panel: LiveEngine) -> str:
    """Return the secret of the panel's owner."""
    secret: str = json.loads(panel.paths.panel.read_text())["secret"]
    return secret


@asynccontextmanager
async def live_api(folder: Path, wanted: Settings | None = None) -> AsyncIterator[ApiClient]:
    """Run an engine, and yield its owner's client once every instance answers."""
    async with live(folder, wanted) as panel:
        await panel.ready()
        yield ApiClient(panel)
