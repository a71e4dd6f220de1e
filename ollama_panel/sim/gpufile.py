"""One simulated GPU for several processes: each has a small file in a run folder that says what it uses.

A file is mapped into memory, so that reads and writes cost no system call. The folder is listed from time to time for
new processes; the file of a process that no longer runs (killed, crashed) is removed by the first that notices.
"""

import itertools
import mmap
import os
from pathlib import Path
from struct import Struct

import psutil

_RECORD = Struct("<QQ")
_numbers = itertools.count(1)
_LIST_EVERY = 40


class GpuFile:
    """One server's use of the GPU: busy runners and bytes of memory. Raises OSError if the folder cannot be used."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._path = folder / f"{os.getpid()}-{next(_numbers)}.gpu"
        self._mine = _new(self._path)
        self._others: dict[Path, mmap.mmap] = {}
        self._looks = 0
        self._told = (0, 0)

    def publish(self, busy: int, used: int) -> None:
        """Write what this server uses."""
        if (busy, used) != self._told:
            self._told = (busy, used)
            _RECORD.pack_into(self._mine, 0, busy, used)

    def others(self, *, relist: bool = False) -> tuple[int, int]:
        """Return the busy runners and the bytes of all other servers on this GPU."""
        if relist or self._looks % _LIST_EVERY == 0:
            self._list()
        self._looks += 1
        records = [_RECORD.unpack_from(record) for record in self._others.values()]
        return sum(busy for busy, _ in records), sum(used for _, used in records)

    def close(self) -> None:
        """Remove this server's file and unmap the others."""
        for record in (*self._others.values(), self._mine):
            record.close()
        self._others.clear()
        self._path.unlink(missing_ok=True)

    def _list(self) -> None:
        there = {path for path in self._folder.glob("*.gpu") if path != self._path}
        for path in there:
            if not _alive(path):
                self._drop(path)
                _remove(path)
            elif path not in self._others:
                self._adopt(path)
        for path in self._others.keys() - there:
            self._drop(path)

    def _adopt(self, path: Path) -> None:
        try:
            self._others[path] = _map(path)
        except (OSError, ValueError):
            return  # it was removed, or is not written yet: the next listing shows it

    def _drop(self, path: Path) -> None:
        record = self._others.pop(path, None)
        if record is not None:
            record.close()


def _new(path: Path) -> mmap.mmap:
    """Make a server's own file and map it; nothing is left of one that finds no room."""
    try:
        path.touch(0o600)
        with path.open("r+b") as file:
            file.write(_RECORD.pack(0, 0))
            file.flush()
            return mmap.mmap(file.fileno(), _RECORD.size)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _map(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), _RECORD.size, access=mmap.ACCESS_READ)


def _alive(path: Path) -> bool:
    number = path.name.partition("-")[0]
    if not number.isdigit():
        return False
    try:
        return bool(psutil.Process(int(number)).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # Windows keeps a mapped file until its last reader has closed it
