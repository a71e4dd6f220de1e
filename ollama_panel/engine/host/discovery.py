"""Discovers Ollama on this machine: the program, servers that already run, and the desktop app."""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import httpx
import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.systemd import UNIT_PREFIX, worker_of_unit
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read, url_of
from ollama_panel.core.settings import paths
from ollama_panel.engine.host.processes import processes, program_name

UNITS = Path("/etc/systemd/system")


def find_binary(setting: str = "", environment: Mapping[str, str] | None = None) -> Path | None:
    """Return Ollama's program: that of the settings, else the first on PATH, else the first of `install_paths`.

    None if there is none. Raises PanelError if the settings name one that does not exist or is no program.
    """
    if setting:
        named = shutil.which(str(expanded(setting)))
        if named is None:
            raise PanelError(notice("program.unusable", path=setting))
        return Path(named)
    environment = os.environ if environment is None else environment
    found = shutil.which("ollama", path=environment.get("PATH"))
    if found is not None:
        return Path(found)
    return next((place for place in install_paths(environment) if os.access(place, os.X_OK) and place.is_file()), None)


def expanded(setting: str) -> Path:
    """Return the path that a setting names, with the user's home in it; `~name` stays if there is no such user."""
    path = paths.expanded(setting, home())
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def home() -> str:
    """Return the user's home folder; "" if the system does not tell."""
    return os.path.expanduser("~").removesuffix("~")  # noqa: PTH111 - `Path.home` raises where there is none


def install_paths(environment: Mapping[str, str], platform: str = sys.platform) -> tuple[Path, ...]:
    """Return where Ollama's own installers put the program (`scripts/install.sh`, the app bundle, the Windows setup).

    The PATH of a desktop program often lacks them.
    """
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "darwin":
        bundle = Path("Ollama.app/Contents/Resources/ollama")
        return (
            Path("/usr/local/bin/ollama"),
            Path("/opt/homebrew/bin/ollama"),
            Path("/Applications") / bundle,
            home / "Applications" / bundle,
        )
    if platform == "win32":
        local = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return (
            local / "Programs" / "Ollama" / "ollama.exe",
            Path(environment.get("PROGRAMFILES") or "C:/Program Files") / "Ollama" / "ollama.exe",
        )
    return (
        Path("/usr/local/bin/ollama"),
        Path("/usr/bin/ollama"),
        Path("/bin/ollama"),
        Path("/snap/bin/ollama"),
        home / ".local" / "bin" / "ollama",
    )


def candidates(environment: Mapping[str, str]) -> dict[int, str]:
    """Return the hosts where a server may listen, by port: Ollama's default, and that of OLLAMA_HOST if it is here."""
    asked = read(environment.get("OLLAMA_HOST", "")).local
    default = {DEFAULT_PORT: "127.0.0.1"}
    return default if asked is None else {**default, asked[1]: asked[0]}


def exported_workers(folder: Path = UNITS) -> dict[int, PoolName]:
    """Return the port and the pool of each worker that was made a service of the system, see `core.export.systemd`."""
    found = dict[int, PoolName]()
    for unit in sorted(folder.glob(f"{UNIT_PREFIX}*.service")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            worker = worker_of_unit(unit.name, unit.read_text(encoding="utf-8"))
            if worker is not None:
                found[worker[0]] = worker[1]
    return found


async def find_servers(
    client: httpx.AsyncClient, places: Mapping[int, str], exclude: Iterable[int] = ()
) -> tuple[int, ...]:
    """Return those ports of `places` (hosts by port) on which an Ollama server answers, without `exclude`.

    The proxy of this or another panel does not count: adopting it would make requests loop.
    """
    ours = frozenset(exclude)
    asked = [port for port in places if port not in ours]
    answers = await asyncio.gather(*(_is_server(client, url_of(places[port], port)) for port in asked))
    return tuple(port for port, is_server in zip(asked, answers, strict=True) if is_server)


async def _is_server(client: httpx.AsyncClient, url: str) -> bool:
    try:
        answer = await client.get(f"{url}/api/version")
        version = msgspec.json.decode(answer.content, type=dict[str, object]).get("version")
    except (httpx.HTTPError, msgspec.DecodeError):
        return False
    return isinstance(version, str) and not any(name.startswith("x-panel-") for name in answer.headers)


def app_conflict(front_port: int, app_runs: bool) -> Notice | None:
    """Return a warning for the user, or None.

    If the Ollama app cannot have port 11434, it ends every `ollama serve` of the user once, the panel's instances
    included, and then tries again every second (Ollama `app/server/server.go reapServers`).
    """
    if not app_runs or front_port != DEFAULT_PORT:
        return None
    return notice("app.conflict", port=DEFAULT_PORT)


def app_is_running() -> bool:
    """Return whether the Ollama desktop app runs. Blocks for some milliseconds."""
    names = {"ollama app.exe"} if sys.platform == "win32" else {"Ollama"}
    return any(program_name(process) in names for process in processes())
