"""Who runs an `ollama serve` that the panel did not start, and with which environment.

The system tells the variables of the user's own processes only. For those of others there is the line that Ollama logs
at its start, if the user may read the system's log, and what systemd tells everybody of a unit. Everything here blocks,
some milliseconds or, where a program is asked, seconds: use a thread.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
import psutil

from ollama_panel.core.launch import HOST
from ollama_panel.core.ollama.environment import may_be_read
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import Configured
from ollama_panel.core.server_owners import container_of, unit_of
from ollama_panel.core.sources.machine.environment_text import of_systemd, shown_by_systemctl
from ollama_panel.core.stores import Found, Service
from ollama_panel.core.takeover_steps import UnitFacts
from ollama_panel.engine.host import ports
from ollama_panel.engine.host.processes import UNREADABLE

if sys.platform != "win32":
    import grp
    import pwd

_TIMEOUT_S = 3.0
PROC = Path("/proc")
_PROPERTIES = "User,Group,Environment,EnvironmentFiles"
_ABOUT_VARIABLES = "EnvironmentFiles,ExecStart"
_HOST_IN_START = re.compile(r"^ExecStart=.*\bOLLAMA_HOST=[\"']?([^\s\"';]+)", re.MULTILINE)
_LOG_LINES = 200
"""How many of a unit's newest lines are searched: the line about the environment is the first of a run."""

Run: TypeAlias = Callable[[Sequence[str]], str | None]
"""Runs a command and returns what it prints, None if it is missing, fails or takes too long."""


class Server(msgspec.Struct, frozen=True):
    """What is known of a server's process. `variables` are those that Ollama reads, and HOME, as far as known.

    `found` says where those are from. `complete` is false if there may be others, as in a file that cannot be read.
    `home` is the home of its user, "" if unknown. `contained`: it runs in a container.
    """

    service: Service = Service()
    variables: dict[str, str] = {}
    found: Found = Found.UNKNOWN
    complete: bool = False
    home: str = ""
    contained: bool = False


