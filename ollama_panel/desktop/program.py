"""The command that opens the window from a menu or at login: the program that this process belongs to.

It is the script that the installer made (pip, pipx, uv), because it finds its Python and its libraries wherever it is
started from; or the program itself, if it was frozen into one file or folder.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice

DISTRIBUTION = "ollama-panel"
SCRIPTS = ("ollama-panel-gui", "ollama-panel")
"""The scripts of the distribution that open the window, the one without a console on Windows first."""

MINIMIZED = "--minimized"
"""The argument that starts the window hidden in the tray."""

_CACHE_MARK = "CACHEDIR.TAG"
"""The file in a folder whose content may be deleted at any time (Cache Directory Tagging Specification)."""


def command() -> tuple[str, ...]:
    """Return the command that opens the window. Raises PanelError if no program remains when this process has ended."""
    if image := _app_image(os.environ, sys.executable):
        return (image,)
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    for script in _scripts():
        return (_lasting(script),)
    raise PanelError(notice("desktop.no_program", python=sys.executable))


def _app_image(environ: Mapping[str, str], executable: str) -> str | None:
    """Return the AppImage that holds `executable`; others hand their variables on to all that they start."""
    image, mounted = environ.get("APPIMAGE"), environ.get("APPDIR")
    return image if image and mounted and Path(executable).is_relative_to(mounted) else None


def _scripts() -> Iterator[Path]:
    """Yield the scripts that exist of the distribution that is installed, the preferred one first."""
    from importlib import metadata  # slow to load, and the window need not wait for it

    try:
        installed = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return
    found = {Path(file.name).stem: Path(os.path.abspath(str(file.locate()))) for file in installed.files or ()}  # noqa: PTH100 - links stay
    for name in SCRIPTS:
        if name in found and found[name].is_file():
            yield found[name]


def _lasting(script: Path) -> str:
    """Return the path of a script. Raises PanelError if it is in a cache, as those that uvx and `pipx run` make."""
    if _in_cache(script.parents):
        raise PanelError(notice("desktop.temporary", path=str(script)))
    return str(script)


def _in_cache(folders: Iterable[Path]) -> bool:
    """Return whether one of the folders is a cache; an environment has that mark itself, so that backups skip it."""
    return any((one / _CACHE_MARK).is_file() and not (one / "pyvenv.cfg").is_file() for one in folders)
