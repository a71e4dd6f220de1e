"""Discovers Ollama on this machine: the program, where servers may listen, and the workers made services."""

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read
from ollama_panel.core.settings import paths
from ollama_panel.core.worker_units import UNIT_PREFIX, worker_of_unit

SYSTEM_UNITS = (Path("/etc/systemd/system"), Path("/etc/containers/systemd"))


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
    user = Path(environment.get("HOME") or environment.get("USERPROFILE") or home() or "/")
    if platform == "darwin":
        bundle = Path("Ollama.app/Contents/Resources/ollama")
        return (
            Path("/usr/local/bin/ollama"),
            Path("/opt/homebrew/bin/ollama"),
            Path("/Applications") / bundle,
            user / "Applications" / bundle,
        )
    if platform == "win32":
        local = Path(environment.get("LOCALAPPDATA") or user / "AppData" / "Local")
        return (
            local / "Programs" / "Ollama" / "ollama.exe",
            Path(environment.get("PROGRAMFILES") or "C:/Program Files") / "Ollama" / "ollama.exe",
        )
    return (
        Path("/usr/local/bin/ollama"),
        Path("/usr/bin/ollama"),
        Path("/bin/ollama"),
        Path("/snap/bin/ollama"),
        user / ".local" / "bin" / "ollama",
    )


def candidates(environment: Mapping[str, str]) -> dict[int, str]:
    """Return the hosts where a server may listen, by port: Ollama's default, and that of OLLAMA_HOST if it is here."""
    asked = read(environment.get("OLLAMA_HOST", "")).local
    default = {DEFAULT_PORT: "127.0.0.1"}
    return default if asked is None else {**default, asked[1]: asked[0]}


def exported_workers(folders: Sequence[Path] | None = None) -> dict[int, PoolName]:
    """Return the port and the pool of each worker that an export made a service of the system or of this user."""
    found = dict[int, PoolName]()
    for folder in unit_folders() if folders is None else folders:
        for unit in sorted(folder.glob(f"{UNIT_PREFIX}*")):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                worker = worker_of_unit(unit.name, unit.read_text(encoding="utf-8"))
                if worker is not None:
                    found[worker[0]] = worker[1]
    return found


def unit_folders() -> tuple[Path, ...]:
    """Return where people put units and quadlets: for the system's service manager, and for their own."""
    own = home()
    users = Path(own) / ".config" if own else None
    return (*SYSTEM_UNITS, *((users / "systemd" / "user", users / "containers" / "systemd") if users else ()))
