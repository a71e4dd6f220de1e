"""Who has started an Ollama server, said from what the system tells of its process. Pure.

Linux names it by the control group of the process (`/proc/PID/cgroup`, cgroups(7)), whatever the unit or the container
is called; macOS by the label that launchd gives to its jobs; Windows by the parent. What a shell was told to start has
none of these. Nothing is guessed: where neither is known, the owner is unknown.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from ollama_panel.core.launch import RUN_ID_VARIABLE
from ollama_panel.core.servers import CONTAINERS, LogKind, LogSource, Owner, OwnerKind

WORKER_NAME = "ollama-worker"
"""The name of the link by which panels start their workers."""
_SERVER = re.compile(
    rf"ollama(?:[-_.]?v?[0-9][\w.]*|-(?:linux|darwin|windows)-\w+)?(?:\.exe)?|\.ollama-(?:wrapped_*|real)|{WORKER_NAME}",
    re.IGNORECASE,
)
"""The names of Ollama's program: the installed one, a release's, one with its version; behind a wrapper of Nix
(nixpkgs `make-wrapper.sh`) or Guix (`wrap-program`); and that of a panel's worker."""
_VERBS = frozenset({"serve", "start"})
"""Ollama's command to serve and its alias (0.32 `cmd/cmd.go`, serveCmd)."""
_APPS = frozenset({"Ollama", "ollama app.exe"})
"""The process of Ollama's desktop app: on macOS, and on Windows (0.32 `app/cmd/app`)."""

_ID = r"[0-9a-f]{12,64}"
_CONTAINERS: tuple[tuple[OwnerKind, re.Pattern[str]], ...] = (
    (OwnerKind.DOCKER, re.compile(rf"/docker[/-]({_ID})(?:\.scope)?(?=/|\Z)")),
    (OwnerKind.PODMAN, re.compile(rf"/libpod-(?:payload-)?({_ID})(?:\.scope)?(?=/|\Z)")),
    (OwnerKind.CONTAINER, re.compile(rf"/(?:cri-containerd|crio|nerdctl|containerd)-({_ID})(?:\.scope)?(?=/|\Z)")),
    (OwnerKind.CONTAINER, re.compile(rf"/kubepods[^/]*/(?:[^/]+/)*(?:[a-z-]+[:-])?({_ID})(?:\.scope)?(?=/|\Z)")),
    (OwnerKind.CONTAINER, re.compile(r"/([0-9a-f]{64})(?:\.scope)?(?=/|\Z)")),
    (
        OwnerKind.CONTAINER,
        re.compile(
            r"/(?:lxc(?:\.payload)?[./]|machine\.slice/(?:machine-|systemd-nspawn@))([^/]+?)(?:\.scope|\.service)?(?:/payload)?(?=/|\Z)"
        ),
    ),
    (OwnerKind.CONTAINER, re.compile(r"(?:\A|/)([^/]*)/payload(?=/)")),  # `systemd-nspawn --keep-unit`
)
_SNAP = re.compile(r"snap\.([^.]+)\.")
_APPLICATION = re.compile(r"(?:app-|dbus-).*@(?!autostart\.)[^@]*\.service")
"""The units in which a desktop starts programs of all kinds, terminals among them (systemd.io DESKTOP_ENVIRONMENTS)."""
_MANAGERS = frozenset({"systemd", "(sd-pam)", "init", "launchd"})
_WRAPPERS = frozenset(
    {"sh", "bash", "dash", "zsh", "ash", "env", "nice", "ionice", "taskset", "numactl", "sudo", "su", "runuser"}
    | {"setpriv", "stdbuf", "chrt", "systemd-inhibit", "snap-exec", "conmon", "tini", "catatonit", "dumb-init"}
)
"""Programs that start another one and wait for it, as the command of a unit often does."""
_WINDOWS_SERVICES = frozenset({"services.exe", "nssm.exe", "winsw.exe", "shawl.exe"})


class Ancestor(msgspec.Struct, frozen=True):
    """A process above another one."""

    pid: int
    name: str = ""
    arguments: tuple[str, ...] = ()


