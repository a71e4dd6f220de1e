"""All programs `ollama` of this machine, in the usual places of every way to install it, with their versions.

Reading blocks: a few stats, and for a program that is new or was changed its `--version`, within a time limit.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ollama_panel.core.errors import reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.programs import NO_SERVER, Program, version_in
from ollama_panel.core.text import valid_text
from ollama_panel.engine.host.discovery import home, install_paths

LIMIT_S = 5.0
"""How long `--version` may take: 30 ms, but a disk that sleeps or a scanner of viruses takes longer."""
_WORDS = 200


def places(environment: Mapping[str, str], platform: str = sys.platform) -> Iterator[Path]:
    """Yield where the program may be: on PATH, then where installers and package managers put it."""
    name = "ollama.exe" if platform == "win32" else "ollama"
    yield from (Path(folder) / name for folder in environment.get("PATH", "").split(os.pathsep) if folder)
    yield from install_paths(environment, platform)
    yield from (folder / name for folder in _folders(environment, platform))


def _folders(environment: Mapping[str, str], platform: str) -> Iterator[Path]:
    user = Path(environment.get("HOME") or environment.get("USERPROFILE") or home() or "/")
    for variable in ("CONDA_PREFIX", "VIRTUAL_ENV"):  # conda-forge has a package; wheels bring one along, too
        if environment.get(variable):
            yield Path(environment[variable]) / ("Library/bin" if platform == "win32" else "bin")
    if platform == "win32":
        yield user / "scoop" / "shims"
        yield Path(environment.get("PROGRAMDATA") or "C:/ProgramData") / "chocolatey" / "bin"
        return
    brew = "/opt/homebrew" if platform == "darwin" else "/home/linuxbrew/.linuxbrew"
    yield from (Path(prefix) / "opt" / "ollama" / "bin" for prefix in (brew, "/usr/local"))
    yield Path(brew) / "bin"
    yield user / ".nix-profile" / "bin"
    yield Path("/etc/profiles/per-user") / user.name / "bin"  # home-manager
    yield Path("/run/current-system/sw/bin")
    yield Path("/nix/var/nix/profiles/default/bin")
    yield from (
        user / folder / "bin" for folder in (".local", "", ".guix-profile", "miniconda3", "miniforge3", "anaconda3")
    )
    yield Path("/opt/ollama/bin")


class Programs:
    """Finds the programs again and again; one whose file is as before is not run again."""

    def __init__(self, environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
        self._environment = dict(environment)
        self._platform = platform
        self._known: dict[tuple[str, int], Program] = {}

    def read(self, chosen: str | None, more: Iterable[str] = ()) -> tuple[Program, ...]:
        """Return the programs, the `chosen` one first; `more` are paths of which it is known that they are some."""
        found, files = list[Program](), set[str]()
        candidates = (*([chosen] if chosen else []), *map(str, places(self._environment, self._platform)), *more)
        for path in dict.fromkeys(candidates):
            try:
                stamp = Path(path).stat().st_mtime_ns
                file = os.path.realpath(path)
            except (OSError, ValueError):
                continue
            if file in files or Path(path).is_dir():
                continue  # the same by another name
            files.add(file)
            found.append(self._program(path, stamp, chosen=path == chosen))
        self._known = {key: one for key, one in self._known.items() if key[0] in {one.path for one in found}}
        return tuple(found)

    def _program(self, path: str, stamp: int, *, chosen: bool) -> Program:
        key = path, stamp
        if key not in self._known:
            told = version_of(path, self._environment)
            version, problem = (told, None) if isinstance(told, str) else (None, told)
            self._known[key] = Program(valid_text(path), version, problem)
        known = self._known[key]
        return Program(known.path, known.version, known.problem, chosen)


def version_of(path: str, environment: Mapping[str, str]) -> str | Notice:
    """Return the version of a program, or why it does not tell it. Blocks, for up to `LIMIT_S`."""
    if shutil.which(path) is None:
        return notice("programs.forbidden")
    try:
        done = subprocess.run(  # the user's own program, as the panel would start it
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment, **NO_SERVER},
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return notice("programs.slow", limit=LIMIT_S)
    except OSError as error:
        return notice("programs.not_started", reason=reason_of(error))
    printed = done.stdout.decode(errors="replace")
    version = version_in(printed)
    if version is not None:
        return version
    words = " ".join(printed.split())[:_WORDS]
    told = notice("programs.failed", code=done.returncode) if done.returncode else notice("programs.no_version")
    return told.showing(words) if words else told
