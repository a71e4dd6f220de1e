"""What a command imports before it does anything: what it does not need, it does not wait for."""

import subprocess
import sys

import pytest

HEAVY = ("PySide6", "aiohttp", "asyncio", "httpx", "numpy", "psutil", "pynvml", "prometheus_client", "uvloop")
OTHERS = ("ollama_panel.cli.pools", "ollama_panel.cli.bench", "ollama_panel.cli.panel_client")
ENGINE = ("ollama_panel.engine.engine", "ollama_panel.proxy.server")


def imported(argv: list[str]) -> set[str]:
    """Return the modules that are imported once the arguments are parsed."""
    program = f"""
import sys
from ollama_panel.cli import arguments
try:
    arguments.parse({argv!r})
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("argv", [[], ["gui", "--demo"], ["serve"], ["demo"]], ids=" ".join)
def test_the_panel_starts_without_the_other_commands(argv: list[str]) -> None:
    assert imported(argv).isdisjoint({*HEAVY, *OTHERS, *ENGINE})


@pytest.mark.parametrize(
    "argv", [["--help"], ["--version"], ["status"], ["settings", "get"], ["export"], ["keys", "--help"]], ids=" ".join
)
def test_a_command_is_understood_without_what_asks_the_panel_or_the_machine(argv: list[str]) -> None:
    assert imported(argv).isdisjoint({*HEAVY, *ENGINE})
