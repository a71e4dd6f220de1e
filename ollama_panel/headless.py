"""The engine without a window: the second front end, and the end-to-end tests' handle."""

from pathlib import Path

import msgspec


class ServeOptions(msgspec.Struct, frozen=True):
    """What `ollama-panel serve` was told. `listen` is HOST:PORT; None = as in the settings file."""

    listen: str | None = None
    state_dir: Path | None = None
    ollama: str | None = None
    demo: bool = False


def run(options: ServeOptions) -> int:
    """Serve until SIGINT or SIGTERM and return the exit status; a second signal skips the waiting."""
    raise NotImplementedError
