"""Runs the text of a guide as its reader would: a file or a terminal, in a home of its own."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from ollama_panel.core.connect.records import Guide, Language, Way
from tests.fakes.waiting import deadline

CLIENTS = "OLLAMA_PANEL_TEST_CLIENTS"
"""Folders of programs, as in PATH, with what is too large to be a dependency: a Python that has LlamaIndex, Aider,
Claude Code, Codex, and a `node_modules/.bin` with the packages `openai`, `@anthropic-ai/sdk` and `ollama` beside it."""
LIMIT_S = 100.0


def client_program(name: str) -> Path:
    """Return a program of the folders that `OLLAMA_PANEL_TEST_CLIENTS` names; skip the test, by name, without one."""
    found = shutil.which(name, path=os.environ.get(CLIENTS, ""))
    if found is None:
        pytest.skip(f"no {name} in the folders of {CLIENTS}")
    return Path(found)


def python_with(module: str) -> Path:
    """Return a Python of those folders that has a module."""
    python = client_program("python")
    library = next(python.parents[1].glob("lib/python3*/site-packages"))
    if not (library / module.replace(".", "/")).exists():
        pytest.skip(f"{python} has no {module}")
    return python


def node_with(package: str) -> Path:
    """Return the folder `node_modules` that has a package."""
    if shutil.which("node") is None:
        pytest.skip("no node on PATH")
    for folder in os.environ.get(CLIENTS, "").split(os.pathsep):
        modules = Path(folder).parent
        if folder and (modules / package).is_dir():
            return modules
    pytest.skip(f"no package {package} beside the folders of {CLIENTS}")


def way(guide: Guide, name: str) -> Way:
    """Return a way of a guide."""
    return next(one for one in guide.ways if one.id == name)


async def printed_by_python(text: str, home: Path, python: Path = Path(sys.executable)) -> str:
    """Return what a script prints."""
    (home / "example.py").write_text(text)
    return await _printed(home, str(python), "example.py")


async def printed_by_node(text: str, home: Path, modules: Path) -> str:
    """Return what a module of JavaScript prints, with the packages of a folder `node_modules`."""
    (home / "example.mjs").write_text(text)
    (home / "node_modules").symlink_to(modules)
    return await _printed(home, "node", "example.mjs")


async def printed_by_shell(text: str, home: Path, program: Path | None = None) -> str:
    """Return what commands of a terminal print; `program` is the one that they call by its name."""
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}" if program else os.environ["PATH"]
    return await _printed(home, "sh", "-eu", "-c", text, PATH=path)


def saved(one: Way, home: Path) -> None:
    """Write the text of a way into the file that it names."""
    assert one.language in (Language.JSON, Language.YAML, Language.TOML)
    file = home / one.file.removeprefix("~/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(one.text)


async def _printed(home: Path, *command: str, **more: str) -> str:
    mine = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_BASE_URL"))}
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=home,
        env=mine | {"HOME": str(home), "NO_PROXY": "127.0.0.1", **more},
    )
    try:
        async with deadline(f"{command[0]} to end", LIMIT_S):
            out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, f"{command[0]} ended with {process.returncode}: {errors.decode()}{out.decode()}"
    return out.decode()
