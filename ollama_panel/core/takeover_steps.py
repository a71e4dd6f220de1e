"""The steps that move a server to another address, and those back, by whoever has started it. Pure.

systemd reads `Environment=` of a drop-in after that of the unit, and drop-ins in the order of their names
(systemd.unit(5)); files of `EnvironmentFile=` count more, the last of them most, and what the command line of
`ExecStart=` sets counts most (systemd.exec(5)); launchd gives a job the variables of its property list
(launchd.plist(5)); the desktop app passes its own environment on to its server (0.33 `app/server/server.go cmd`); the
snap's server has what `snap set` says (Ollama's `snap/local/snap_launcher.sh`).
"""

import shlex
from collections.abc import Callable

import msgspec

from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.redact import HIDDEN
from ollama_panel.core.replacements import Control, Means
from ollama_panel.core.server_control import control_of
from ollama_panel.core.servers import CONTAINERS, FoundServer, OwnerKind
from ollama_panel.core.stores import Found
from ollama_panel.core.takeover import StepBy, StepKind, TakeoverStep

DROP_IN = "zz-ollama-panel.conf"
"""Its name comes after that of `systemctl edit`, override.conf, so that its address counts."""
_VARIABLES = "zz-ollama-panel.env"
"""Beside it, for a unit that reads variables from files; systemd takes only names that end in `.conf` for drop-ins."""
_SYSTEM_UNITS = "/etc/systemd/system"
_HOST = "OLLAMA_HOST"
_SUDO = "sudo "


class UnitFacts(msgspec.Struct, frozen=True):
    """What a unit of systemd says about the variables of its server, before the panel has changed anything.

    `files`: it reads some from files. `host_in_start`: the OLLAMA_HOST of its `ExecStart=`, "" = none is there.
    """

    files: bool = False
    host_in_start: str = ""


class Place(msgspec.Struct, frozen=True):
    """Where the panel runs: the `platform`, the folder of the user's `units`, whether the panel is `root`."""

    platform: str = "linux"
    units: str = ""
    root: bool = False
    repeatable: bool = True
    """Whether it is known how the server was started, and its program is still there."""
    unit: UnitFacts = UnitFacts()


class Move(msgspec.Struct, frozen=True):
    """A server that moves from `address` to `moved_to`, both host and port; `now` is it where it runs now, if known."""

    server: FoundServer
    address: str
    moved_to: str
    place: Place = Place()
    now: FoundServer | None = None

    @property
    def values(self) -> dict[str, Value]:
        """The values of most sentences about it."""
        return {"address": self.address, "moved_to": self.moved_to}


class Steps(msgspec.Struct, frozen=True):
    """The steps of a move, and those back."""

    forth: tuple[TakeoverStep, ...]
    back: tuple[TakeoverStep, ...]


def steps_of(move: Move) -> Steps:
    """Return the steps. Raises PanelError for a server of a panel."""
    server, owner = move.server, move.server.owner
    control = control_of(server, move.place.platform)
    if owner.kind in CONTAINERS:
        return _container(move)
    if owner.kind is OwnerKind.SNAP:
        return _snap(move)
    if owner.unit:
        return _unit(move)
    known = _BY_OWNER.get(owner.kind, _unknown) if owner.kind is not None else _unknown
    return known(move, control)


def without_sudo(command: str) -> str:
    """Return a command as an administrator types it."""
    return command.removeprefix(_SUDO).replace(f"| {_SUDO}", "| ")


def _unit(move: Move) -> Steps:
    """Return the steps for a unit of systemd: a drop-in with the address, and a file for it if files count more."""
    owner, facts = move.server.owner, move.place.unit
    unit, by_user = owner.unit, owner.user_unit
    folder = f"{move.place.units if by_user else _SYSTEM_UNITS}/{unit}.d"
    by, sudo = _by(move, ours=by_user and move.server.ours)
    manager = "systemctl --user" if by_user else "systemctl"
    quoted = shlex.quote(unit)
    restart = TakeoverStep(
        StepKind.RESTART,
        by,
        notice("takeover.restart", unit=unit),
        _seen_moved(move),
        (f"{sudo}{manager} restart {quoted}",),
    )
    restart_back = msgspec.structs.replace(restart, verified=_seen_back(move))
    if facts.host_in_start:
        edit = f"{sudo}{manager} edit --full {quoted}"  # reads it again, too
        check = f"{manager} show {quoted} --property=ExecStart"
        forth, back = (_start_line(unit, host, edit, check) for host in (move.moved_to, facts.host_in_start))
        return Steps((forth, restart), (back, restart_back))
    host, files = f"{_HOST}={move.moved_to}", f"{folder}/{_VARIABLES}"
    drop_in = f'# ollama-panel take-over\n[Service]\nEnvironment="{host}"\n'
    written = [(f"{folder}/{DROP_IN}", drop_in + (f"EnvironmentFile={files}\n" if facts.files else ""))]
    if facts.files:
        written.insert(0, (files, f"{host}\n"))
    check = f"{manager} show {quoted} --property=Environment"
    reload = TakeoverStep(
        StepKind.RELOAD,
        by,
        notice("takeover.reload"),
        notice("takeover.seen_by", command=check, expected=host),
        (f"{sudo}{manager} daemon-reload",),
        check=check,
        expects=host,
    )
    unread = notice("takeover.seen_no_more_by", command=check, expected=host)
    reload_back = msgspec.structs.replace(reload, verified=unread, gone=True)
    forth_files = (_written(by, sudo, folder, file, content) for file, content in written)
    back_files = (_removed(by, sudo, folder, file) for file, _ in reversed(written))
    return Steps((*forth_files, reload, restart), (*back_files, reload_back, restart_back))


