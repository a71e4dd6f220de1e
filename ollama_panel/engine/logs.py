"""The panel's own log: a few files in the state folder, warnings on stderr too."""

import logging
import logging.handlers
import sys

from typing_extensions import override

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.paths import Paths

_BYTES = 2 * 1024 * 1024
_FILES = 3
_QUIET = ("httpx", "httpcore", "asyncio", "aiohttp")


def write_to(paths: Paths) -> None:
    """Send what the program logs to the log file, and warnings to stderr; PanelError if the folder cannot be used."""
    try:
        paths.log.parent.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(paths.log, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8")
    except OSError as error:
        raise PanelError(
            f"The state folder {paths.state_dir} cannot be used ({error.strerror or error}); "
            "give another one with --state-dir."
        ) from error
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    screen = logging.StreamHandler(sys.stderr)
    screen.setLevel(logging.WARNING)
    screen.setFormatter(_Words())
    logging.basicConfig(level=logging.INFO, handlers=[file, screen], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Words(logging.Formatter):
    """For people: the message alone; tracebacks are in the file."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the message."""
        return record.getMessage()
