"""The facts of Windows, which has no scripts of `sh`: from its own processes, its registry and its files.

Everything here blocks: use a thread.
"""

import contextlib
import getpass
import os
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import psutil

from ollama_panel.core import redact
from ollama_panel.core.doctor.asking import answers
from ollama_panel.core.doctor.asking.logs import logs_of
from ollama_panel.core.doctor.asking.printed import MOST_BYTES, Block
from ollama_panel.core.doctor.asking.processes import source_of
from ollama_panel.core.doctor.asking.sources import grouped
from ollama_panel.core.doctor.asking.sources import source_of as source_from
from ollama_panel.core.doctor.facts import Disk, Facts, FileTime, Listener, MachineFacts, RunnerFacts, UnitFacts
from ollama_panel.core.doctor.hiding import hidden
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.environment import may_be_read
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from ollama_panel.core.server_owners import Panel, may_be_server
from ollama_panel.core.servers import FoundServer, LogKind
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.sources import read
from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.record import Source, SourceKind, TextFile
from ollama_panel.engine import clock
from ollama_panel.engine.doctor.registry import variables_text
from ollama_panel.engine.doctor.servers import merged
from ollama_panel.engine.host import server_log
from ollama_panel.engine.host.processes import UNREADABLE, program_name
from ollama_panel.engine.host.programs import Programs
from ollama_panel.engine.host.servers_found import ServerFinder
from ollama_panel.engine.host.servers_processes import ProcessTable

