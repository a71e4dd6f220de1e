"""`ollama-panel bench NAME`: measurements, each a module with `main(arguments) -> exit status`, loaded when wanted."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

_MODULES = {
    "brain": ("ollama_panel.sim.lab", "scheduling policies against each other, simulated"),
    "replay": ("ollama_panel.sim.replay", "a recorded run once more"),
    "http": ("ollama_panel.proxy.bench", "new connections against kept ones"),
}


def available() -> tuple[str, ...]:
    """Return the measurements of this installation."""
    return tuple(name for name, (module, _) in _MODULES.items() if find_spec(module) is not None)


def describe(name: str) -> str:
    """Return a measurement's name and what it measures."""
    return f"{name}: {_MODULES[name][1]}"


def run(name: str, arguments: Sequence[str]) -> int:
    """Run a measurement and return its exit status."""
    status: int = import_module(_MODULES[name][0]).main(list(arguments))
    return status
