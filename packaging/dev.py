"""Runs or tests Ollama Panel from a fresh clone. It needs nothing but Python.

    python3 packaging/dev.py run [arguments]         open the window; without a display, start the headless panel
    python3 packaging/dev.py test [arguments]        all checks, then all tests, or pytest with the arguments

Both create `.venv`, install the project into it and check the system libraries that Qt needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import dev_tests
from dev_python import ROOT, VENV, ensure_installed, missing_venv_packages, venv_program
from dev_steps import say, status_of
from dev_system import has_display, install, missing_qt_packages

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKS = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("lint-imports",)),
)
TESTS = ("pytest",)


def panel_arguments(arguments: Sequence[str], *, display: bool) -> list[str]:
    """Return the arguments for `ollama-panel`: the user's own, after `gui` or `serve` unless they name a command."""
    if arguments and (not arguments[0].startswith("-") or arguments[0] in ("-h", "--help", "--version")):
        return list(arguments)
    return ["gui" if display else "serve", *arguments]


def run(arguments: Sequence[str]) -> int:
    """Start the panel; on POSIX systems it replaces this process."""
    words = panel_arguments(arguments, display=has_display())
    _prepare("", qt=words[0] in ("gui", "demo") and has_display(), on_screen=True)
    if not has_display() and words[0] == "serve":
        say("no display here: starting the panel without its window, its address follows")
    else:
        say(f"starting ollama-panel {' '.join(words)}")
    command = [venv_program(VENV, "python"), "-m", "ollama_panel", *words]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def test(arguments: Sequence[str]) -> int:
    """Run all checks, then the tests; the last line counts them. Return 0 only if everything passed."""
    _prepare("dev", qt=True, on_screen=False)
    failed = [name for name, command in CHECKS if not _passes(name, command)]
    say(f"before the tests: {'FAILED ' + ', '.join(failed) if failed else 'all checks passed'}; now pytest")
    command = [venv_program(VENV, TESTS[0]), *TESTS[1:], *arguments]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode if arguments else dev_tests.run(command)
    return status or int(bool(failed))


def _prepare(extras: str, *, qt: bool, on_screen: bool) -> None:
    """Install what is missing: first all packages that need root, in one command, then the project."""
    packages = [*(missing_qt_packages(on_screen=on_screen) if qt else []), *missing_venv_packages(VENV)]
    if packages:
        install(packages)
    ensure_installed(VENV, extras)


def _passes(name: str, command: Sequence[str]) -> bool:
    start = time.perf_counter()
    child = subprocess.run(
        [venv_program(VENV, command[0]), *command[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = child.returncode == 0
    say(f"{name}: {'passed' if passed else 'FAILED'} in {time.perf_counter() - start:.1f} s ({' '.join(command)})")
    if not passed:
        print(child.stdout, flush=True)
    return passed


def main(arguments: Sequence[str]) -> int:
    """Run the command named by the first argument."""
    commands = {"run": run, "test": test}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if set(arguments) & {"-h", "--help"} else 2
    return status_of(lambda: commands[arguments[0]](arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
