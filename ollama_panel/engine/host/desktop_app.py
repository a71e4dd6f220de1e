"""Ollama's desktop app, which may run on the same machine, and how workers are spared by it.

If the app's own server ends with exit code 1, as when port 11434 is taken, the app sends SIGTERM to every server that
`pgrep -x ollama` (Windows: `wmic`) finds, once in its run, and then starts its own again every second (0.32
`app/server/server.go Run`, `server_unix.go reapServers`). It spares processes whose arguments do not begin with a path
that ends in `ollama` (`ollamaServeArgs`, from 0.22.1 on; before, it spares none of that name; Linux names a process
by the link through which it was started).
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT
from ollama_panel.core.server_owners import WORKER_NAME, base_name
from ollama_panel.engine.files import make_private_folder

_FOLDER = "workers"


def worker_argv(argv: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Return the arguments with which a worker is started: by a link of another name, so that the app spares it.

    The link is below `folder`. Ollama decides nothing by its name: it follows links to find its libraries and its
    runner (0.9.6 `discover/path.go`, `llm/server.go`; 0.32 `ml/path.go`, `llm/llama_binary.go`). uvloop cannot give a
    process another first argument than its path. Where there can be no link, as on Windows, the arguments stay.
    """
    program, *arguments = argv
    if (
        base_name(program) != "ollama"
        or _is_snap(program)
        or sys.platform == "win32"
        or not os.access(program, os.X_OK)
    ):
        return tuple(argv)
    link = folder / _FOLDER / hashlib.sha256(os.fsencode(program)).hexdigest()[:12] / WORKER_NAME
    with contextlib.suppress(OSError):
        make_private_folder(link.parent)
        link.symlink_to(os.path.abspath(program))  # noqa: PTH100 - `resolve` would follow links, which may be changed
    return (str(link), *arguments) if _leads_to(link, program) else tuple(argv)


def _leads_to(link: Path, program: str) -> bool:
    """Return whether a link is there, and that of the program."""
    try:
        return link.is_symlink() and link.samefile(program)
    except OSError:
        return False


def _is_snap(program: str) -> bool:
    """Return whether a program is a link to snap's own, which finds out by its name what it is to run."""
    return program.startswith(("/snap/bin/", "/var/lib/snapd/snap/bin/"))


def app_conflict(front_ports: Collection[int], app_runs: bool) -> Notice | None:
    """Return what is told while the app runs and the panel has the port that it wants, or None."""
    if not app_runs or DEFAULT_PORT not in front_ports:
        return None
    return notice("app.conflict", port=DEFAULT_PORT).by(
        notice("app.way_quit"),
        notice("app.way_move").by(
            notice("app.step_move", command=f"launchctl setenv OLLAMA_HOST 127.0.0.1:{DEFAULT_PORT + 2}"),
        ),
        notice("app.way_port").by(
            notice("app.step_port", command=f"ollama-panel settings set proxy.port {DEFAULT_PORT + 1}")
        ),
    )
