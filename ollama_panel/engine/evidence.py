"""Keeps what is found of an instance that hangs or has died, in a folder of its own, before it is restarted.

Everything has a limit of time: a process that hangs may hang whoever reads it, and so may a disk. What could not be
found is missing, and a folder that cannot be written is told, but nothing waits for it.
"""

import asyncio
import logging
import platform
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec

from ollama_panel import __version__
from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.driver_thread import DriverThread
from ollama_panel.engine.files import write_whole
from ollama_panel.engine.gather import gather
from ollama_panel.engine.host import process_evidence
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)

MOST_KEPT = 20
"""So many folders are kept; the oldest go."""
LOG_LINES = 1000
_ASKED_S, _READ_S, _WRITTEN_S = 2.0, 5.0, 5.0
"""How long servers, processes and the disk may take."""
_MOST_BYTES = 1 << 20
_CONTENT = frozenset({"prompt", "generated", "generation_prompt"})


class EvidenceWriter:
    """Writes the folders. `now` is the engine's clock, in seconds, `wall` that on the wall, in seconds since 1970."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        fleet: Fleet,
        timeline: Timeline,
        client: httpx.AsyncClient,
        *,
        now: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._store = store
        self._fleet = fleet
        self._timeline = timeline
        self._client = client
        self._now = now
        self._wall = wall
        self._thread = DriverThread("evidence")

    def close(self) -> None:
        """End the thread."""
        self._thread.close()

    async def collect(self, record: InstanceRecord, why: str, history: Iterable[tuple[float, str]] = ()) -> str:
        """Keep what is found of an instance now; return the folder, "" if it could not be written.

        `why` is a word for the folder's name, such as "hung" or "crashed"; `history` tells what happened, in seconds of
        the engine's clock. Takes no longer than 12 s, if it need not wait for that of other instances.
        """
        now = self._now()
        files = {
            "instance.json": _json(self._facts(record, why)),
            "watchdog.txt": "".join(f"{at - now:+9.1f} s  {what}\n" for at, what in history),
            "log.txt": "".join(f"{line}\n" for line in self._log(record)),
            "requests.json": _json(self._requests(record)),
            "cards.json": _json(self._store.telemetry),
        }
        found = await gather((self._ask(f"{record.url}/api/ps", "ps.json"), self._processes(record)))
        for some in found:
            files |= some
        return await self._write(record, why, {name: text for name, text in files.items() if text})

    async def _processes(self, record: InstanceRecord) -> dict[str, str]:
        """Return what is found of the processes, and what the runners say of themselves."""
        pid = record.pid
        if pid is None:
            return {}
        try:
            found = await self._thread.call(lambda: process_evidence.read(pid), _READ_S)
        except TimeoutError:
            return {"processes.json": _json({"unread_after_s": _READ_S})}
        asked = await gather(
            self._ask(f"http://127.0.0.1:{port}/{what}", f"runner-{port}-{what}.json")
            for port in found.ports
            for what in ("health", "slots")
        )
        files = {"processes.json": _json(found.processes)} | found.files
        for some in asked:
            files |= some
        return files

    async def _ask(self, url: str, name: str) -> dict[str, str]:
        try:
            async with asyncio.timeout(_ASKED_S):
                return {name: _without_content((await self._client.get(url)).content)}
        except TimeoutError:
            return {name: _json({"url": url, "unanswered_after_s": _ASKED_S})}
        except httpx.HTTPError as error:
            return {name: _json({"url": url, "error": type(error).__name__})}

    def _facts(self, record: InstanceRecord, why: str) -> dict[str, Any]:
        return {
            "why": why,
            "at": datetime.fromtimestamp(self._wall(), UTC).isoformat(),
            "panel": __version__,
            "ollama": record.version,
            "system": platform.platform(),
            "instance": record,
        }

    def _log(self, record: InstanceRecord) -> Sequence[str]:
        try:
            lines = self._fleet.lines(record.id, 0)
        except PanelError:  # it was removed meanwhile
            return ()
        return [redact.text(line.text) for line in lines[-LOG_LINES:]]

    def _requests(self, record: InstanceRecord) -> list[Any]:
        return [one for one in self._timeline.open_records(()) if one.instance == record.id]

    async def _write(self, record: InstanceRecord, why: str, files: dict[str, str]) -> str:
        name = f"{datetime.fromtimestamp(self._wall(), UTC):%Y%m%d-%H%M%S}-{record.id}-{why}"
        folder = self._folder / name
        try:
            await self._thread.call(lambda: _write_all(folder, files), _WRITTEN_S)
        except PanelError as error:
            told = notice("evidence.not_written", instance=record.id, why=error.notice)
        except TimeoutError:
            late = notice("file.not_written", path=str(folder), reason=notice("evidence.slow_disk"))
            told = notice("evidence.not_written", instance=record.id, why=late)
        else:
            self._store.set_problems("evidence", ())
            return str(folder)
        _LOG.warning("%s", render(told))
        self._store.set_problems("evidence", (Problem("evidence", told),))
        return ""


def _write_all(folder: Path, files: dict[str, str]) -> None:
    """Remove the oldest folders beyond those that are kept, and write one. Raises PanelError; then it is not there."""
    try:
        for old in sorted(one for one in folder.parent.iterdir() if one.is_dir())[: 1 - MOST_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    except FileNotFoundError:
        pass  # the first evidence makes the folder
    except OSError as error:
        _LOG.warning("old evidence stays: %s", error)
    try:
        for name, text in files.items():
            write_whole(folder / name, text.encode(errors="replace")[:_MOST_BYTES], durable=False)
    except PanelError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _without_content(answer: bytes) -> str:
    """Return an answer without the texts of requests, which llama-server tells of its slots when it is debugged."""
    try:
        found = msgspec.json.decode(answer)
    except msgspec.DecodeError:
        return ""
    if isinstance(found, list):
        found = [{key: value for key, value in one.items() if key not in _CONTENT} for one in found]
    return _json(found)


def _json(content: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"
