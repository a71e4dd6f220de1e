"""Writes files that are whole and private.

Whole: a crash at any moment leaves the old file or the new one, never half of one. Private: the owner alone may read
them, whatever the umask, because settings hold keys and logs hold what Ollama says. Windows needs nothing for that: a
profile's folders are its user's.
"""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Collection
from pathlib import Path

from ollama_panel.core.errors import PanelError, folder_advice, not_written
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render

_FILE, _FOLDER = 0o600, 0o700
_AT_ONCE: int = getattr(os, "O_NONBLOCK", 0)
_MOST = 256 * 1024 * 1024
"""Bytes of a file that is read whole; what the panel writes has some thousand."""


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a temporary file, fsync it and rename it to `path`. Raises PanelError if that fails.

    Without `durable` there is no fsync, which can take seconds: for files that are useless after the machine crashed.
    """
    aside = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        make_private_folder(path.parent)
        _require_file(path)
        with open(aside, "wb", opener=private) as file:
            _keep_owner(file.fileno(), path)
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise PanelError(not_written(str(path), error, folder_advice(error))) from error


def _keep_owner(descriptor: int, path: Path) -> None:
    """Give a file to the owner of the one that it replaces, else of its folder: root, by sudo, may write for a user."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    with contextlib.suppress(OSError):
        owner = (path if path.exists() else path.parent).stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def read_file(path: Path) -> bytes:
    """Return the content of a file. Raises OSError, also at once for a pipe or a device, which may have no end."""
    with open(path, "rb", opener=_at_once) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise _NotAFileError(path)
        if status.st_size > _MOST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return file.read()


def private(path: str, flags: int) -> int:
    """Open a file for its owner alone: an `opener` for `open`.

    Raises OSError, also for a pipe, whose reader may stop; devices may be written, as people link a log to /dev/null.
    """
    descriptor = _at_once(path, flags)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISCHR(mode):
        os.close(descriptor)
        raise _NotAFileError(Path(path))
    if sys.platform != "win32" and stat.S_ISREG(mode):
        with contextlib.suppress(OSError):  # it is another user's, or its file system has no rights
            os.fchmod(descriptor, _FILE)
    return descriptor


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe: an `opener` for `open`."""
    try:
        return os.open(path, flags | _AT_ONCE, _FILE)
    except OSError as error:
        if error.errno in (errno.ENXIO, errno.ENODEV, errno.EISDIR):  # a pipe that nobody reads, a socket, a folder
            raise _NotAFileError(Path(path)) from error
        raise


def _require_file(path: Path) -> None:
    """Raise OSError if something is at `path` that is neither a file nor a link."""
    with contextlib.suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
            raise _NotAFileError(path)


class _NotAFileError(OSError):
    """Something else is in the place of a file; `notice` says so in the reader's language."""

    def __init__(self, path: Path) -> None:
        self.notice = notice("file.none", name=path.name)
        super().__init__(errno.EINVAL, render(self.notice))


def make_private_folder(folder: Path) -> None:
    """Make a folder for its owner alone, and those above it: who may write there could put another in its place.

    One that exists stays as it is: `tighten` is for that. Raises OSError.
    """
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    try:
        folder.mkdir(_FOLDER)
    except FileExistsError as error:
        if not folder.is_dir():
            code = errno.ENOENT if folder.is_symlink() else errno.ENOTDIR
            raise OSError(code, os.strerror(code), str(folder)) from error
    else:
        _set_rights(folder, _FOLDER)


def tighten(folder: Path, ours: Collection[str]) -> None:
    """Take the rights of others from the entries of `folder` whose names begin with one of `ours`, and from `folder`.

    A folder that holds other things, too, or that many users share (the sticky bit), keeps its own rights: it is
    somebody's home or /tmp rather than ours, and others may have to pass through it.
    """
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        entries = list(folder.iterdir())
        for entry in entries:
            if entry.name.startswith(tuple(ours)) and not entry.is_symlink():
                _tighten_all(entry)
        shared = folder.stat().st_mode & stat.S_ISVTX
        if not shared and all(entry.name.startswith(tuple(ours)) for entry in entries):
            _set_rights(folder, _FOLDER)


def _tighten_all(entry: Path) -> None:
    if entry.is_dir():
        _set_rights(entry, _FOLDER)
        for below in entry.iterdir():
            if not below.is_symlink():
                _tighten_all(below)
    elif entry.is_file():
        _set_rights(entry, _FILE)


def _set_rights(path: Path, rights: int) -> None:
    with contextlib.suppress(OSError):
        if stat.S_IMODE(path.stat().st_mode) != rights:
            path.chmod(rights)