def _written(by: StepBy, sudo: str, folder: str, file: str, content: str) -> TakeoverStep:
    lines = " ".join(map(shlex.quote, content.splitlines()))
    commands = (
        f"{sudo}mkdir -p {shlex.quote(folder)}",
        f"printf '%s\\n' {lines} | {sudo}tee {shlex.quote(file)} > /dev/null",
    )
    told, seen = notice("takeover.write", path=file), notice("takeover.seen_file", path=file)
    return TakeoverStep(StepKind.CONFIGURE, by, told, seen, commands, file=file, content=content)


def _removed(by: StepBy, sudo: str, folder: str, file: str) -> TakeoverStep:
    commands = (
        f"{sudo}rm -f {shlex.quote(file)}",
        f"{sudo}rmdir --ignore-fail-on-non-empty {shlex.quote(folder)}",
    )
    told, seen = notice("takeover.remove", path=file), notice("takeover.seen_gone", path=file)
    return TakeoverStep(StepKind.CONFIGURE, by, told, seen, commands, file=file, gone=True)


def _start_line(unit: str, host: str, edit: str, check: str) -> TakeoverStep:
    """Return the step in which somebody edits what a unit runs; no drop-in can do that without knowing all of it."""
    expected = f"{_HOST}={host}"
    told = notice("takeover.start_line", host=host, unit=unit)
    seen = notice("takeover.seen_by", command=check, expected=expected)
    return TakeoverStep(StepKind.CONFIGURE, StepBy.USER, told, seen, (edit,), check=check, expects=expected)


def _snap(move: Move) -> Steps:
    by, sudo = _by(move, ours=False)
    name, before = shlex.quote(move.server.owner.name), _set_variables(move.server).get(_HOST, "")
    restore = f"snap set {name} host={shlex.quote(before)}" if before else f"snap unset {name} host"
    restart = f"{sudo}snap restart {name}"

    def steps(configure: str, seen: Notice) -> tuple[TakeoverStep, ...]:
        return (
            TakeoverStep(StepKind.CONFIGURE, by, notice("takeover.snap", name=name), seen, (f"{sudo}{configure}",)),
            TakeoverStep(StepKind.RESTART, by, notice("takeover.restart", unit=name), seen, (restart,)),
        )

    return Steps(steps(f"snap set {name} host={move.moved_to}", _seen_moved(move)), steps(restore, _seen_back(move)))


def _launchd(move: Move, _: Control) -> Steps:
    """Return the steps for a job of launchd, be it Homebrew's: the address in its property list."""
    label, ours = move.server.owner.name, move.server.ours
    by, sudo = _by(move, ours=ours)
    file = f"~/Library/LaunchAgents/{label}.plist" if ours else f"/Library/LaunchDaemons/{label}.plist"
    domain, place = ("gui/$(id -u)", file) if ours else ("system", file)
    before = _set_variables(move.server).get(_HOST, "")
    key = f":EnvironmentVariables:{_HOST}"

    def edit(words: str) -> str:
        return f"/usr/libexec/PlistBuddy -c {shlex.quote(words)} {file}"

    check = edit(f"Print {key}")
    write = f"Set {key} {move.moved_to}" if before else f"Add {key} string {move.moved_to}"
    restore = f"Set {key} {before}" if before else f"Delete {key}"
    stop = _stop(move, by, (f"{sudo}launchctl bootout {domain}/{label}",))
    start = f"{sudo}launchctl bootstrap {domain} {place}"

    def configure(words: str, *, gone: bool) -> TakeoverStep:
        seen = "takeover.seen_no_more_by" if gone else "takeover.seen_by"
        return TakeoverStep(
            StepKind.CONFIGURE,
            by,
            notice("takeover.plist", path=file),
            notice(seen, command=check, expected=move.moved_to),
            (f"{sudo}{edit(words)}",),
            check=check,
            expects=move.moved_to,
            gone=gone,
        )

    return Steps(
        (stop, configure(write, gone=False), _start(move, by, (start,))),
        (_stop_moved(move, by, stop.commands), configure(restore, gone=True), _start_back(move, by, (start,))),
    )


