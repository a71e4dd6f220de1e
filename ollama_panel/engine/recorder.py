"""Records every step of the dispatcher, for replays and bug reports, in the format of `core.scheduling.event_log`."""

import logging
from pathlib import Path
from typing import IO

from ollama_panel.core.errors import not_written, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.messages import Action, Event
from ollama_panel.engine.files import private

_LOG = logging.getLogger(__name__)
MAX_BYTES = 512 * 1024 * 1024


class Recorder:
    """A scheduler that calls the dispatcher and records each step to `path`.

    Recording ends, with a warning in the log, if the file cannot be written or has `max_bytes`. It starts with the
    engine only: a replay needs every step from the first.
    """

    def __init__(self, dispatcher: Dispatcher, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._dispatcher = dispatcher
        self._bytes_left = max_bytes
        self._file: IO[bytes] | None = None
        try:
            self._file = open(path, "wb", opener=private)  # noqa: SIM115 - Path.open takes no opener; see `close`
        except OSError as error:
            _LOG.warning(render(not_written(str(path), error, notice("advice.not_recorded"))))
        self._write(event_log.head(dispatcher.policy))

    def step(self, event: Event, now: int) -> list[Action]:
        """Run and record one step."""
        actions = self._dispatcher.step(event, now)
        if self._file is not None:
            self._write(event_log.line(now, event, actions))
        return actions

    def close(self) -> None:
        """Flush the file and stop recording."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError as error:
                _LOG.warning(render(notice("recording.end_lost", path=file.name, reason=reason_of(error))))

    def _write(self, line: bytes) -> None:
        if self._file is None:
            return
        self._bytes_left -= len(line)
        try:
            self._file.write(line)
        except OSError as error:
            _LOG.warning(render(notice("recording.ended", path=self._file.name, reason=reason_of(error))))
            self.close()
            return
        if self._bytes_left <= 0:
            _LOG.warning(render(notice("recording.full", path=self._file.name)))
            self.close()
