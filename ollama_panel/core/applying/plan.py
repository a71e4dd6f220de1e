"""The actions that put an export into force on a machine, and those that bring back what was there before. Pure.

A file gets its new text by a copy beside it that takes its place in one step, so that neither a full disk nor a cut
connection leaves half of one; mode and owner of the one before stay.
"""

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TypeAlias

import msgspec

from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.managers import ServiceControl
from ollama_panel.core.applying.record import Action, ActionKind, FileChange, FileState
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.notices import notice

_BACKUP = ".before-ollama-panel-"
_EDITED = ".edited-"
_NEW = ".new-ollama-panel"
_DROP_INS = ".service.d"
_READABLE = "644"
"""The mode of a new file, as `systemctl edit` makes drop-ins: none has secrets."""


Commands: TypeAlias = "Callable[[Kept], Iterable[str]]"
"""Returns the commands for one file."""


class Kept(msgspec.Struct, frozen=True):
    """What was at a path before: the copy of it, "" = nothing was there. `root`: only an administrator may write it.

    Unless `whole`, the copy may be half of one: then nothing was written yet.
    """

    path: str
    backup: str = ""
    root: bool = False
    whole: bool = False


class Change(msgspec.Struct, frozen=True):
    """What an export changes on a machine: its files, and the units that restart; `new` ones were not there before.

    `busy` are those that run now, so that clients may be at work on them; `stopped` ones were there and did not run.
    """

    files: tuple[FileChange, ...]
    units: tuple[Unit, ...]
    new: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()


def date_of(at: float) -> str:
    """Return how the names of copies end that are made at a Unix time, in UTC.

    It has milliseconds: of two copies with one name the later would replace the earlier.
    """
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%d-%H%M%S-%f}"[:-3]


def kept_of(files: Sequence[FileChange], date: str) -> tuple[Kept, ...]:
    """Return what is kept of the files that are written; `date` ends the names of the copies."""
    return tuple(
        Kept(one.path, f"{one.path}{_BACKUP}{date}" if one.state is FileState.CHANGED else "", one.root)
        for one in files
        if one.state is not FileState.SAME
    )


def beside(path: str, date: str) -> str:
    """Return where a file is kept that somebody has changed, on the way back at a `date`."""
    return f"{path}{_EDITED}{date}"


def all_whole(kept: Sequence[Kept]) -> tuple[Kept, ...]:
    """Return what is kept, of which all copies are whole now."""
    return tuple(msgspec.structs.replace(one, whole=True) for one in kept)


def forth(
    manager: ServiceControl,
    facts: HostFacts,
    change: Change,
    kept: Sequence[Kept],
    staged: Mapping[str, str],
    fresh: Collection[str],
    *,
    again: bool = False,
) -> tuple[Action, ...]:
    """Return the actions that put an export into force.

    `staged` has, by path, where its text waits on the machine; `fresh` are the paths of which no copy is kept yet.
    `again`: it was interrupted, so that nobody knows whether the files that are there were read.
    """
    root = manager.root and bool(facts.sudo)
    written = [one for one in kept if one.path in staged]
    restarts = [command for unit in change.units for command in manager.restart(unit, new=unit.name in change.new)]
    names = tuple(unit.name for unit in change.units)
    actions = [
        *_by_right(ActionKind.BACKUP, [one for one in kept if one.backup and one.path in fresh], facts, _backed_up),
        *_by_right(ActionKind.WRITE, written, facts, lambda one: _written(one, staged[one.path])),
    ]
    if written or again:
        texts = [(one.path, one.after) for one in change.files]
        actions += _action(ActionKind.CHECK, "apply.check", manager.check(texts), facts, root=root)
        actions += _action(ActionKind.RELOAD, "apply.reload", manager.reload(), facts, root=root)
    if restarts and change.busy and not manager.graceful:
        actions.append(Action(ActionKind.IDLE, notice("apply.idle")))
    if restarts:
        told = notice("apply.restart", units=names)
        commands = tuple(_typed(command, facts, root=root) for command in restarts)
        actions.append(Action(ActionKind.RESTART, told, commands, root))
    actions.append(Action(ActionKind.PROVE, notice("apply.prove")))
    return tuple(actions)


