"""The processes of a machine that are about Ollama: scripts for Linux and macOS, and what they print.

Linux tells of all processes in `/proc/*/stat` (proc_pid_stat(5)): only of those that matter more is asked then.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import RunnerFacts
from ollama_panel.core.launch import RUN_ID_VARIABLE
from ollama_panel.core.ollama.environment import may_be_read
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from ollama_panel.core.server_owners import (
    Ancestor,
    ProcessFacts,
    base_name,
    is_server,
    may_be_server,
    unit_of,
    without_wrappers,
)
from ollama_panel.core.sources.record import Source, SourceKind, TextFile

LIST = r"""
if [ "$(uname -s)" = Darwin ]; then
    date +%s | say now
    ps -axww -o pid= -o ppid= -o user= -o etime= -o rss= -o command= 2>/dev/null | say ps
    ps -axww -o pid= -o comm= 2>/dev/null | say programs
    launchctl list 2>/dev/null | grep -i ollama | say jobs
else
    sed -n 's/^btime //p' /proc/stat | say booted
    getconf CLK_TCK 2>/dev/null | say ticks
    cat /proc/[0-9]*/stat 2>/dev/null | say stat
    {
        grep -ls ollama /proc/[0-9]*/cmdline 2>/dev/null
        ls -l /proc/[0-9]*/exe 2>/dev/null | grep -i 'ollama[^/]*$' | sed 's|.* \(/proc/[0-9]*/\)exe -> .*|\1|'
    } | sed 's|^/proc/\([0-9]*\)/.*|\1|' | sort -u | say ours
fi
"""
"""Prints the table of all processes, and which may be Ollama's.

To macOS' `ps` all that comes after a `=` is a heading (ps(1) of FreeBSD), so that each column has its own option.
"""

_DETAIL = r"""
of() { # of PID: what Linux tells of a process
    cd "/proc/$1" 2>/dev/null || return 0
    { tr '\000\n' '\n\001' <cmdline; } 2>/dev/null | say arguments "$1"
    [ "$2" ] || return 0
    cat cgroup 2>/dev/null | say cgroup "$1"
    if [ -r environ ]; then content=; else content=$as; fi
    $content cat environ 2>/dev/null | tr '\000\n' '\n\001' | say environment "$1"
    user=$(stat -c %U . 2>/dev/null)
    { echo "$user"; $as readlink exe || echo; $as readlink fd/2; $as readlink fd/1; } 2>/dev/null | say links "$1"
    home "$user"
}
"""
_OF_MAC = r"""
of() {
    ps -Eww -o command= -p "$1" 2>/dev/null | say environment "$1"
    home "$(ps -o user= -p "$1" 2>/dev/null | tr -d ' ')"
}
"""
_HOME = r"""
home() { case $1 in ''|*[!A-Za-z0-9._-]*) ;; *) eval "printf '%s' ~$1" | say home "$1" ;; esac; }
"""
"""A shell knows the homes of all users, wherever they are kept."""
_LINE_BREAK = "\x01"
_STAT = re.compile(r"^(\d+) \((.*)\) (\S) (\d+) (.*)$")
_START_TIME, _RSS, _PAGE = 22 - 5, 24 - 5, 4096
"""The places of the fields 22 and 24 among those after the parent's id; a page is of 4 KiB on what Ollama is built for,
but for some kernels for ARM."""
_TICKS = 100
_PS = re.compile(r"^ *(\d+) +(\d+) +(\S+) +(\S+) +(\d+) (.*)$")
_MORE = re.compile(r" (?=[A-Za-z_][A-Za-z0-9_]*=)")


class Process(msgspec.Struct, frozen=True):
    """A process in the table; `since` is Unix time. `user` and `command` are what macOS tells there."""

    pid: int
    parent: int
    name: str
    since: float = 0.0
    rss_bytes: int = 0
    state: str = ""
    user: str = ""
    command: str = ""
    program: str = ""


class Table(msgspec.Struct, frozen=True):
    """All processes by their ids, and which may be Ollama's. `jobs` are labels of launchd by their processes."""

    all: Mapping[int, Process] = {}
    ours: tuple[int, ...] = ()
    jobs: Mapping[int, str] = {}
    mac: bool = False

    def above(self, pid: int) -> tuple[Process, ...]:
        """Return the processes above one, its parent first."""
        found = list[Process]()
        while (one := self.all.get(pid)) is not None and one.parent in self.all and len(found) < 64:
            pid = one.parent
            found.append(self.all[pid])
        return tuple(found)

    def below(self, pid: int) -> tuple[Process, ...]:
        """Return the processes that one has started."""
        return tuple(one for one in self.all.values() if one.parent == pid and one.pid != pid)


