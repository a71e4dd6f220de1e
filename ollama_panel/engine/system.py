"""What the engine gets from the system that it runs on, as one argument: child processes and the time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import psutil

from ollama_panel.engine import clock
from ollama_panel.engine.instances import process
from ollama_panel.engine.instances.process import Outcome


class Child(Protocol):
    """A running child with everything below it."""

    @property
    def pid(self) -> int:
        """Return its process id."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """Kill it and everything that it has started, at once."""
        ...

    async def end(self) -> None:
        """Kill it and wait for its end."""
        ...

    def remember(self, family: Sequence[psutil.Process]) -> None:
        """Note processes below it, which may outlive it."""
        ...


class Spawn(Protocol):
    """Starts a program with exactly this environment; `on_line` gets its output, `on_exit` its end, once."""

    async def __call__(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        on_line: Callable[[str], None],
        on_exit: Callable[[Outcome], None],
    ) -> Child:
        """Return the child. Raises PanelError when the program does not exist or may not be run."""
        ...


@dataclass(frozen=True)
class System:
    """The real one, unless it is said otherwise; both clocks must tell the same time."""

    spawn: Spawn = process.spawn
    seconds: Callable[[], float] = clock.seconds
    micros: Callable[[], int] = clock.micros


REAL = System()
