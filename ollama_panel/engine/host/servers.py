"""The Ollama servers that already run on this machine."""

import asyncio
from collections.abc import Iterable, Mapping

import httpx
import msgspec

from ollama_panel.core.ollama.host_variable import url_of
from ollama_panel.engine.gather import gather

_LIMIT_S = 2.0
"""How long a server may take to tell its version, some milliseconds when nothing is wrong; one may hang for ever."""


async def find_servers(
    client: httpx.AsyncClient, places: Mapping[int, str], exclude: Iterable[int] = ()
) -> tuple[int, ...]:
    """Return those ports of `places` (hosts by port) on which an Ollama server answers, without `exclude`.

    The proxy of this or another panel does not count: adopting it would make requests loop.
    """
    ours = frozenset(exclude)
    asked = [port for port in places if port not in ours]
    answers = await gather(version_of(client, url_of(places[port], port)) for port in asked)
    return tuple(port for port, version in zip(asked, answers, strict=True) if version is not None)


async def listens(host: str, port: int) -> bool:
    """Return whether somebody listens there; to bind, as `ports.is_free` does, could be in the way of a server."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


async def version_of(client: httpx.AsyncClient, url: str) -> str | None:
    """Return the version of the Ollama server that answers there; None if there is none, or the proxy of a panel."""
    try:
        answer = await client.get(f"{url}/api/version", timeout=_LIMIT_S)
        version = msgspec.json.decode(answer.content, type=dict[str, object]).get("version")
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError, UnicodeDecodeError):
        return None
    is_panel = any(name.startswith("x-panel-") for name in answer.headers)
    return version if isinstance(version, str) and not is_panel else None