def _app(move: Move, control: Control) -> Steps:
    """Return the steps for the desktop app: it is started once with the address; after that nothing keeps it.

    The variable is taken away from launchd again, because what is started later would go to the moved server by it.
    """
    by = StepBy.PANEL if move.server.ours and move.place.platform == "darwin" else StepBy.USER
    before = _set_variables(move.server).get(_HOST, "")
    if move.place.platform == "darwin":
        restore = f"launchctl setenv {_HOST} {shlex.quote(before)}" if before else f"launchctl unsetenv {_HOST}"
        forth = (f"launchctl setenv {_HOST} {move.moved_to}", *control.start, restore)
        back = (restore, *control.start)
    else:
        forth = tuple(f"set {_HOST}={move.moved_to}&& {command}" for command in control.start)
        back = control.start
    return Steps(
        (_stop(move, by, control.stop), _start(move, by, forth)),
        (_stop_moved(move, by, control.stop), _start_back(move, by, back)),
    )


def _by_hand(move: Move, control: Control) -> Steps:
    server = move.server
    name, *arguments = server.arguments or ("ollama", "serve")
    command = shlex.join((server.program or name, *arguments))
    if control.means is Means.SIGNAL and move.place.repeatable:
        by, sudo = StepBy.PANEL, ""
        forth, back = f"{_HOST}={move.moved_to} {command}", command
    else:
        by, sudo = StepBy.USER, "" if server.ours or move.place.root else _SUDO
        forth, back = _as_user(move, command, move.moved_to), _as_user(move, command, "")
    ends = (f"{sudo}kill {move.now.pid}",) if move.now is not None else ()
    return Steps(
        (_stop(move, by, (f"{sudo}kill {server.pid}",)), _start(move, by, (forth,))),
        (_stop_moved(move, by, ends), _start_back(move, by, (back,))),
    )


def _as_user(move: Move, command: str, host: str) -> str:
    """Return what starts a server again as its user, with the variables that are known of it and are no secrets."""
    server = move.server
    variables = _set_variables(server) | ({_HOST: host} if host else {})
    words = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    if server.ours:
        return f"{words} {command}".strip()
    env = f"env {words} " if words else ""
    if move.place.root:
        return f"runuser -u {shlex.quote(server.user)} -- {env}{command} &"
    return f"sudo -b -H -u {shlex.quote(server.user)} {env}{command}"


def _set_variables(server: FoundServer) -> dict[str, str]:
    """Return the variables that somebody has set for a server, without secrets; a log has the defaults among them."""
    if server.variables_from not in (Found.ENVIRONMENT, Found.UNIT):
        return {}
    known = (server.variables or {}).items()
    return {name: value for name, value in known if name != "HOME" and value and HIDDEN not in value}


def _container(move: Move) -> Steps:
    told = notice("takeover.publish", name=move.server.owner.name or "—", mapping=f"{move.moved_to}:11434")
    restored = notice("takeover.publish", name=move.server.owner.name or "—", mapping=f"{move.address}:11434")
    return Steps(
        (TakeoverStep(StepKind.PUBLISH, StepBy.USER, told, _seen_moved(move)),),
        (TakeoverStep(StepKind.PUBLISH, StepBy.USER, restored, _seen_back(move)),),
    )


def _unknown(move: Move, _: Control) -> Steps:
    forth, back = notice("takeover.by_yourself", host=move.moved_to), notice("takeover.by_yourself", host=move.address)
    return Steps(
        (TakeoverStep(StepKind.RESTART, StepBy.USER, forth, _seen_moved(move)),),
        (TakeoverStep(StepKind.RESTART, StepBy.USER, back, _seen_back(move)),),
    )


def _stop(move: Move, by: StepBy, commands: tuple[str, ...]) -> TakeoverStep:
    told = notice("takeover.stop", address=move.address, pid=move.server.pid)
    return TakeoverStep(StepKind.STOP, by, told, notice("takeover.seen_ended", pid=move.server.pid), commands)


def _stop_moved(move: Move, by: StepBy, commands: tuple[str, ...]) -> TakeoverStep:
    told = notice("takeover.stop_moved", moved_to=move.moved_to)
    return TakeoverStep(StepKind.STOP, by, told, notice("takeover.seen_silent", moved_to=move.moved_to), commands)


def _start(move: Move, by: StepBy, commands: tuple[str, ...]) -> TakeoverStep:
    told = notice("takeover.start", moved_to=move.moved_to)
    return TakeoverStep(StepKind.START, by, told, _seen_moved(move), commands)


def _start_back(move: Move, by: StepBy, commands: tuple[str, ...]) -> TakeoverStep:
    return TakeoverStep(StepKind.START, by, notice("takeover.start_back"), _seen_back(move), commands)


def _seen_moved(move: Move) -> Notice:
    return notice("takeover.seen_moved", **move.values)


def _seen_back(move: Move) -> Notice:
    return notice("takeover.seen_back", address=move.address)


def _by(move: Move, *, ours: bool) -> tuple[StepBy, str]:
    """Return who carries out the commands of a manager, and what the user has to put before them."""
    if ours or move.place.root:
        return StepBy.PANEL, ""
    return StepBy.ROOT, _SUDO


_BY_OWNER: dict[OwnerKind, Callable[[Move, Control], Steps]] = {
    OwnerKind.DESKTOP_APP: _app,
    OwnerKind.HOMEBREW: _launchd,
    OwnerKind.LAUNCHD: _launchd,
    OwnerKind.BY_HAND: _by_hand,
}