class ProcessFacts(msgspec.Struct, frozen=True):
    """What the system tells of a process; "" and None where it does not.

    `program` is the path of its file, `ancestors` the processes above it, the parent first. `cgroup` is the text of
    `/proc/PID/cgroup`. `environment` is None if it cannot be read. `main_pid` is the main process of its systemd unit,
    as the manager tells it. `label` is that of its job, if launchd has one that runs this command. `outputs` are what
    its standard error and output are connected to, as Linux names them.
    """

    pid: int
    since: float = 0.0
    name: str = ""
    program: str = ""
    arguments: tuple[str, ...] = ()
    user: str = ""
    ours: bool = False
    ancestors: tuple[Ancestor, ...] | None = None
    cgroup: str | None = None
    environment: dict[str, str] | None = None
    main_pid: int | None = None
    label: str = ""
    outputs: tuple[str, ...] = ()
    rss_bytes: int | None = None
    platform: str = "linux"


class Panel(msgspec.Struct, frozen=True):
    """The panel that looks: the random id of its run, the processes of its workers, and its own control groups."""

    run_id: str = ""
    children: frozenset[int] = frozenset()
    cgroup: str = ""


NO_NAMES: Mapping[str, str] = {}


def base_name(path: str) -> str:
    """Return the last part of a path of any system."""
    return path.replace("\\", "/").rpartition("/")[2]


def is_server(program: str, arguments: Sequence[str]) -> bool:
    """Return whether a command line is that of `ollama serve`, be it a script of an interpreter; no runner is one.

    `program` is the path of its file, "" if unknown: a server may call itself otherwise.
    """
    if not arguments:
        return False
    words = [*arguments]
    if not _SERVER.fullmatch(base_name(words[0])) and not _SERVER.fullmatch(base_name(program)):
        words = words[1:]  # an interpreter, then the script
        if not words or not _SERVER.fullmatch(base_name(words[0])):
            return False
    verb = next((word for word in words[1:] if not word.startswith("-")), "")
    return verb in _VERBS


def is_runner(program: str, arguments: Sequence[str]) -> bool:
    """Return whether a command line is that of a runner, which holds one model; arguments as those of `is_server`.

    Ollama 0.32 starts `llama-server` (`llm/llama_binary.go`) or `ollama runner` (`x/mlxrunner/client.go`), versions
    before 0.5.8 started `ollama_llama_server`.
    """
    names = {base_name(one) for one in (program, *arguments[:1])}
    if any(name.startswith(("llama-server", "ollama_llama_server")) for name in names):
        return True
    return any(map(_SERVER.fullmatch, names)) and "runner" in arguments[1:2]


def may_be_server(name: str) -> bool:
    """Return whether a process or a file of this name may be Ollama, so that a closer look is worth it."""
    return name.lower().removeprefix(".").startswith("ollama")


def without_wrappers(found: Iterable[ProcessFacts]) -> tuple[ProcessFacts, ...]:
    """Return the servers without the scripts of the same name that have started one of them and wait for it."""
    servers = tuple(found)
    above = {ancestor.pid for one in servers for ancestor in one.ancestors or ()}
    return tuple(one for one in servers if one.pid not in above)


def is_app(name: str) -> bool:
    """Return whether a process of this name is Ollama's desktop app."""
    return name in _APPS


def container_of(cgroup: str) -> tuple[OwnerKind, str] | None:
    """Return the runtime and the id of the container that a process is in; None if it is in none."""
    for path in _paths(cgroup):
        found = [(found.end(), kind, found[1]) for kind, known in _CONTAINERS if (found := known.search(path))]
        if found:
            _, kind, name = max(found, key=lambda one: one[0])  # the innermost
            return kind, name
    return None


def container_around(facts: ProcessFacts) -> tuple[OwnerKind, str] | None:
    """Return the runtime and the id of the container that a process is in; None if it is in none.

    Without systemd's help, as on hosts with version 1 of control groups, podman without root makes no group. Then the
    program that each runtime puts above a container tells it: conmon (conmon(8)), or containerd's shim
    (`containerd-shim-runc-v2`, whose namespace is `moby` if docker has asked for it).
    """
    return container_of(facts.cgroup or "") or next(filter(None, map(_monitored, facts.ancestors or ())), None)


def _monitored(above: Ancestor) -> tuple[OwnerKind, str] | None:
    values = dict(pairwise(above.arguments))
    if above.name == "conmon" and values.get("-c"):
        by_crio = any("/crio/" in word for word in above.arguments)
        return OwnerKind.CONTAINER if by_crio else OwnerKind.PODMAN, values["-c"]
    if above.name.startswith("containerd-shim") and values.get("-id"):
        by_docker = values.get("-namespace") == "moby"
        return OwnerKind.DOCKER if by_docker else OwnerKind.CONTAINER, values["-id"]
    return None


