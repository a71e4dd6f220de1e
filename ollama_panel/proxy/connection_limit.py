"""How many connections may be open at once, in all servers of the process together."""

from collections.abc import Callable


class ConnectionLimit:
    """Counts client connections. `most`: how many may be open, None = any number; `upstream`: how many to instances.

    `pauses` counts how often accepting paused, because of the limit or because the system refused a connection.
    """

    def __init__(self, most: int | None = None, upstream: int | None = None) -> None:
        self.most = most
        self.upstream = upstream
        self.open = 0
        self.pauses = 0
        self._waiting: dict[Callable[[], None], None] = {}

    @property
    def full(self) -> bool:
        """Whether no further connection may be opened."""
        return self.most is not None and self.open >= self.most

    def take(self) -> None:
        """Count a connection that was accepted."""
        self.open += 1

    def release(self) -> None:
        """Count a connection that has closed, and tell who waits for room."""
        self.open -= 1
        for tell in tuple(self._waiting):
            tell()

    def wait(self, tell: Callable[[], None]) -> None:
        """Call `tell` at each connection that closes, until `wait_no_more`."""
        self._waiting[tell] = None

    def wait_no_more(self, tell: Callable[[], None]) -> None:
        """Do not call `tell` any more."""
        self._waiting.pop(tell, None)
