"""What the doctor keeps between runs: what was set aside, and what was mended, with what takes it back."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError, folder_advice, not_read, not_written, reason_of
from ollama_panel.core.findings import EditFiles, Fix, Ignored, Mended, RunCommands
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.files import make_private_folder, read_file, write_whole
from ollama_panel.engine.lock_file import LockFile, exclusive

_LOG = logging.getLogger(__name__)
_NONSENSE = (msgspec.DecodeError, UnicodeDecodeError)
MOST = 50
"""How many mended findings are kept; older ones are forgotten."""


class Repair(msgspec.Struct, frozen=True):
    """A fix that was carried out on a `host` ("" = this machine): what front ends see of it, and what takes it back.

    `before` and `after` are the panel's settings in JSON, if those were changed. `under_way`: it has not come to its
    end; whoever was at it may have been killed.
    """

    mended: Mended
    fix: Fix
    host: str = ""
    before: str = ""
    after: str = ""
    under_way: bool = False


class Kept(msgspec.Struct, frozen=True):
    """The content of the file, the newest first."""

    ignored: tuple[Ignored, ...] = ()
    repairs: tuple[Repair, ...] = ()


def read(folder: Path) -> Kept:
    """Return what is kept, nothing if there is nothing. Raises PanelError if it cannot be read.

    A file that makes no sense is moved aside with a warning: it is no reason to look at nothing.
    """
    try:
        return _content(folder)
    except _NONSENSE:
        with exclusive(_path(folder)):
            return _whole(folder)


def _content(folder: Path) -> Kept:
    path = _path(folder)
    try:
        return msgspec.json.decode(read_file(path), type=Kept)
    except FileNotFoundError:
        return Kept()
    except OSError as error:
        raise PanelError(not_read(str(path), error)) from error


def _whole(folder: Path) -> Kept:
    """Return what is kept, while no other program changes it; move aside what makes no sense."""
    try:
        return _content(folder)
    except _NONSENSE as why:
        path, number = _path(folder), 1
        while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
            number += 1
        try:
            path.rename(aside)
        except OSError as error:
            raise PanelError(not_read(str(path), why)) from error
        _LOG.warning(render(notice("doctor.kept_broken", path=str(path), reason=reason_of(why), name=aside.name)))
        return Kept()


def change(folder: Path, edit: Callable[[Kept], Kept]) -> Kept:
    """Change what is kept by `edit`, and return it. No other program changes it meanwhile. Blocks for up to 10 s.

    Raises what `edit` raises, and PanelError if the file cannot be read or written; then it is as before.
    """
    with exclusive(_path(folder)):
        before = _whole(folder)
        after = edit(before)
        if after != before:
            write_whole(_path(folder), msgspec.json.encode(after))
        return after


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one of all processes that mends something of this folder. Raises PanelError if another one does."""
    lock = LockFile(folder / "lock")
    try:
        make_private_folder(folder)
        taken = lock.take()
    except OSError as error:
        raise PanelError(not_written(str(folder), error, folder_advice(error))) from error
    if not taken:
        raise PanelError(notice("doctor.busy"))
    try:
        yield
    finally:
        lock.release()


def with_repair(kept: Kept, repair: Repair) -> Kept:
    """Return what is kept with a repair in the place of the one of its id, or as the newest."""
    ids = [one.mended.id for one in kept.repairs]
    if repair.mended.id in ids:
        repairs = tuple(repair if one.mended.id == repair.mended.id else one for one in kept.repairs)
    else:
        repairs = (repair, *kept.repairs)[:MOST]
    return msgspec.structs.replace(kept, repairs=repairs)


def without(kept: Kept, repair: str) -> Kept:
    """Return what is kept without a repair, by its id."""
    return msgspec.structs.replace(kept, repairs=tuple(one for one in kept.repairs if one.mended.id != repair))


def without_todo(kept: Kept, host: str, found: frozenset[str]) -> Kept:
    """Return what is kept without commands to type for what is not `found` any more: somebody has typed them."""
    return msgspec.structs.replace(kept, repairs=tuple(_typed(one, host, found) for one in kept.repairs))


def _typed(repair: Repair, host: str, found: frozenset[str]) -> Repair:
    one, fix = repair.mended, repair.fix
    if repair.host != host or one.finding in found or not one.todo or not isinstance(fix, RunCommands):
        return repair
    done = msgspec.structs.replace(one, todo=(), can_undo=bool(fix.undo))
    return msgspec.structs.replace(repair, mended=done)


def others_ignored(kept: Kept, host: str, finding: str) -> tuple[Ignored, ...]:
    """Return what was set aside besides a finding of a host."""
    return tuple(one for one in kept.ignored if (one.host, one.finding) != (host, finding))


def paths_of(repair: Repair) -> frozenset[str]:
    """Return the files that a repair has changed."""
    return frozenset(path for path, _, _ in repair.fix.files) if isinstance(repair.fix, EditFiles) else frozenset()


def _path(folder: Path) -> Path:
    return folder / "kept.json"
