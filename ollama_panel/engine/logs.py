"""The panel's own log: rotating files in the state folder, and warnings on stderr."""

import logging
import sys
from pathlib import Path

from typing_extensions import override

from ollama_panel.core import redact
from ollama_panel.core.errors import not_written
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.engine.log_files import LogFile
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
        file = LogFile(paths.log, most_bytes=_MAX_BYTES, backups=_BACKUPS, failed=_warn)
    except OSError as error:
        _warn(paths.log, error)
        return
    file.setFormatter(_LineFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(file)


def _warn(path: Path, error: OSError) -> None:
    logging.getLogger(__name__).warning(render(not_written(str(path), error, notice("advice.log_on_screen"))))


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
