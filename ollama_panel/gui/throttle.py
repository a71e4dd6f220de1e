"""Doing something often asked for no more often than the eye can follow."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Throttle(QObject):
    """Calls `run` at once, and again at most every `interval_ms`; what is asked for in between is done at its end."""

    def __init__(self, interval_ms: int, run: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self._again = False
        self._pause = QTimer(self, interval=interval_ms, singleShot=True)
        self._pause.timeout.connect(self._resume)

    def ask(self) -> None:
        """Run now, or when the pause is over."""
        if self._pause.isActive():
            self._again = True
            return
        self._pause.start()
        self._run()

    def _resume(self) -> None:
        if self._again:
            self._again = False
            self.ask()
