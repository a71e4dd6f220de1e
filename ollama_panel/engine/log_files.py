"""Log files of the state folder: rotated, for their owner alone, begun anew if somebody takes them away."""

import logging
import logging.handlers
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import cast

from typing_extensions import override

from ollama_panel.engine.files import make_private_folder, private


class LogFile(logging.handlers.RotatingFileHandler):
    """A log file of at most `most_bytes`, with as many `backups`; it is opened at its first record if `delay`.

    `failed` is called when it cannot be written, once unless `failing` is set back: that is no reason to stop serving.
    If somebody deletes or moves it, with its folder or without, it is begun anew.
    """

    def __init__(
        self,
        path: Path,
        *,
        most_bytes: int,
        backups: int,
        failed: Callable[[Path, OSError], None],
        delay: bool = False,
    ) -> None:
        self.failing = False
        self._failed = failed
        super().__init__(path, maxBytes=most_bytes, backupCount=backups, encoding="utf-8", delay=delay)

    @override
    def _open(self) -> TextIOWrapper:
        for folder in (Path(self.baseFilename).parents[1], Path(self.baseFilename).parent):
            make_private_folder(folder)
        file = open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=private)  # noqa: SIM115 - Path.open takes no opener, and `close` closes it
        return cast(TextIOWrapper, file)

    @override
    def emit(self, record: logging.LogRecord) -> None:
        stream = self.stream
        if stream is not None and not self._is_there(stream):
            self.stream = None  # it is opened again when needed
            stream.close()
        super().emit(record)

    def _is_there(self, stream: TextIOWrapper) -> bool:
        try:
            return os.path.samestat(os.fstat(stream.fileno()), os.stat(self.baseFilename))  # noqa: PTH116 - a string
        except OSError:
            return False

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self.failing:
            self.failing = True
            self._failed(Path(self.baseFilename), error)
