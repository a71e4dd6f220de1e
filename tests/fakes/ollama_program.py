"""A program that the system knows as `ollama`, and a desktop app, for what looks at processes.

A copy of the interpreter has the name, the arguments and the file of a real Ollama; what it does is `ollama_stub`.
"""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from tests.fakes import ollama_stub

_BASE = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
_STUB = f"""\
import runpy, sys
if sys.orig_argv[1:2] == ["serve"]:
    sys.argv = ["ollama", "serve"]
    runpy.run_path({ollama_stub.__file__!r}, run_name="__main__")
"""
_KILLER = """\
import os, pathlib, signal, sys
def kill_panel(when):
    for mark in pathlib.Path({folder!r}).glob("kill-at-" + when):
        os.kill(int(mark.read_text()), signal.SIGKILL)
        mark.unlink()
if sys.orig_argv[1:2] == ["serve"]:
    kill_panel("start")
    signal.signal(signal.SIGTERM, lambda *_: (kill_panel("end"), os._exit(0)))
"""
_SIMULATED = f"""\
import sys
if sys.orig_argv[1:2] == ["serve"]:
    sys.path[:] = {sys.path!r}
    sys.argv = ["ollama", "serve"]
    import os, runpy
    try:
        runpy.run_module("ollama_panel.sim", run_name="__main__", alter_sys=True)
    finally:
        os._exit(0)
"""
_APP = """\
import os, subprocess, sys
if sys.orig_argv[1:2] == ["app"]:
    with subprocess.Popen([sys.orig_argv[2], "serve"]) as server:
        server.wait()
    os._exit(0)
"""


def make_ollama(folder: Path) -> Path:
    """Return the path of a new program `ollama` in `folder`; it serves at OLLAMA_HOST, which it needs."""
    return _program(folder, "ollama", _STUB)


def make_killer(folder: Path) -> Path:
    """Return the path of such a program that kills other processes: that whose id is in the file `kill-at-start` of
    `folder`, and when it is asked to end, that of `kill-at-end`."""
    return _program(folder, "ollama", _KILLER.format(folder=str(folder)) + _STUB)


def make_simulated(folder: Path) -> Path:
    """Return the path of a new program `ollama` in `folder` that serves as the simulated one does, at OLLAMA_HOST."""
    return _program(folder, "ollama", _SIMULATED)


def allow_links(state_dir: Path) -> None:
    """Let the links by which a panel of this folder starts `ollama` work: an interpreter looks beside its own path."""
    (workers := state_dir / "workers").mkdir(parents=True)
    _let_run(workers, _STUB)


def make_app(folder: Path) -> Path:
    """Return the path of a new program `Ollama`: with the arguments `app PROGRAM` it runs `PROGRAM serve`."""
    return _program(folder, "Ollama", _APP)


def _program(folder: Path, name: str, code: str) -> Path:
    """Return the path of an interpreter of that name, in an environment of its own, that runs `code` at its start."""
    program = folder / "bin" / name
    program.parent.mkdir(parents=True)
    shutil.copy(_BASE, program)
    _let_run(folder, code)
    return program


def _let_run(folder: Path, code: str) -> None:
    """Let an interpreter whose path is two folders below `folder` run `code` at its start."""
    (folder / "pyvenv.cfg").write_text(f"home = {_BASE.parent}\ninclude-system-site-packages = false\n")
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    site.mkdir(parents=True)
    (site / "sitecustomize.py").write_text(code)


def environment(**variables: str) -> dict[str, str]:
    """Return the variables for such a program: the system's, none of Ollama's or Python's but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OLLAMA", "PYTHON"))}
    return kept | variables
