"""Makes the bundle with PyInstaller: a folder with the program, Python and the libraries from PyPI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dev_python import ROOT
from dev_steps import StepError, say, succeeds

BUILD = ROOT / "build"
_ELF = b"\x7fELF"

_NOT_STRIPPED = ("numpy.libs",)
"""Folders whose libraries do not load any more after `strip`: auditwheel has moved their sections."""


def make_bundle(epoch: int) -> Path:
    """Make the bundle anew and return its folder. Raises StepError if PyInstaller fails or the program does not run."""
    say("making the bundle with PyInstaller: a minute or two")
    made = BUILD / "bundle"
    shutil.rmtree(made, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    folders = ["--distpath", str(made), "--workpath", str(BUILD / "pyinstaller")]
    environment = {"SOURCE_DATE_EPOCH": str(epoch), "PYTHONHASHSEED": "0"}
    if not succeeds([*command, *folders, str(ROOT / "packaging" / "frozen" / "panel.spec")], environment):
        raise StepError("PyInstaller failed; see its message above.", code=1)
    folder = made / "ollama-panel"
    _strip(folder)
    _check(folder)
    return folder


def elf_files(folder: Path) -> list[Path]:
    """Return the programs and libraries below a folder, links left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in files if _begins(path, _ELF)]


def _strip(folder: Path) -> None:
    """Remove the symbols that only debuggers read. The program itself has its modules behind the part that is ELF."""
    stripped = [
        str(path)
        for path in elf_files(folder / "_internal")
        if not set(_NOT_STRIPPED) & set(path.relative_to(folder).parts)
    ]
    if not succeeds(["strip", "--strip-unneeded", *stripped]):
        raise StepError("strip failed; see its message above.", code=1)


def _check(folder: Path) -> None:
    """Run the program of the bundle once. Raises StepError if it does not start."""
    done = subprocess.run(
        [folder / "ollama-panel", "--version"], capture_output=True, text=True, check=False, env=_bare_environment()
    )
    if done.returncode != 0:
        raise StepError(f"The program of the bundle does not start: {done.stderr.strip()}", code=1)
    say(f"the bundle runs: {done.stdout.strip()}")


def _bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LD_", "QT_"))}


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark
