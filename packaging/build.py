"""Builds what users install. It needs nothing but Python, and fetches the rest into `.venv-build`.

    python3 packaging/build.py deb         a package for Debian and what is made from it: dist/ollama-panel_*.deb
    python3 packaging/build.py wheel       a package for pip, pipx and uv: dist/ollama_panel-*.whl

The .deb runs on systems that are as new as the one that it was built on, or newer. It needs Debian's or Ubuntu's tools;
if they are missing, they are installed as root, or the line to type is printed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dev_python import ROOT, choose_python, ensure_installed, missing_venv_packages, venv_program, version_of
from dev_steps import StepError, answer, status_of
from dev_system import has_apt, install, missing_packages
from ollama_panel.qt_libraries import OFFSCREEN, ON_WAYLAND, ON_X11, loads

if TYPE_CHECKING:
    from collections.abc import Sequence

VENV = ROOT / ".venv-build"
PYTHON = "/usr/bin/python3"
"""The bundle's Python is the system's if that is new enough: others bring paths of this machine along."""

TOOLS = (("dpkg-shlibdeps", "dpkg-dev"), ("objdump", "binutils"))
"""Programs of the build, and the packages that contain them."""

LIBRARIES = (("libwayland-egl.so.1", "libwayland-egl1"),)
"""What plugins of Qt need that a window can do without: dpkg-shlibdeps finds only packages that are installed."""

TELL_LIBRARY = "import sysconfig; print(sysconfig.get_config_var('LIBDIR'), sysconfig.get_config_var('INSTSONAME'))"


def build_deb() -> int:
    """Build and check the Debian package."""
    if not has_apt():
        raise StepError("A .deb can be built on Debian, Ubuntu and other systems with apt; here you can build a wheel.")
    packages = [
        *(package for program, package in TOOLS if shutil.which(program) is None),
        *missing_packages(OFFSCREEN + ON_X11 + ON_WAYLAND),
        *(package for soname, package in LIBRARIES if not loads(soname)),
        *missing_python_library(),
        *missing_venv_packages(VENV, PYTHON),
    ]
    if packages:
        install(packages)
    ensure_installed(VENV, "build", PYTHON)
    return _run(str(ROOT / "packaging" / "build_deb.py"))


def build_wheel() -> int:
    """Build the wheel."""
    packages = missing_venv_packages(VENV)
    if packages:
        install(packages)
    ensure_installed(VENV, "build")
    return _run("-m", "hatchling", "build", "-t", "wheel", "-d", str(ROOT / "dist"))


TARGETS = {"deb": build_deb, "wheel": build_wheel}


def missing_python_library() -> list[str]:
    """Return the Debian package of Python's shared library if it is missing: Debian's own Python runs without it."""
    python = choose_python(PYTHON, version_of)
    told = (answer([python, "-c", TELL_LIBRARY]) if python is not None else None) or ""
    folder, _, name = told.partition(" ")
    if not folder.startswith("/usr/lib") or (Path(folder) / name).exists():
        return []
    return [name.partition(".so")[0]]


def _run(*arguments: str) -> int:
    return subprocess.run([venv_program(VENV, "python"), *arguments], cwd=ROOT, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    """Build the target that the only argument names."""
    if len(arguments) != 1 or arguments[0] not in TARGETS:
        print(__doc__)
        return 0 if set(arguments) & {"-h", "--help"} else 2
    return status_of(TARGETS[arguments[0]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