SYSTEM = "Windows"
_KEYS = (
    ("HKEY_CURRENT_USER", "Environment"),
    ("HKEY_LOCAL_MACHINE", r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment"),
)
_LIMIT_S = 2.0
_MOST_FILES = 400


def facts_of_windows(snapshot: Snapshot | None) -> Facts:
    """Return the facts of this machine."""
    table = ProcessTable().read().servers
    servers = ServerFinder(clock.wall).describe(table, Panel())
    servers = merged(servers, snapshot) if snapshot is not None else servers
    told = list(_answers(servers))
    sources = all_sources()
    versions = answers.versions_of(told)
    return Facts(
        at=clock.wall(),
        machine=_machine(),
        gpus=snapshot.telemetry.gpus if snapshot is not None and snapshot.telemetry is not None else (),
        servers=tuple(msgspec.structs.replace(one, version=versions.get(one.pid) or one.version) for one in servers),
        units=tuple(_services()),
        sources=tuple(hidden(read(one)) for one in sources),
        times=tuple(_times([file.path for one in sources for file in one.files])),
        runners=tuple(one for server in servers for one in _runners(server.pid)),
        loaded=answers.shown_of(answers.loaded_of(told), told),
        logs=logs_of(_logs(servers), {one.pid: one.environment or {} for one in table}),
        listeners=tuple(_listeners()),
        disks=tuple(_disks([one.store for one in servers if one.store])),
        stores=snapshot.stores if snapshot is not None else (),
        environment=redact.environment({name: value for name, value in os.environ.items() if may_be_read(name)}),
        programs=Programs().read(None),
        snapshot=snapshot,
    )


def all_sources() -> tuple[Source, ...]:
    """Return all sources of this machine, and the servers that run."""
    running = (source_of(one, SYSTEM) for one in ProcessTable().read().servers)
    return (*usual_sources(), *filter(None, running))


def usual_sources() -> Iterator[Source]:
    """Yield the sources of this machine: the variables of the user and the system, scripts, and Ollama's own file."""
    for root, key in _KEYS:
        variables = variables_text(root, key)
        if "OLLAMA_" in variables:
            yield Source(SourceKind.REGISTRY, (TextFile(f"reg query {root}\\{key}", variables),), SYSTEM)
    user = Path(os.environ.get("USERPROFILE") or Path.home())
    roaming = Path(os.environ.get("APPDATA") or user / "AppData" / "Roaming")
    yield from _app(Path(os.environ.get("LOCALAPPDATA") or user / "AppData" / "Local") / "Ollama")
    places = (
        (SourceKind.OLLAMA_FILE, user / ".ollama", "server.json"),
        (SourceKind.BATCH, roaming / "Microsoft/Windows/Start Menu/Programs/Startup", "*.bat"),
        (SourceKind.BATCH, roaming / "Microsoft/Windows/Start Menu/Programs/Startup", "*.cmd"),
        (SourceKind.BATCH, user, "*.bat"),
        (SourceKind.BATCH, user / "Desktop", "*.bat"),
        (SourceKind.POWERSHELL, user / "Documents" / "PowerShell", "*profile.ps1"),
        (SourceKind.POWERSHELL, user / "Documents" / "WindowsPowerShell", "*profile.ps1"),
    )
    for kind, folder, pattern in places:
        for path in sorted(folder.glob(pattern)):
            text = text_of(path)
            if text is not None and (kind is SourceKind.OLLAMA_FILE or "ollama" in text.lower()):
                yield Source(kind, (TextFile(str(path), text),), SYSTEM)


def named_sources(what: str) -> tuple[Source, ...]:
    """Return the sources that a path names: a file, or all in a folder. Raises PanelError if there are none."""
    path = Path(what).expanduser()
    if not path.exists():
        raise PanelError(notice("looking.nothing", what=what))
    files = [one for one in path.rglob("*") if one.is_file()][:_MOST_FILES] if path.is_dir() else [path]
    texts = {str(one).replace("\\", "/"): text for one in files if (text := text_of(one)) is not None}
    named = grouped((name, kind_of(name, text)) for name, text in texts.items())
    read_files = {name: TextFile(name, text) for name, text in texts.items()}
    found = (source_from(one, read_files, SYSTEM, str(Path.home())) for one in named)
    if sources := tuple(one for one in found if one is not None):
        return sources
    raise PanelError(notice("looking.no_kind", path=what))


def _app(folder: Path) -> Iterator[Source]:
    """Yield the settings of Ollama's app, as `sqlite3 -line` prints them."""
    path = folder / "db.sqlite"
    with contextlib.suppress(sqlite3.Error, OSError, ValueError):
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
            found = opened.execute("select * from settings")
            names, row = [one[0] for one in found.description], found.fetchone() or ()
        text = "".join(f"{name} = {value}\n" for name, value in zip(names, row, strict=False))
        yield Source(SourceKind.APP, (TextFile(str(path), text),), SYSTEM)


def text_of(path: Path) -> str | None:
    """Return the text of a file, None if it cannot be read or is too long for a source."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return None


def _machine() -> MachineFacts:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return MachineFacts(
        system=SYSTEM,
        release=platform.version(),
        architecture=platform.machine(),
        user=getpass.getuser(),
        home=str(Path.home()),
        cores=os.cpu_count(),
        memory_total=memory.total,
        memory_available=memory.available,
        swap_used=swap.used,
        booted=psutil.boot_time(),
    )


def _answers(servers: tuple[FoundServer, ...]) -> Iterator[Block]:
    with httpx.Client(trust_env=False, timeout=_LIMIT_S) as client:
        for one in servers:
            for name, path in (("version", "/api/version"), ("ps", "/api/ps")):
                with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
                    if one.url:
                        yield Block(name, (str(one.pid),), client.get(f"{one.url}{path}").text)


def _services() -> Iterator[UnitFacts]:
    """Yield the services of Windows that are named after Ollama."""
    listed = getattr(psutil, "win_service_iter", tuple)  # other systems have none
    for service in listed():
        with contextlib.suppress(*UNREADABLE):
            if may_be_server(service.name()):
                told = service.as_dict()
                state = "active" if told.get("status") == "running" else "inactive"
                enabled = told.get("start_type") == "automatic"
                yield UnitFacts(name=service.name(), state=state, pid=told.get("pid") or 0, enabled=enabled)


def _runners(server: int) -> Iterator[RunnerFacts]:
    with contextlib.suppress(*UNREADABLE):
        for one in psutil.Process(server).children():
            arguments = tuple(one.cmdline())
            if (told := runner_arguments(arguments)) is not None:
                yield RunnerFacts(one.pid, server, told.model, tuple(map(redact.text, arguments)))


def _logs(servers: tuple[FoundServer, ...]) -> Iterator[Block]:
    for one in servers:
        if one.log is not None and one.log.kind is LogKind.FILE:
            lines = server_log.last_lines(one.log, one.pid) or []
            yield Block("log", (str(one.pid),), "\n".join(lines))


def _times(paths: list[str]) -> Iterator[FileTime]:
    for path in dict.fromkeys(paths):
        with contextlib.suppress(OSError, ValueError):
            yield FileTime(path, Path(path).stat().st_mtime)


def _listeners() -> Iterator[Listener]:
    with contextlib.suppress(*UNREADABLE):
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr:
                yield Listener(one.laddr.ip, one.laddr.port, one.pid or None, _name(one.pid))


def _name(pid: int | None) -> str:
    return program_name(psutil.Process(pid)) if pid and psutil.pid_exists(pid) else ""


def _disks(folders: list[str]) -> Iterator[Disk]:
    seen = set[str]()
    for folder in [*folders, str(Path.home())]:
        drive = Path(folder).anchor
        with contextlib.suppress(OSError):
            if drive not in seen:
                seen.add(drive)
                usage = psutil.disk_usage(drive)
                yield Disk(folder, usage.total, usage.free)
