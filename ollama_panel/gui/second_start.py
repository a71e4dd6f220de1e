"""A second start of the program: it lets the first one show its window, and ends.

The first one has a lock (`engine.single_instance.window_lock`) and listens on a local socket; whoever does not get the
lock asks there. The lock decides who is first, because a socket that nobody serves any more looks like one of a
program that is about to start.
"""

import logging
import os
from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_LOG = logging.getLogger(__name__)
_TRIES, _PAUSE_MS = 100, 100
"""Waits for 10 s: the first one listens as soon as its window is drawn."""

_ANSWER_MS = 5000
_MOST = 4096
"""The bytes of a request that are read: an activation token has some dozens."""


class Answer(Enum):
    """What the first one said: its window is shown, it is about to end, or nothing."""

    SHOWN = b"shown\n"
    ENDING = b"ending\n"
    NONE = b""


class FirstStart(QObject):
    """Listens for further starts; `show` brings the window to the front and returns whether it could."""

    def __init__(self, socket: str, show: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        QLocalServer.removeServer(socket)  # of a program that was killed
        if not self._server.listen(socket):
            _LOG.warning("a second start cannot show this window: %s", self._server.errorString())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    @Slot()
    def _accept(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            connection.disconnected.connect(connection.deleteLater)
            connection.readyRead.connect(lambda connection=connection: self._read(connection))
            self._read(connection)

    def _read(self, connection: QLocalSocket) -> None:
        if not connection.canReadLine():
            if connection.bytesAvailable() > _MOST:
                connection.abort()
            return
        token = bytes(connection.readLine().data()).decode(errors="replace").strip()
        if token:  # of the desktop: lets a window come to the front under Wayland
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        answer = Answer.SHOWN if self._show() else Answer.ENDING
        connection.write(answer.value)
        connection.flush()
        connection.disconnectFromServer()


def ask_first(socket: str, tries: int = _TRIES) -> Answer:
    """Ask the first start to show its window, and return its answer. Blocks, for 10 s if it does not listen."""
    for left in reversed(range(tries)):
        connection = QLocalSocket()
        connection.connectToServer(socket)
        if connection.waitForConnected(_ANSWER_MS):
            return _asked(connection)
        if left:
            QThread.msleep(_PAUSE_MS)
    return Answer.NONE


def _asked(connection: QLocalSocket) -> Answer:
    connection.write(os.environ.get("XDG_ACTIVATION_TOKEN", "").encode() + b"\n")
    said = b""
    while not said.endswith(b"\n") and connection.waitForReadyRead(_ANSWER_MS):
        said += connection.readAll().data()
    return Answer(said) if said in {Answer.SHOWN.value, Answer.ENDING.value} else Answer.NONE