def table_of(found: Sequence[Block]) -> Table:
    """Return what the script `LIST` has printed."""
    told = {one.name: one.text for one in found}
    if "ps" in told:
        return _of_mac(told)
    booted, ticks = _number(told.get("booted", "")) or 0, _number(told.get("ticks", "")) or _TICKS
    known = {}
    for line in told.get("stat", "").split("\n"):
        if (match := _STAT.match(line)) is not None:
            fields = match[5].split()
            since = booted + int(fields[_START_TIME]) / ticks if len(fields) > _RSS else 0.0
            rss = int(fields[_RSS]) * _PAGE if len(fields) > _RSS else 0
            known[int(match[1])] = Process(int(match[1]), int(match[4]), match[2], since, rss, match[3])
    ours = tuple(int(pid) for pid in told.get("ours", "").split() if pid.isdecimal() and int(pid) in known)
    return Table(known, tuple(pid for pid in ours if known[pid].state != "Z"))


def _number(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() else None


def _of_mac(told: Mapping[str, str]) -> Table:
    now = _number(told.get("now", "")) or 0
    programs = dict[int, str]()
    for line in told.get("programs", "").split("\n"):
        number, _, program = line.strip().partition(" ")
        if number.isdecimal():
            programs[int(number)] = program.strip()
    known, ours = dict[int, Process](), list[int]()
    for line in told["ps"].split("\n"):
        if (match := _PS.match(line)) is not None:
            number, parent, user, elapsed, rss, command = match.groups()
            pid, since = int(number), now - _elapsed(elapsed)
            program = programs.get(pid, "")
            name = program.rpartition("/")[2]
            known[pid] = Process(
                pid, int(parent), name, since, int(rss) << 10, user=user, command=command.strip(), program=program
            )
            ours += [pid] if "ollama" in f"{command} {program}".lower() else []
    listed = (line.split("\t") for line in told.get("jobs", "").split("\n"))
    jobs = {int(job[0]): job[2] for job in listed if len(job) == 3 and job[0].isdecimal()}
    return Table(known, tuple(ours), jobs, mac=True)


def _elapsed(text: str) -> float:
    """Return the seconds of `[[DD-]HH:]MM:SS`."""
    days, _, rest = text.rpartition("-")
    seconds = 0.0
    for part in rest.split(":"):
        seconds = seconds * 60 + (float(part) if part.replace(".", "").isdecimal() else 0)
    return seconds + (int(days) if days.isdecimal() else 0) * 86400


def detail(table: Table) -> str:
    """Return the script that asks for more of the processes that may be Ollama's, and those around them."""
    if table.mac:
        return _HOME + _OF_MAC + "".join(f"of {pid}\n" for pid in table.ours)
    around = {one.pid for pid in table.ours for one in (*table.above(pid), *table.below(pid))} - {*table.ours}
    whole, part = (f"of {pid} all\n" for pid in table.ours), (f"of {pid} ''\n" for pid in sorted(around))
    return _HOME + _DETAIL + "".join((*whole, *part))


class Details(msgspec.Struct, frozen=True):
    """What was asked of processes, by the id of each. `links` are its user, its program and its outputs.

    `homes` are those of users.
    """

    arguments: Mapping[int, tuple[str, ...]] = {}
    cgroups: Mapping[int, str] = {}
    environments: Mapping[int, dict[str, str]] = {}
    links: Mapping[int, tuple[str, ...]] = {}
    homes: Mapping[str, str] = {}


def details_of(found: Sequence[Block], table: Table) -> Details:
    """Return what the script `detail` has printed."""
    arguments, cgroups = dict[int, tuple[str, ...]](), dict[int, str]()
    environments, links = dict[int, dict[str, str]](), dict[int, tuple[str, ...]]()
    homes = {one.words[0]: one.text for one in found if one.name == "home" and one.words and one.text.startswith("/")}
    for one in found:
        pid = int(one.words[0]) if one.words and one.words[0].isdecimal() else 0
        lines = [line.replace(_LINE_BREAK, "\n") for line in one.text.split("\n")]
        if one.name == "arguments":
            arguments[pid] = tuple(lines[:-1])
        elif one.name == "cgroup":
            cgroups[pid] = one.text
        elif one.name == "environment" and one.text.strip():
            command = table.all[pid].command if pid in table.all else ""
            listed = _after(command, one.text) if table.mac else lines
            environments[pid] = dict(line.partition("=")[::2] for line in listed if "=" in line)
        elif one.name == "links":
            links[pid] = tuple(lines[:-1])
    return Details(arguments, cgroups, environments, links, homes)


def _after(command: str, text: str) -> list[str]:
    """Return the variables that `ps` of macOS prints after a command, which it parts by nothing but blanks."""
    rest = text.strip("\n").removeprefix(command)
    return [] if rest == text.strip("\n") else _MORE.split(rest.rstrip())


def servers_of(
    table: Table, details: Details, user: str, main_pid: Callable[[str, bool], int | None]
) -> tuple[ProcessFacts, ...]:
    """Return the servers among the processes; `user` is who has asked, `main_pid` tells that of a systemd unit."""
    found = list[ProcessFacts]()
    for pid in table.ours:
        process = table.all[pid]
        arguments = arguments_of(process, details)
        links = details.links.get(pid, ())
        program = process.program or (links[1] if len(links) > 1 else "")
        if not is_server(program.removesuffix(" (deleted)"), arguments):
            continue
        owner = process.user or (links[0] if links else "")
        cgroup = details.cgroups.get(pid)
        unit, user_unit = unit_of(cgroup or "")
        above = table.above(pid)
        found.append(
            ProcessFacts(
                pid=pid,
                since=process.since,
                name=process.name,
                program=program,
                arguments=arguments,
                user=owner,
                ours=bool(owner) and owner == user,
                ancestors=tuple(Ancestor(one.pid, one.name, arguments_of(one, details)) for one in above),
                cgroup=cgroup,
                environment=details.environments.get(pid),
                main_pid=main_pid(unit, user_unit) if unit else None,
                label=table.jobs.get(pid, ""),
                outputs=tuple(links[2:]),
                rss_bytes=_memory(table, process),
                platform="darwin" if table.mac else "linux",
            )
        )
    return without_wrappers(sorted(found, key=lambda one: (one.since, one.pid)))


def source_of(one: ProcessFacts, system: str) -> Source | None:
    """Return the variables of a running server that Ollama reads as a source, None if they cannot be read.

    The command of a script is that of its interpreter, which says nothing. A worker of a panel has its mark, too.
    """
    if one.environment is None:
        return None
    kept = ("HOME", RUN_ID_VARIABLE)
    read = {name: value for name, value in sorted(one.environment.items()) if name in kept or may_be_read(name)}
    end = "\0" if any("\n" in value for value in read.values()) else "\n"
    files = [TextFile(f"process {one.pid}", "".join(f"{name}={value}{end}" for name, value in read.items()))]
    if may_be_server(base_name(one.arguments[0])):
        files.append(TextFile(f"command of process {one.pid}", "\0".join(one.arguments)))
    return Source(SourceKind.PROCESS, tuple(files), system)


def arguments_of(process: Process, details: Details) -> tuple[str, ...]:
    """Return the command line of a process; what macOS prints of one has lost its quotes."""
    if process.command and process.program and process.command.startswith(process.program):
        return (process.program, *process.command[len(process.program) :].split())
    if process.command:
        return tuple(process.command.split())
    return details.arguments.get(process.pid, ())


def _memory(table: Table, process: Process, depth: int = 8) -> int:
    below = table.below(process.pid) if depth else ()
    return process.rss_bytes + sum(_memory(table, one, depth - 1) for one in below)


def runners_of(table: Table, details: Details, server: int) -> Iterator[RunnerFacts]:
    """Yield the runners of a server."""
    for one in table.below(server):
        arguments = arguments_of(one, details)
        if (told := runner_arguments(arguments)) is not None:
            yield RunnerFacts(one.pid, server, told.model, tuple(map(redact.text, arguments)))
