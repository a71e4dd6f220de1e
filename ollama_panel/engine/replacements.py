"""What was decided of found servers, as it is kept in the state folder."""

import logging
from pathlib import Path

import msgspec

from ollama_panel.core.replacements import Replacement
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.files import read_file
from ollama_panel.engine.host.server_process import Launch

_LOG = logging.getLogger(__name__)


class Entry(msgspec.Struct, frozen=True):
    """A replacement with what undoes it; it began at `since` (seconds since 1970)."""

    public: Replacement
    before: Settings
    after: Settings
    launch: Launch | None = None
    since: float = 0.0


class Kept(msgspec.Struct, frozen=True):
    """The content of the file; servers are known by their addresses, which stay when they are started again."""

    used: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    replaced: tuple[Entry, ...] = ()


def read_kept(path: Path) -> Kept:
    """Return what is kept; nothing if there is no file, or none that this version understands."""
    try:
        return msgspec.json.decode(read_file(path), type=Kept)
    except FileNotFoundError:
        return Kept()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        _LOG.warning("what was decided of found servers is not known any more: %s", error)
        return Kept()
