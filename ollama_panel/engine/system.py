"""What the engine uses of the operating system, as one argument: child processes and clocks."""

from collections.abc import Callable
from dataclasses import dataclass

from ollama_panel.engine import clock
from ollama_panel.engine.instances import process
from ollama_panel.engine.instances.process import Spawn


@dataclass(frozen=True)
class System:
    """The real one by default. Both clocks must show the same time."""

    spawn: Spawn = process.spawn
    seconds: Callable[[], float] = clock.seconds
    micros: Callable[[], int] = clock.micros


REAL = System()
