"""The tunings on the disk: a file for each, written whole as each trial begins and ends."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

import msgspec

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.tuning.record import TuningRecord
from ollama_panel.engine.files import read_file, write_whole

MOST_KEPT = 50
"""Of so many tunings the files are kept, the newest ones."""
_SUFFIX = ".json"
_WHERE = "tunings"


class Journal:
    """Reads and writes the files of a folder, in other threads. `report` gets what is wrong with them.

    A file that cannot be read is told and kept: an older or a newer version of the panel may understand it.
    """

    def __init__(self, folder: Path, report: Callable[[Sequence[Problem]], None]) -> None:
        self._folder = folder
        self._report = report
        self._lock = Lock()
        self._asked = 0
        self._written: dict[str, int] = {}
        self._unreadable: dict[Path, Problem] = {}

    async def read(self) -> tuple[TuningRecord, ...]:
        """Return all tunings that can be read, the newest first."""
        records, self._unreadable = await asyncio.to_thread(self._read)
        self._report(tuple(self._unreadable.values()))
        return records

    async def write(self, record: TuningRecord) -> None:
        """Write a tuning. If that fails, it is told, and the tuning goes on: the next write may be possible."""
        self._asked += 1
        try:
            await asyncio.to_thread(self._write, record, self._asked)
        except PanelError as error:
            self._report((*self._unreadable.values(), Problem(_WHERE, error.notice)))
        else:
            self._report(tuple(self._unreadable.values()))

    def _read(self) -> tuple[tuple[TuningRecord, ...], dict[Path, Problem]]:
        records, problems = list[TuningRecord](), dict[Path, Problem]()
        for path in self._files():
            try:
                record = msgspec.json.decode(read_file(path), type=TuningRecord)
            except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                told = notice("tuning.unreadable", file=path.name, reason=reason_of(error))
                problems[path] = Problem(_WHERE, told)
            else:
                records.append(msgspec.structs.replace(record, id=path.stem))  # where it is written again
        return tuple(sorted(records, key=lambda record: record.id, reverse=True)), problems

    def _write(self, record: TuningRecord, number: int) -> None:
        """Write a record, unless a newer one of the same tuning has been: a thread may come late."""
        with self._lock:
            if number < self._written.get(record.id, 0):
                return
            write_whole(self._folder / f"{record.id}{_SUFFIX}", msgspec.json.encode(record))
            self._written[record.id] = number
            readable = [path for path in self._files() if path not in self._unreadable]
            for path in readable[MOST_KEPT:]:
                path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        """Return the files, the newest first: their names begin with the time."""
        return sorted(self._folder.glob(f"*{_SUFFIX}"), reverse=True)
