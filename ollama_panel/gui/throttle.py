"""Limits how often a function is called."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Throttle(QObject):
    """Calls `run` at once, then at most once per `interval_ms`; calls in between are merged into one at its end."""

    def __init__(self, interval_ms: int, run: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self._again = False
        self._pause = QTimer(self, interval=interval_ms, singleShot=True)
        self._pause.timeout.connect(self._resume)

    def ask(self) -> None:
        """Call `run` now, or at the end of the interval."""
        if self._pause.isActive():
            self._again = True
            return
        self._pause.start()
        self._run()

    def _resume(self) -> None:
        if self._again:
            self._again = False
            self.ask()