def _name_by_conmon(facts: ProcessFacts) -> str:
    """Return the name of the container, which conmon is told, too; "" if there is no conmon."""
    above = next((one.arguments for one in facts.ancestors or () if one.name == "conmon"), ())
    return dict(pairwise(above)).get("-n", "")


def unit_of(cgroup: str) -> tuple[str, bool]:
    """Return the systemd service that a process is in, or "", and whether it is one of the user's own manager.

    A scope below a service, as of a program that was started in a terminal, belongs to no service.
    """
    for path in _paths(cgroup):
        names = [part for part in path.split("/") if part.endswith((".service", ".scope"))]
        managers = [name for name in names if name.startswith("user@")]
        if names and names[-1].endswith(".service") and names[-1] not in managers:
            return names[-1], bool(managers)
    return "", False


def owner_of(facts: ProcessFacts, panel: Panel, names: Mapping[str, str] = NO_NAMES) -> Owner:
    """Return who has started a server; `names` are those of containers by their ids."""
    mark = (facts.environment or {}).get(RUN_ID_VARIABLE)
    if mark or facts.pid in panel.children:
        ours = facts.pid in panel.children or mark == panel.run_id
        return Owner(OwnerKind.PANEL if ours else OwnerKind.OTHER_PANEL)
    if facts.environment is None and base_name((*facts.arguments, "")[0]) == WORKER_NAME:
        return Owner(OwnerKind.OTHER_PANEL)
    if facts.platform == "darwin":
        return _on_macos(facts)
    if facts.platform == "win32":
        return _on_windows(facts)
    return _on_linux(facts, panel, names)


def _on_linux(facts: ProcessFacts, panel: Panel, names: Mapping[str, str]) -> Owner:
    cgroup = facts.cgroup or ""
    unit, user_unit = unit_of(cgroup)
    contained = container_around(facts)
    if contained is not None and contained != container_of(panel.cgroup):
        kind, name = contained
        return Owner(kind, names.get(name) or _name_by_conmon(facts) or name[:12], unit, user_unit)
    snap = _snap_of(facts, cgroup)
    if snap:
        return Owner(OwnerKind.SNAP, snap, unit, user_unit)
    parent = facts.ancestors[0] if facts.ancestors else None
    if parent is not None and is_app(parent.name):
        return Owner(OwnerKind.DESKTOP_APP, parent.name)
    if unit and _is_of_unit(facts, unit):
        return _of_unit(unit, user_unit=user_unit)
    if facts.cgroup is None or facts.ancestors is None:
        return Owner()
    return Owner(OwnerKind.BY_HAND, _starter(facts.ancestors))


def _of_unit(unit: str, *, user_unit: bool) -> Owner:
    if unit.startswith("homebrew."):
        return Owner(OwnerKind.HOMEBREW, unit.removesuffix(".service"), unit, user_unit)
    return Owner(OwnerKind.USER_UNIT if user_unit else OwnerKind.SYSTEM_UNIT, unit, unit, user_unit)


def _is_of_unit(facts: ProcessFacts, unit: str) -> bool:
    """Return whether a unit runs the server, and not only a shell in which somebody has started it.

    A server that was started by hand below sshd, cron or an editor is in the unit of these, and stopping that would end
    more than the server.
    """
    above = list[Ancestor]()
    for one in facts.ancestors or ():
        if one.pid == 1 or one.name in _MANAGERS:
            break
        above.append(one)
    wrapped = all(_wraps(one) for one in above)
    if facts.main_pid is None:
        return wrapped and not _APPLICATION.fullmatch(unit)
    return wrapped and facts.main_pid in (facts.pid, *(one.pid for one in above))


def _wraps(one: Ancestor) -> bool:
    """Return whether a process has been told to run a command; a shell at which somebody types has not."""
    names = {one.name, *map(base_name, one.arguments[:1])}
    return bool(names & _WRAPPERS) and len(one.arguments) > 1 and not {"-i", "-l"} & {*one.arguments}


def _on_macos(facts: ProcessFacts) -> Owner:
    parent = facts.ancestors[0] if facts.ancestors else None
    if parent is not None and is_app(parent.name):
        return Owner(OwnerKind.DESKTOP_APP, parent.name)
    told = (facts.environment or {}).get("XPC_SERVICE_NAME", "")
    label = facts.label or ("" if told == "0" or told.startswith("application.") else told)
    if parent is not None and parent.pid == 1 and label:  # the label is inherited by what a job starts
        return Owner(OwnerKind.HOMEBREW if label.startswith("homebrew.") else OwnerKind.LAUNCHD, label)
    if parent is None or (parent.pid == 1 and facts.environment is None):
        return Owner()
    return Owner(OwnerKind.BY_HAND, _starter(facts.ancestors or ()))


