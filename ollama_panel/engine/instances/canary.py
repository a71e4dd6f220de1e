"""Asks a runner that may hang: what its slots do, and for a tiny answer of its model's own kind.

Neither has a time-out: who asks knows how long an answer may take on this machine. A tiny answer goes through the
server, as any request, and only to a model that `/api/ps` lists right before, with the options of its runner and no
`keep_alive`: so it loads nothing, reloads nothing, and how long the model stays loaded stays as it was (Ollama 0.32
`server/sched.go` `useLoadedRunner`, `needsReload`).
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

import httpx
import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import canonical, loaded_from_ps
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.watchdog import Event
from ollama_panel.engine.instances.probe import RunnerProcess

_PATIENT = httpx.Timeout(None, connect=5.0)
_PROMPT = "a"


class Slots(Enum):
    """What the slots of a runner do; UNTOLD: it does not say."""

    AT_WORK = auto()
    AT_REST = auto()
    UNTOLD = auto()


class _Slot(msgspec.Struct):
    """An entry of llama-server's `/slots` (`tools/server/server-context.cpp`, build b10488)."""

    is_processing: bool


async def slots(client: httpx.AsyncClient, runner: RunnerProcess) -> Slots:
    """Return what the slots of llama-server do. Its loop answers between two batches: one that hangs never does."""
    try:
        answer = await client.get(f"http://127.0.0.1:{runner.port}/slots", timeout=_PATIENT)
        found = msgspec.json.decode(answer.raise_for_status().content, type=tuple[_Slot, ...])
    except (httpx.HTTPError, msgspec.DecodeError):
        return Slots.UNTOLD
    return Slots.AT_WORK if any(one.is_processing for one in found) else Slots.AT_REST


async def tiny_answer(
    client: httpx.AsyncClient,
    url: str,
    model: ModelName,
    options: LoadOptions,
    *,
    embeds: bool,
    holding: Callable[[], None],
) -> Event:
    """Ask a loaded model for one token, or for the embedding of one; any answer will do, be it an error.

    WITHDRAWN: it is not loaded any more, or the server is gone. `holding` is called right before it is sent.
    """
    try:
        loaded = await client.get(f"{url}/api/ps", timeout=_PATIENT)
        names = {canonical(entry.name) for entry in loaded_from_ps(loaded.raise_for_status().content)}
        if model not in names:
            return Event.WITHDRAWN
        holding()
        path, body = _request(model, options, embeds=embeds)
        await client.post(url + path, json=body, timeout=_PATIENT)
    except (httpx.HTTPError, msgspec.DecodeError):
        return Event.WITHDRAWN
    return Event.ANSWERED


def _request(model: ModelName, options: LoadOptions, *, embeds: bool) -> tuple[str, dict[str, Any]]:
    asked = {name: value for name, value in msgspec.to_builtins(options).items() if value is not None}
    if embeds:
        return "/api/embed", {"model": model, "input": _PROMPT, "options": asked}
    body = {"model": model, "prompt": _PROMPT, "raw": True, "stream": False, "options": {**asked, "num_predict": 1}}
    return "/api/generate", body
