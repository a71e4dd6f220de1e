"""Writes docs/api.md anew: the table of operations, and what the commands on it print, by running them.

    python packaging/api_page.py

The page itself has the commands, after `$ ` in its blocks of `console`. They run in one shell, against a panel with
simulated servers of its own; a test runs them, too, and compares the answers by their shape.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ollama_panel.proxy.panel_api.routes import OPERATIONS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
TABLE = re.compile(r"(?<=<!-- operations -->\n).*?(?=<!-- end -->)", re.DOTALL)
LIMIT_S = 60
"""How long all commands may take together."""

_END = "--- end of the output ---"
_KEY = re.compile(r"op-[\w-]{40,}")
_STATE_FOLDER = re.compile(r'(?<="log":")[^"]+(?=/logs/)')
_SETTINGS = {"version": 2, "ollama": {"adopt": False}}


class Step:
    """A command, which may have several lines, and what it prints."""

    def __init__(self, command: str, printed: str) -> None:
        self.command = command
        self.printed = printed


def steps(block: str) -> list[Step]:
    """Return the commands of a block with their output as it is on the page."""
    found = list[Step]()
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Step(line[2:], ""))
        elif found and found[-1].command.endswith("\\") and not found[-1].printed:
            found[-1].command += f"\n{line}"
        else:
            found[-1].printed += f"{line}\n"
    return found


def text_of(done: list[Step]) -> str:
    """Return the block of these commands."""
    return "".join(f"$ {one.command}\n{one.printed}" for one in done)


@contextlib.contextmanager
def panel() -> Iterator[dict[str, str]]:
    """Run a panel in a folder of its own; yields the variables that the commands use."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "settings.json").write_text(json.dumps(_SETTINGS), encoding="utf-8")
        command = [sys.executable, "-m", "ollama_panel", "serve", "--demo", "--listen", "127.0.0.1:0"]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            [*command, "--state-dir", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        ) as process:
            try:
                assert process.stdout is not None
                url = next(line.split()[-1] for line in process.stdout if line.startswith("listening on "))
                yield {"PANEL": url, "STATE": folder}
            finally:
                process.terminate()
                process.wait()


def run(commands: list[str], variables: dict[str, str]) -> list[str]:
    """Run commands in one shell; return what each prints, with keys and the state folder cut."""
    script = "\n".join(f"{command}\necho; echo '{_END}'" for command in commands)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | variables,
            timeout=LIMIT_S,
            check=False,
        )
    printed = [one.strip("\n") for one in done.stdout.split(_END)[: len(commands)]]
    shown = (_STATE_FOLDER.sub("…", _KEY.sub("op-…", one)) for one in printed)
    return [f"{one}\n" if one else "" for one in shown]


def performed(page: str) -> list[list[Step]]:
    """Run all commands of the page; return them by block, with what they print now."""
    blocks = [steps(block) for block in BLOCK.findall(page)]
    with panel() as variables:
        printed = iter(run([one.command for block in blocks for one in block], variables))
    return [[Step(one.command, next(printed)) for one in block] for block in blocks]


def table() -> str:
    """Return the rows of the operations."""
    rows = ["| operation | scope | |", "|---|---|---|"]
    for one in OPERATIONS:
        scope = (
            "" if one.scope is None else one.scope.value if one.strict else f"{one.scope.value}, where keys are needed"
        )
        rows.append(f"| `{one.method} {one.path}` | {scope} | {one.summary} |")
    return "\n".join(rows) + "\n"


def written(page: str) -> str:
    """Return the page anew."""
    texts = iter([text_of(block) for block in performed(page)])
    return TABLE.sub(lambda _: table(), BLOCK.sub(lambda _: next(texts), page))


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