def _on_windows(facts: ProcessFacts) -> Owner:
    if not facts.ancestors:
        return Owner()
    parent = facts.ancestors[0]
    if is_app(parent.name):
        return Owner(OwnerKind.DESKTOP_APP, parent.name)
    if parent.name.lower() in _WINDOWS_SERVICES:
        return Owner(OwnerKind.SERVICE, parent.name)
    return Owner(OwnerKind.BY_HAND, _starter(facts.ancestors))


def _starter(ancestors: Sequence[Ancestor]) -> str:
    """Return the name of the program that has started a server, "" if that has ended."""
    return "" if not ancestors or ancestors[0].name in _MANAGERS or ancestors[0].pid == 1 else ancestors[0].name


def _snap_of(facts: ProcessFacts, cgroup: str) -> str:
    """Return the name of the snap that a server is of; its program is below `/snap/NAME/REVISION`."""
    for part in (part for path in _paths(cgroup) for part in path.split("/")):
        found = _SNAP.match(part)
        if found and found[1] in ("ollama", _below_snap(facts.program)):
            return found[1]
    return _below_snap(facts.program)


def _below_snap(program: str) -> str:
    parts = program.split("/")
    start = next((place for place, part in enumerate(parts) if part == "snap"), None)
    if start is None or parts[:start] not in ([""], ["", "var", "lib", "snapd"]) or len(parts) < start + 4:
        return ""
    return parts[start + 1]


def _paths(cgroup: str) -> Iterator[str]:
    """Yield the paths of the text of `/proc/PID/cgroup`: of version 2 and of systemd's hierarchy first.

    Both versions may be mounted; then version 2 may have no more than the root.
    """
    lines = [line.split(":", 2) for line in cgroup.splitlines() if line.count(":") >= 2]
    order = {"": 0, "name=systemd": 1}
    for _, _, path in sorted(lines, key=lambda one: order.get(one[1], 2)):
        if path.strip("/"):
            yield path


def log_of(facts: ProcessFacts, owner: Owner, home: str) -> LogSource | None:
    """Return where the log of a server is; None if nothing tells it. `home` is the home of its user, "" if unknown.

    Ollama logs to its standard error (0.32 `logutil/logutil.go`); the app redirects that (`app/server/server.go`).
    """
    if owner.kind in CONTAINERS:
        return _container_log(owner)
    redirected = _output(facts.outputs)
    if redirected is not None:
        return redirected
    if owner.kind is OwnerKind.PANEL:
        return LogSource(LogKind.PANEL)
    if owner.kind is OwnerKind.DESKTOP_APP:
        return _app_log(facts, home)
    if owner.unit:
        manager = " --user" if owner.user_unit else ""
        return LogSource(LogKind.JOURNAL, command=f"journalctl{manager} -u {shlex.quote(owner.unit)}")
    return None


def _output(outputs: Sequence[str]) -> LogSource | None:
    """Return what a shell has connected the output to; None if that is a pipe, or the journal's socket."""
    path = next((one.removesuffix(" (deleted)") for one in outputs if one.startswith("/")), "")
    if path == "/dev/null":
        return LogSource(LogKind.NOTHING)
    if path.startswith(("/dev/pts/", "/dev/tty", "/dev/console")):
        return LogSource(LogKind.TERMINAL, path)
    return LogSource(LogKind.FILE, path) if path else None


def _container_log(owner: Owner) -> LogSource | None:
    if owner.kind is OwnerKind.CONTAINER or owner.kind is None:
        return None
    return LogSource(LogKind.CONTAINER, command=f"{owner.kind.value} logs {shlex.quote(owner.name)}")


def _app_log(facts: ProcessFacts, home: str) -> LogSource | None:
    local = (facts.environment or {}).get("LOCALAPPDATA", "")
    if facts.platform == "win32":
        local = local or (f"{home}\\AppData\\Local" if home else "")
        return LogSource(LogKind.FILE, f"{local}\\Ollama\\server.log") if local else None
    return LogSource(LogKind.FILE, f"{home}/.ollama/logs/server.log") if home else None
