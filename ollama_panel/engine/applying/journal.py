"""What has been put into force, and what puts back: a file for each, written before anything is done.

The files are in the state folder, for its owner alone. One that ended in the middle is found there by the next panel.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ollama_panel.core.applying.plan import Kept, all_whole
from ollama_panel.core.applying.record import Applying, ApplyStage
from ollama_panel.core.export.deployment import Export
from ollama_panel.engine import clock
from ollama_panel.engine.files import read_file, write_whole

_LOG = logging.getLogger(__name__)
_LATER_S = 0.001
_MOST = 20
"""How many are kept: older ones are forgotten, their copies beside the files stay."""
UNDER_WAY = frozenset(
    (ApplyStage.WRITING, ApplyStage.IDLE, ApplyStage.RESTARTING, ApplyStage.PROVING, ApplyStage.RETURNING)
)


class Entry(msgspec.Struct, frozen=True):
    """An export that was put into force, or is: what front ends see of it, and what carries it out and undoes it.

    `at` is Unix time, which orders them. `kept` is what was there before.
    `units` restart, `new` ones were not there before, `stopped` ones were and did not run, `busy` ones ran;
    `restarted`: they may run with the new files.
    """

    at: float
    applying: Applying
    export: Export
    kept: tuple[Kept, ...] = ()
    units: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    restarted: bool = False

    @property
    def known(self) -> tuple[Kept, ...]:
        """What was there before; copies that somebody makes by the commands to type are whole."""
        return all_whole(self.kept) if self.applying.todo else self.kept

    @property
    def is_open(self) -> bool:
        """Whether it ended neither in force nor undone."""
        return self.applying.stage in UNDER_WAY


class Journal:
    """The folder of the files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, entry: Entry) -> None:
        """Write an entry. Raises PanelError if that fails: then nothing may be done."""
        write_whole(self._path(entry), msgspec.json.encode(entry))

    def forget_old(self) -> None:
        """Remove the oldest files; what is open stays."""
        for entry in self.entries()[_MOST:]:
            if not entry.is_open:
                self._path(entry).unlink(missing_ok=True)

    def entries(self) -> list[Entry]:
        """Return all entries, the newest first."""
        return sorted(self._read(), key=lambda one: -one.at)

    def now(self) -> float:
        """Return the time for a new entry: later than that of all others, also when the clock was set back."""
        return max([clock.wall(), *(one.at + _LATER_S for one in self.entries()[:1])])

    def newest(self, host: str, target: str = "") -> Entry | None:
        """Return the newest entry of a machine that is in force or open; "" = whatever the target."""
        for entry in self.entries():
            applying = entry.applying
            fits = applying.host == host and target in ("", applying.target)
            if fits and (entry.is_open or applying.stage is ApplyStage.APPLIED):
                return entry
        return None

    def _path(self, entry: Entry) -> Path:
        return self.folder / f"{entry.at:.6f}.json"

    def _read(self) -> Iterator[Entry]:
        try:
            paths = sorted(self.folder.glob("*.json"))
        except OSError:
            return
        for path in paths:
            try:
                yield msgspec.json.decode(read_file(path), type=Entry)
            except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
                _LOG.warning("an export that was put into force is not known any more: %s: %s", path.name, error)
