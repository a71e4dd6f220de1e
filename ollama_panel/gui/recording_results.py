"""Records the run and saves the last minutes, and announces what came of it, with the way to the file."""

import shlex
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.gui import format as fmt
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.opening import open_path
from ollama_panel.gui.toasts import Toast, ToastAction


async def switch(client: EngineClient, *, on: bool) -> None:
    """Begin or end a recording; Undo does the opposite."""
    record = await client.operations.record(on=on)
    text, detail = _RecordingWords().switched(record, on=on)
    actions = _actions(record.path) if not on and record.path else ()
    client.announce(Toast(text, detail, None if actions else partial(switch, client, on=not on), actions=actions))


async def save_recent(client: EngineClient) -> None:
    """Save the last minutes, and tell where."""
    saved = await client.operations.save_recent()
    text = _RecordingWords().saved(saved)
    detail = f"{fmt.size(saved.size)} · {saved.path}"
    client.announce(Toast(text, detail, actions=_actions(saved.path)))


def replay_command(path: str) -> str:
    """Return the command that replays a recording."""
    return f"ollama-panel bench replay {shlex.quote(path)}"


def show_file(path: str) -> None:
    """Open the folder of a file."""
    open_path(str(PurePath(path).parent))


def _actions(path: str) -> tuple[ToastAction, ...]:
    return _RecordingWords().actions(path)


class _RecordingWords(QObject):
    """The words; an object, because Qt's tool finds plural forms only where an object translates them."""

    def switched(self, record: RecordingRecord, *, on: bool) -> tuple[str, str]:
        if on:
            return self.tr("This run is recorded"), self._limit(record)
        return self.tr("{size} recorded").format(size=fmt.size(record.size)), record.path

    def _limit(self, record: RecordingRecord) -> str:
        without = self.tr("No content is in it")
        limit = self.tr("No content is in it; it ends by itself at {size}").format(size=fmt.size(record.most))
        return limit if record.most else without

    def saved(self, saved: SavedRecording) -> str:
        return self.tr("{time} saved").format(time=fmt.duration(saved.seconds))

    def actions(self, path: str) -> tuple[ToastAction, ...]:
        def copy() -> None:
            QGuiApplication.clipboard().setText(replay_command(path))

        return (
            ToastAction(self.tr("Show"), self.tr("Opens the folder of the file"), partial(show_file, path)),
            ToastAction(self.tr("Copy command"), self.tr("Copies the command that replays it"), copy),
        )
