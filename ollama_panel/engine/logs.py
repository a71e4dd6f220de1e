"""The panel's own log: rotating files in the state folder, and warnings on stderr."""

import logging
import logging.handlers
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import cast

from typing_extensions import override

from ollama_panel.core import redact
from ollama_panel.core.errors import not_written
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.files import make_private_folder, private
from ollama_panel.engine.paths import Paths

_MAX_BYTES = 2 * 1024 * 1024
_BACKUPS = 3
_WARNINGS_ONLY = ("httpx", "httpcore", "asyncio", "aiohttp")


def configure_logging(paths: Paths, *, on_stderr: bool = True) -> None:
    """Configure logging to the log file, if it can be written, and of warnings to stderr, if there is one."""
    logging.basicConfig(level=logging.INFO, handlers=[], force=True)
    if on_stderr and sys.stderr is not None:  # None: a program of Windows without a console
        console = logging.StreamHandler(sys.stderr)
        console.setLevel(logging.WARNING)
        console.setFormatter(_MessageFormatter())
        logging.getLogger().addHandler(console)
    for name in _WARNINGS_ONLY:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        file = _LogFile(paths.log, maxBytes=_MAX_BYTES, backupCount=_BACKUPS, encoding="utf-8")
    except OSError as error:
        _warn(paths.log, error)
        return
    file.setFormatter(_LineFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(file)


def _warn(path: Path, error: OSError) -> None:
    logging.getLogger(__name__).warning(render(not_written(str(path), error, notice("advice.log_on_screen"))))


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log file that warns only once if it cannot be written: that is no reason to stop serving.

    Its owner alone may read it. If somebody deletes or moves it, with its folder or without, it is begun anew.
    """

    _warned = False

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
        elif not self._warned:
            self._warned = True
            _warn(Path(self.baseFilename), error)


class _LineFormatter(logging.Formatter):
    """Formats a record without secrets, its traceback included: an error may quote a URL with its login."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return redact.text(super().format(record))


class _MessageFormatter(logging.Formatter):
    """Formats the message alone, without secrets; tracebacks are in the file."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the message."""
        return redact.text(record.getMessage())
