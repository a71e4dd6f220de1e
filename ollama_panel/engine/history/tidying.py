"""Keeps the file of the history small: thins what is old, deletes what is older, and gives the space back."""

from ollama_panel.core.history.series import FIELDS, Kind, columns
from ollama_panel.core.history.thinning import COARSE_S, FINE_S
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.engine.history import schema
from ollama_panel.engine.history.file import HistoryFile

DAY_S = 86_400
FINE_DAYS = 2
"""For how long rows of `FINE_S` seconds are kept: "last night" and the one before."""

_NAMES = 10_000
"""With more names, those that no row has any more are searched for: programs may call themselves anything."""
_CUTS = 100
"""The most attempts to get below the limit of the size at once; each removes a tenth of the requests."""


class Tidier:
    """Tidies one open file. `tidy` raises sqlite3.Error as `HistoryFile` does."""

    def __init__(self, file: HistoryFile) -> None:
        self._file = file
        self._run = file.connection.execute
        self._names = _NAMES

    def tidy(self, now: float, keep: HistorySettings) -> None:
        """Thin and delete what is old at `now`, then the oldest requests while the file is too large."""
        with self._file.transaction():
            self._thin(int(now) // COARSE_S * COARSE_S - FINE_DAYS * DAY_S)
            self._forget_before(now - keep.days * DAY_S, now - min(keep.days, keep.request_days) * DAY_S)
        for _ in range(_CUTS):
            if not keep.max_mib or self._used() <= keep.max_mib * MIB:
                break
            with self._file.transaction():
                self._remove_oldest(now, keep)
        self._forget_names()
        if self._number("PRAGMA freelist_count"):
            self._file.connection.executescript("PRAGMA incremental_vacuum")  # `execute` gives back one page only
            self._run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _thin(self, before: int) -> None:
        for kind in Kind:
            fine, coarse = (schema.table(kind, width_s) for width_s in (FINE_S, COARSE_S))
            values = ", ".join(
                f"{function}({column})"
                for field in FIELDS[kind]
                for column, function in zip(field.columns, field.functions, strict=True)
            )
            self._run(
                f"INSERT OR REPLACE INTO {coarse} (source, at, run, {', '.join(columns(kind))})"
                f" SELECT source, at / {COARSE_S} * {COARSE_S}, run, {values} FROM {fine} WHERE at < ?"
                f" GROUP BY source, at / {COARSE_S}, run",
                (before,),
            )
            self._run(f"DELETE FROM {fine} WHERE at < ?", (before,))

    def _forget_before(self, begin: float, requests_begin: float) -> None:
        for name in self._series():
            self._run(f"DELETE FROM {name} WHERE at < ?", (begin,))
        self._run("DELETE FROM event WHERE at < ?", (begin,))
        self._run("DELETE FROM request WHERE at < ?", (requests_begin,))
        self._run("DELETE FROM run WHERE at < ? AND id < (SELECT max(id) FROM run)", (begin,))

    def _remove_oldest(self, now: float, keep: HistorySettings) -> None:
        """Remove the oldest tenth of the requests, or, without any, the oldest tenth of the time."""
        count = self._number("SELECT count(*) FROM request")
        if count:
            oldest = "SELECT id FROM request ORDER BY at LIMIT ?"
            self._run(f"DELETE FROM request WHERE id IN ({oldest})", (max(1, count // 10),))
            return
        begins = [self._run(f"SELECT min(at) FROM {name}").fetchone()[0] for name in (*self._series(), "event")]
        begin = min((one for one in begins if one is not None), default=now)
        self._forget_before(begin + max(0.0, now - begin) / 10 + 1, now)

    def _forget_names(self) -> None:
        if self._number("SELECT count(*) FROM name") <= self._names:
            return
        used = [f"SELECT {column} FROM request" for column in schema.NAMED]
        used += [f"SELECT source FROM {name}" for name in self._series()]
        with self._file.transaction():
            self._run(f"DELETE FROM name WHERE id NOT IN ({' UNION '.join(used)})")
        self._file.forget_names()
        self._names = max(_NAMES, 2 * self._number("SELECT count(*) FROM name"))

    def _series(self) -> tuple[str, ...]:
        return tuple(schema.table(kind, width_s) for kind in Kind for width_s in schema.WIDTHS)

    def _used(self) -> int:
        """Return the bytes of the file that hold something."""
        pages = self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")
        return pages * self._number("PRAGMA page_size")

    def _number(self, query: str) -> int:
        return int(self._run(query).fetchone()[0])
