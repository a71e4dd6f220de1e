"""The file of the history, from its opening to its end. Only the thread that has opened it may use it.

A kill at any moment loses what was not committed, and nothing else: SQLite's write-ahead log is replayed at the next
opening (https://sqlite.org/wal.html). With `synchronous=NORMAL` the same is true when the machine loses its power; the
last commits may then be gone, too.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from ollama_panel.core.errors import reason_of
from ollama_panel.core.history.records import FinishedRequest, HistoryEvent
from ollama_panel.core.history.series import columns
from ollama_panel.core.history.thinning import Row
from ollama_panel.core.notices import Notice, notice
from ollama_panel.engine.files import make_private_folder, private
from ollama_panel.engine.history import schema

Item: TypeAlias = Row | FinishedRequest | HistoryEvent
"""What is written."""

SIDE_FILES = ("-wal", "-shm")
"""The endings of the files that SQLite keeps beside its own."""

_BUSY_S = 5.0
_UNUSABLE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_MICROS = 1_000_000


class UnusableError(Exception):
    """The file is broken, or of a newer version; `notice` says which, as a part of a sentence."""

    def __init__(self, why: Notice) -> None:
        super().__init__(why)
        self.notice = why


class HistoryFile:
    """An open file, of this version. Every method raises sqlite3.Error if it fails, and then nothing has changed."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make one. Raises sqlite3.Error, OSError, and UnusableError if it must be set aside."""
        make_private_folder(path.parent)
        os.close(private(str(path), os.O_RDWR | os.O_CREAT))
        self._stat = path.stat()
        self.path = path
        self.connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
        self._names = dict[str, int]()
        self._run: int | None = None
        self._last = dict[str, int]()
        try:
            if not self._stat.st_size:
                self.connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._open()
        except Exception as error:
            self.connection.close()
            if is_unusable(error):
                raise UnusableError(notice("history.broken", reason=reason_of(error))) from error
            raise

    def _open(self) -> None:
        run = self.connection.execute
        found = schema.version(self.connection)
        if found > schema.VERSION:
            raise UnusableError(notice("history.newer", version=found, known=schema.VERSION))
        run("PRAGMA journal_mode = WAL").fetchone()
        run("PRAGMA synchronous = NORMAL")
        run(f"PRAGMA journal_size_limit = {4 * 1024 * 1024}")
        (state,) = run("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise UnusableError(notice("history.broken", reason=str(state)))
        schema.migrate(self.connection)

    def is_there(self) -> bool:
        """Return whether the open file is still the one at its path: somebody may have deleted or replaced it."""
        try:
            return os.path.samestat(self.path.stat(), self._stat)
        except OSError:
            return False

    def close(self) -> None:
        """Close the file; what was written is in it, without files beside it."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()

    def write(self, items: Iterable[Item]) -> None:
        """Write everything in one transaction."""
        rows, requests, events = list[Row](), list[FinishedRequest](), list[HistoryEvent]()
        for item in items:
            match item:
                case Row():
                    rows.append(item)
                case FinishedRequest():
                    requests.append(item)
                case HistoryEvent():
                    events.append(item)
        with self.transaction():
            for row in rows:
                self._write_row(row)
            self._write_requests(requests)
            values = ((one.at, one.kind.value, one.source, msgspec.json.encode(one.told).decode()) for one in events)
            self.connection.executemany("INSERT INTO event (at, kind, source, told) VALUES (?, ?, ?, ?)", values)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Context manager: all that is written in it, or nothing."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._names.clear()
            self._run = None
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def forget_names(self) -> None:
        """Forget which names the file has, after some were removed."""
        self._names.clear()

    def _write_row(self, row: Row) -> None:
        name = schema.table(row.kind, schema.WIDTHS[0])
        key = f"{name} {row.source}"
        if self._run is None or row.at <= self._last.get(key, -1):
            self._begin_run(row.at)
        self._last[key] = row.at
        names = ", ".join(columns(row.kind))
        marks = ", ".join("?" * len(row.values))
        statement = f"INSERT OR REPLACE INTO {name} (source, at, run, {names}) VALUES (?, ?, ?, {marks})"
        self.connection.execute(statement, (self._name(row.source), row.at, self._run, *row.values))

    def _begin_run(self, at: float) -> None:
        self._run = self.connection.execute("INSERT INTO run (at) VALUES (?)", (at,)).lastrowid
        self._last.clear()

    def _write_requests(self, requests: Sequence[FinishedRequest]) -> None:
        named = ", ".join(schema.NAMED)
        statement = (
            f"INSERT INTO request (at, request, {named}, stream, total_us, queue_us, first_token_us, token_us,"
            " prompt_tokens, output_tokens, status, attempts)"
            f" VALUES (?, ?, {', '.join('?' * len(schema.NAMED))}, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        self.connection.executemany(statement, map(self._request, requests))

    def _request(self, one: FinishedRequest) -> tuple[object, ...]:
        names = (one.client, one.request_class.value, one.model, one.pool, one.instance, one.path, one.state.value)
        return (
            *(one.at, one.id, *map(self._name, (*names, one.code)), one.stream, _micros(one.total_s)),
            *(_micros(one.queue_s), _micros(one.first_token_s), _micros(one.token_s)),
            *(one.prompt_tokens, one.output_tokens, one.status, one.attempts),
        )

    def _name(self, text: str) -> int:
        number = self._names.get(text)
        if number is None:
            found = self.connection.execute("SELECT id FROM name WHERE text = ?", (text,)).fetchone()
            if found is None:
                made = self.connection.execute("INSERT INTO name (text) VALUES (?)", (text,)).lastrowid
                assert made is not None
                number = made
            else:
                number = int(found[0])
            self._names[text] = number
        return number


def is_unusable(error: BaseException) -> bool:
    """Return whether an error says that the file is broken, and not the disk full or the folder closed."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and code is not None and code & 0xFF in _UNUSABLE


def set_aside(path: Path, why: Notice) -> Notice:
    """Move an unusable file out of the way, with those beside it, and return what is told of it. Raises OSError."""
    number = 1
    while (aside := path.with_name(f"{path.name}.aside-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in SIDE_FILES:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return notice("history.set_aside", why=why, name=aside.name)


def delete(path: Path) -> None:
    """Delete the file, if there is one. Raises OSError."""
    for ending in ("", *SIDE_FILES):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _micros(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * _MICROS)
