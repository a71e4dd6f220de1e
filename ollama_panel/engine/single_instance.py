"""One panel for each state folder: locks, and a file that says where the running panel listens.

There are two. The one in the folder also holds where several machines or containers share it; but if the folder is
deleted or moved, the lock goes with it. The one in the user's cache folder, named by the path, then still keeps a
second panel out, until `renew` has made the folder again.
"""

import contextlib
import hashlib
import logging
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

import msgspec
import platformdirs

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.engine.files import make_private_folder, tighten, write_whole
from ollama_panel.engine.lock_file import LockFile
from ollama_panel.engine.paths import OURS, Paths

_LOG = logging.getLogger(__name__)
_TRIES, _PAUSE_S = 5, 0.02
_LONGEST_SOCKET = 100
"""The bytes of a path that every system takes for a socket: macOS has room for 103, Linux for 107 (unix(7))."""


class PanelInfo(msgspec.Struct, frozen=True):
    """The content of `panel.json`: the process id, the URL of its proxy, "" while that does not listen, and a secret.

    The secret opens `/panel/...` without an API key to whoever can read the file: the panel's owner. It is another one
    after each start.
    """

    pid: int
    url: str
    secret: str = ""


class SingleInstanceLock:
    """Context manager that holds the locks of a state folder. Entering raises PanelError if another panel has one."""

    def __init__(self, paths: Paths) -> None:
        self.secret = secrets.token_urlsafe(32)
        self._paths = paths
        self._in_folder = LockFile(paths.lock, notice("advice.lock_unknown"))
        self._in_cache = LockFile(_in_cache(paths, ".lock"))
        self._url: str | None = None
        self._warned = False

    def __enter__(self) -> "SingleInstanceLock":
        self._take_folder("folder.taken", "folder.taken_by")
        tighten(self._paths.state_dir, OURS)
        try:
            make_private_folder(self._in_cache.path.parent)
            if not self._in_cache.take():
                self._in_folder.release()
                raise PanelError(self._taken(self._in_cache, "folder.taken", "folder.taken_by"))
        except OSError as error:  # as without a home: only a deleted folder is then not guarded for a second
            _LOG.info("the lock in the cache folder cannot be used: %s", error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._in_folder.is_there():
            with contextlib.suppress(OSError):  # as `announce`: it serves `ollama-panel status` only
                self._paths.panel.unlink()
        self._in_folder.release()
        self._in_cache.release(remove=True)

    def announce(self, url: str) -> None:
        """Write the URL to `panel.json`. If that fails, only `ollama-panel status` does not work."""
        self._url = url
        try:
            write_whole(self._paths.panel, msgspec.json.encode(PanelInfo(os.getpid(), url, self.secret)))
        except PanelError as error:
            _LOG.log(logging.INFO if self._warned else logging.WARNING, "%s", error)
            self._warned = True

    def renew(self) -> bool:
        """Make the folder and its lock again if they are gone; return whether they were.

        Raises PanelError if that is impossible, or if another panel has taken the folder meanwhile. Blocks.
        """
        if self._in_folder.is_there():
            return False
        self._in_folder.release()
        self._take_folder("folder.lost", "folder.lost_by")
        return True

    def announce_again(self) -> None:
        """Write `panel.json` again, after `renew`."""
        if self._url is not None:
            self.announce(self._url)

    def _take_folder(self, unknown: str, known: str) -> None:
        try:
            make_private_folder(self._paths.state_dir)
            taken = _taken_at_last(self._in_folder)
        except OSError as error:
            folder = str(self._paths.state_dir)
            raise PanelError(notice("folder.unusable", path=folder, reason=reason_of(error))) from error
        if not taken:
            raise PanelError(self._taken(self._in_folder, unknown, known))

    def _taken(self, lock: LockFile, unknown: str, known: str) -> Notice:
        """Return the notice `known`, with the process that has a lock, or `unknown` if the file does not tell it."""
        pid, folder = lock.owner(), str(self._paths.state_dir)
        return notice(known, path=folder, pid=pid) if pid else notice(unknown, path=folder)


def _taken_at_last(lock: LockFile) -> bool:
    """Take a lock; a command that looks whether anybody has it (`is_abandoned`) has it for a moment."""
    for _ in range(_TRIES):
        if lock.take():
            return True
        time.sleep(_PAUSE_S)
    return lock.take()


def window_lock(paths: Paths) -> LockFile:
    """Return the lock of the one window for a state folder; its folder exists, if it can be made."""
    lock = LockFile(_in_cache(paths, ".window"))
    with contextlib.suppress(OSError):  # `take` raises it again
        make_private_folder(lock.path.parent)
    return lock


def window_socket(paths: Paths) -> str:
    """Return where the program that has `window_lock` listens: a path, or the name of a pipe on Windows."""
    socket = _in_cache(paths, ".socket")
    if sys.platform == "win32":
        return f"ollama-panel-{socket.stem}"
    if len(os.fsencode(socket)) > _LONGEST_SOCKET:
        socket = Path(tempfile.gettempdir()) / f"ollama-panel-{socket.stem}.socket"
    return str(socket)


def _in_cache(paths: Paths, ending: str) -> Path:
    """Return a file in the user's cache folder that belongs to a state folder, by the hash of its path.

    It is in the state folder for a user without a home.
    """
    name = hashlib.sha256(os.fsencode(paths.state_dir.resolve())).hexdigest()[:32]
    try:
        cache = Path(platformdirs.user_cache_path("ollama-panel", appauthor=False))
    except RuntimeError:
        return paths.state_dir / f"panel.{name}{ending}"
    return cache / "running" / f"{name}{ending}"


def is_abandoned(paths: Paths) -> bool:
    """Return whether the panel of a folder is gone, as one that was killed: its lock is there, and nobody has it.

    False if that cannot be found out.
    """
    lock = LockFile(paths.lock)
    try:
        free = paths.lock.exists() and lock.take()
    except OSError:
        return False
    lock.release()
    return free
