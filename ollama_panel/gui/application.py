"""The application object of Qt."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override


class Application(QApplication):
    """The application; `may_quit` is asked when the desktop or a menu wants it to quit, and returns whether it may.

    An event filter could do that, too, but it would be called for every event of every widget.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(arguments)
        self.may_quit: Callable[[], bool] = lambda: True

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit and not self.may_quit():
            return True
        return super().event(event)
