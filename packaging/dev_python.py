"""Python environments of the project, such as `.venv`: created once, and updated when its requirements change."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dev_steps import StepError, answer, say, succeeds
from dev_system import can_install, has_apt

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = "ollama-panel.json"
TOOLS = ROOT / ".venv-tools"
OLDEST = (3, 11)
CANDIDATES = ("python3.13", "python3.12", "python3.11")
TELL_VERSION = "import sys; print('%d.%d.%d' % sys.version_info[:3])"


class Stamp(NamedTuple):
    """An installation: the digest of pyproject.toml, the project's folder, the Python version and the extras."""

    declaration: str
    root: str
    python: str
    extras: str

    def covers(self, wanted: Stamp) -> bool:
        """Return whether nothing has to be installed for `wanted`; the extras include the plain installation."""
        return self[:3] == wanted[:3] and self.extras in (wanted.extras, "dev")


def make_stamp(declaration: bytes, root: Path, python: str, extras: str) -> Stamp:
    """Return the stamp of an installation of the project with this content of pyproject.toml."""
    return Stamp(hashlib.sha256(declaration).hexdigest(), str(root), python, extras)


def read_stamp(venv: Path) -> Stamp | None:
    """Return the stamp of the last installation into an environment, or None if it cannot be read."""
    try:
        return Stamp(**json.loads((venv / STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(venv: Path, stamp: Stamp) -> None:
    """Save the stamp of an installation into an environment."""
    (venv / STAMP).write_text(json.dumps(stamp._asdict()), encoding="utf-8")


def is_new_enough(version: str | None) -> bool:
    """Return whether the project runs on this Python version, such as `3.11.2`."""
    return version is not None and tuple(int(part) for part in version.split(".")[:2]) >= OLDEST


def choose_python(this: str, version: Callable[[str], str | None]) -> str | None:
    """Return the first interpreter that is new enough: the current one, else one on PATH."""
    return next((name for name in (this, *CANDIDATES) if is_new_enough(version(name))), None)


def venv_package(version: str) -> str:
    """Return the Debian package of the venv module for a Python version, such as `3.11.2`."""
    return f"python{'.'.join(version.split('.')[:2])}-venv"


def venv_program(venv: Path, name: str) -> str:
    """Return the path of a program in an environment."""
    return str(venv / "Scripts" / f"{name}.exe" if os.name == "nt" else venv / "bin" / name)


def missing_venv_packages(venv: Path, first: str = sys.executable) -> list[str]:
    """Return the Debian package that making an environment needs, if any: Debian's Python has no `ensurepip`.

    `first` is the interpreter that is taken if it is new enough.
    """
    python = choose_python(first, version_of)
    if python is None or _usable(venv_program(venv, "python")) or _way_to_make(python) is not None or not has_apt():
        return []
    return [venv_package(version_of(python) or "3")] if can_install() or not _runs(python, "pip") else []


def ensure_installed(venv: Path, extras: str, first: str = sys.executable) -> None:
    """Update an environment to the requirements of pyproject.toml; do nothing if it is up to date.

    `first` is the interpreter that is taken for a new one if it is new enough.
    """
    python = venv_program(venv, "python")
    if not _usable(python):
        _make_venv(venv, first)
    version = version_of(python) or ""
    wanted = make_stamp((ROOT / "pyproject.toml").read_bytes(), ROOT, version, extras)
    done = read_stamp(venv)
    if done is not None and done.covers(wanted):
        say(f"the environment in {venv.name} is up to date (Python {version})")
        return
    _install(venv, extras)
    write_stamp(venv, wanted)


def _install(venv: Path, extras: str) -> None:
    python = venv_program(venv, "python")
    uv = shutil.which("uv")
    what = "the project and its tools" if extras else "the project"
    say(f"installing {what} into {venv.name} with {'uv' if uv else 'pip'}: a few minutes the first time")
    installer = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    if not succeeds([*installer, "--quiet", "--editable", f"{ROOT}[{extras}]" if extras else str(ROOT)]):
        raise StepError(
            "The installation failed; see the message above. It needs the network, and 1 GB of disk space.", code=1
        )


def _make_venv(venv: Path, first: str) -> None:
    python = choose_python(first, version_of)
    if python is None and shutil.which("uv") is None:
        raise StepError(
            f"Ollama Panel needs Python 3.11 or newer. This is {sys.version.split()[0]}, and there is no"
            f" {', '.join(CANDIDATES)} on PATH: install one of them, then try again."
        )
    if venv.exists():
        say(f"{venv.name} is of no use (its Python is gone, too old or has no pip): making it anew")
        shutil.rmtree(venv)
    say(f"making {venv.name} with {python or 'a Python that uv fetches'}")
    command = _way_to_make(python) or _fetched_virtualenv(str(python))
    if not succeeds([*command, str(venv)], env={"PYTHONPATH": str(TOOLS)}):
        raise StepError(f"Could not make {venv}; see the message above.", code=1)


def _way_to_make(python: str | None) -> list[str] | None:
    """Return the command that creates an environment, without its folder; None if there is none."""
    uv = shutil.which("uv")
    if uv is not None:
        return [uv, "venv", "--python", python or ">=3.11"]
    if python is not None and answer([python, "-c", "import ensurepip, venv"]) is not None:
        return [python, "-m", "venv"]
    return [python, "-m", "virtualenv"] if python is not None and _runs(python, "virtualenv") else None


def _fetched_virtualenv(python: str) -> list[str]:
    say(f"Python's venv module is missing: fetching virtualenv into {TOOLS.name} instead")
    if not succeeds([python, "-m", "pip", "install", "--quiet", "--target", str(TOOLS), "virtualenv"]):
        raise StepError(f"{python} has no venv module and virtualenv cannot be fetched; see the message above.", code=1)
    return [python, "-m", "virtualenv"]


def _usable(python: str) -> bool:
    return is_new_enough(version_of(python)) and (shutil.which("uv") is not None or _runs(python, "pip"))


def _runs(python: str, module: str) -> bool:
    return answer([python, "-m", module, "--version"]) is not None


def version_of(python: str) -> str | None:
    """Return the version of an interpreter, such as `3.11.2`, or None if it does not run."""
    return answer([python, "-c", TELL_VERSION])