def run_command(command: Sequence[str], limit_s: float = _TIMEOUT_S) -> str | None:
    """Run a command, for `limit_s` at most; see `Run`."""
    try:
        done = subprocess.run(  # the program is systemd's own, found on PATH
            command, capture_output=True, timeout=limit_s, check=True, stdin=subprocess.DEVNULL, text=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout


def of_ports(numbers: Iterable[int]) -> Iterator[Server]:
    """Yield what is known of the servers that listen on these ports."""
    for port in numbers:
        if not ports.is_free(HOST, port):
            process = ports.listening_process(port)
            yield of_port(port, process.pid if process is not None else None)


def of_port(port: int, pid: int | None, run: Run = run_command) -> Server:
    """Return what is known of the server that listens on `port`; `pid` is its process, None = the system does not tell.

    Of several of one user it is the one whose variables name that port; else its user is known at least.
    """
    if pid is not None:
        return look(pid, run)
    found = [look(process.pid, run) for process in ports.other_users_servers(port)]
    named = [one for one in found if _port(one) == port]
    if len(named) == 1 or len(found) == 1:
        return (named or found)[0]
    users = {one.service.user: one for one in found}
    if len(users) != 1 or any(one.contained for one in found):
        return Server()
    (user,) = users
    return Server(Service(user, _group_of(user)), home=_home_of(user))


def _port(server: Server) -> int | None:
    """Return the port that a server's variables name, None if they are not all known."""
    host = server.variables.get("OLLAMA_HOST", "")
    if host:
        return read(host).port
    return DEFAULT_PORT if server.complete else None


def look(pid: int, run: Run = run_command, proc: Path = PROC) -> Server:
    """Return what is known of the server with process `pid`; `proc` is the folder of the process file system."""
    try:
        process = psutil.Process(pid)
        user, ours = process.username(), process.username() == psutil.Process().username()
    except UNREADABLE:
        return Server()
    groups = control_groups(pid, proc) or ""
    unit, user_unit = unit_of(groups)
    service = Service(user, _group_of(user), ours, unit, user_unit)
    server = Server(service, home=_home_of(user), contained=container_of(groups) is not None)
    return _with_variables(server, process, run)


def _with_variables(server: Server, process: psutil.Process, run: Run) -> Server:
    own = _of_process(process)
    if own is not None:
        return msgspec.structs.replace(server, variables=own, found=Found.ENVIRONMENT, complete=True)
    logged = _of_log(process.pid, run) if sys.platform == "linux" else None
    if logged is not None:
        return msgspec.structs.replace(server, variables=logged, found=Found.LOG, complete=True)
    if server.service.unit:
        return _of_unit(server, run)
    return server


def _of_process(process: psutil.Process) -> dict[str, str] | None:
    try:
        found = process.environ()
    except UNREADABLE:
        return None
    return _relevant(found) if found else None


def _of_log(pid: int, run: Run) -> dict[str, str] | None:
    """Return the environment that a server has logged: every variable that it knows, with its effective value."""
    journal = ["journalctl", "--quiet", "--no-pager", "--output=cat", f"--lines={_LOG_LINES}"]
    for line in (run([*journal, "--grep=server config", f"_PID={pid}"]) or "").splitlines():
        fact = parse(line)
        if isinstance(fact, Configured):
            return _relevant(fact.environment)
    return None


def _of_unit(server: Server, run: Run) -> Server:
    manager = ["--user"] if server.service.user_unit else []
    shown = run(["systemctl", *manager, "show", server.service.unit, f"--property={_PROPERTIES}"])
    if shown is None:
        return server
    properties = [line.partition("=")[::2] for line in shown.splitlines()]
    variables, complete = dict[str, str](), True
    for name, value in properties:
        if name == "Environment":
            variables |= dict(shown_by_systemctl(value))
    for name, value in properties:
        if name == "EnvironmentFiles":  # one line each; they win over `Environment`, see systemd.exec(5)
            content = _of_file(value)
            complete = complete and content is not None
            variables |= content or {}
    group = dict(properties).get("Group", "") or server.service.group
    service = msgspec.structs.replace(server.service, group=group)
    return msgspec.structs.replace(
        server, service=service, variables=_relevant(variables), found=Found.UNIT, complete=complete
    )


def unit_facts(unit: str, *, by_user: bool, run: Run = run_command) -> UnitFacts:
    """Return what a unit says about the variables of its server, beside those of `Environment=`."""
    manager = ["--user"] if by_user else []
    shown = run(["systemctl", *manager, "show", unit, f"--property={_ABOUT_VARIABLES}"]) or ""
    files = any(line.startswith("EnvironmentFiles=/") for line in shown.splitlines())
    start = _HOST_IN_START.search(shown)
    return UnitFacts(files, start[1] if start is not None else "")


def _of_file(shown: str) -> dict[str, str] | None:
    """Return the variables of a file as `systemctl show` names it (`/etc/default/ollama (ignore_errors=yes)`)."""
    path, _, options = shown.partition(" (")
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {} if "yes" in options else None
    except (OSError, UnicodeDecodeError):
        return None
    return {line.name: line.value for line in of_systemd(text) if line.is_valid}


def _relevant(variables: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name == "HOME" or may_be_read(name)}


def control_groups(pid: int, proc: Path = PROC) -> str | None:
    """Return the text of a process's `cgroup`, see `core.server_owners`; None where there is none."""
    try:
        return (proc / str(pid) / "cgroup").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


if sys.platform == "win32":

    def _home_of(user: str) -> str:
        return ""

    def _group_of(user: str) -> str:
        return ""

else:

    def _home_of(user: str) -> str:
        try:
            return pwd.getpwnam(user).pw_dir
        except KeyError:
            return ""

    def _group_of(user: str) -> str:
        try:
            return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
        except KeyError:
            return ""
