"""The memory that the panel itself fills with models, of which the dispatcher must know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ollama_panel.core.scheduling.messages import Event, Reserved


class Reservations:
    """Tells the dispatcher, by `post`, how much of the memory it must not use, and when no load may begin."""

    def __init__(self, post: Callable[[Event], None]) -> None:
        self._post = post
        self._held: dict[object, int] = {}
        self._loads = 0
        self._told = Reserved()

    def hold(self, holder: object, size: int) -> None:
        """Keep so many bytes for somebody, instead of as many as before; 0 gives all of them back."""
        self._held[holder] = size
        if not size:
            del self._held[holder]
        self._tell()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Context manager inside which no request may begin a load."""
        self._loads += 1
        self._tell()
        try:
            yield
        finally:
            self._loads -= 1
            self._tell()

    def _tell(self) -> None:
        told = Reserved(sum(self._held.values()), loading=self._loads > 0)
        if told != self._told:
            self._told = told
            self._post(told)