def back(
    manager: ServiceControl,
    facts: HostFacts,
    change: Change,
    kept: Sequence[Kept],
    left: Collection[str],
    *,
    restarted: bool,
    wait: bool,
    edited: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Action, ...]:
    """Return the actions that bring back what was there before; `left` are the copies that are still there.

    `restarted`: units may run with the new files. `wait`: until no client is at work, unless nothing is broken off.
    `edited` has the paths of files that somebody has changed since, and where each is kept.
    """
    root = manager.root and bool(facts.sudo)
    ends = [unit for unit in change.units if unit.name in change.new | change.stopped]
    old = [unit for unit in change.units if unit not in ends]
    stops = [command for unit in ends for command in manager.stop(unit, new=unit.name in change.new)]
    starts = [command for unit in old for command in manager.restart(unit, new=False)]
    actions = list[Action]()
    if restarted and wait and not manager.graceful:
        actions.append(Action(ActionKind.IDLE, notice("apply.idle")))
    if restarted and stops:
        names = tuple(unit.name for unit in ends)
        commands = tuple(_typed(command, facts, root=root) for command in stops)
        actions.append(Action(ActionKind.RESTART, notice("apply.stop", units=names), commands, root))
    actions += _by_right(ActionKind.RESTORE, kept, facts, lambda one: _restored(one, left, edited))
    actions += _action(ActionKind.RELOAD, "apply.reload", manager.reload(), facts, root=root)
    if restarted and starts:
        told = notice("apply.restart", units=tuple(unit.name for unit in old))
        commands = tuple(_typed(command, facts, root=root) for command in starts)
        actions.append(Action(ActionKind.RESTART, told, commands, root))
    if restarted and old:
        actions.append(Action(ActionKind.PROVE, notice("apply.prove_back")))
    return tuple(actions)


_TOLD = {
    ActionKind.BACKUP: "apply.backup",
    ActionKind.WRITE: "apply.write",
    ActionKind.RESTORE: "apply.restore",
}


def _by_right(kind: ActionKind, kept: Sequence[Kept], facts: HostFacts, commands: Commands) -> Iterator[Action]:
    """Yield an action for the files that the user may write, and one for those that an administrator may."""
    for root in (False, True):
        chosen = [one for one in kept if (one.root and bool(facts.sudo)) is root]
        if chosen:
            typed = tuple(_typed(command, facts, root=root) for one in chosen for command in commands(one))
            yield Action(kind, notice(_TOLD[kind], paths=tuple(one.path for one in chosen)), typed, root)


def _action(kind: ActionKind, code: str, commands: Sequence[str], facts: HostFacts, *, root: bool) -> list[Action]:
    typed = tuple(_typed(command, facts, root=root) for command in commands)
    return [Action(kind, notice(code), typed, root)] if typed else []


def _typed(command: str, facts: HostFacts, *, root: bool) -> str:
    return f"{facts.sudo}{command}" if root else command


def unattended(command: str) -> str:
    """Return a command as the panel runs it: `sudo` that would ask for a password fails instead."""
    return f"sudo -n {command[5:]}" if command.startswith("sudo ") else command


def _backed_up(one: Kept) -> tuple[str, ...]:
    return (f"cp -p {shlex.quote(one.path)} {shlex.quote(one.backup)}",)


def _written(one: Kept, staged: str) -> tuple[str, ...]:
    path, new = shlex.quote(one.path), shlex.quote(f"{one.path}{_NEW}")
    copy = f"cp {shlex.quote(staged)} {new}"
    if one.backup:
        return f"cp -p {path} {new}", copy, f"mv -f {new} {path}"
    folder = shlex.quote(one.path.rpartition("/")[0])
    return f"mkdir -p {folder}", copy, f"chmod {_READABLE} {new}", f"mv -f {new} {path}"


def _restored(one: Kept, left: Collection[str], edited: Mapping[str, str]) -> Iterator[str]:
    path = shlex.quote(one.path)
    yield f"rm -f {shlex.quote(f'{one.path}{_NEW}')}"
    if one.backup and not one.whole:
        yield f"rm -f {shlex.quote(one.backup)}"
        return
    if one.path in edited:
        yield f"cp -p {path} {shlex.quote(edited[one.path])}"
    if one.backup in left:
        yield f"mv -f {shlex.quote(one.backup)} {path}"
    elif not one.backup:
        yield f"rm -f {path}"
        folder = one.path.rpartition("/")[0]
        if folder.endswith(_DROP_INS):
            yield f"rmdir {shlex.quote(folder)} 2>/dev/null || true"
