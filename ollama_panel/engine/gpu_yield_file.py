"""What the user has said about the GPU, in the state folder: it outlives the panel."""

import logging
from pathlib import Path

import msgspec

from ollama_panel.engine.files import read_file, write_whole

_LOG = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """The content of the file. `since` is when the user has given the GPU away, in seconds since 1970, None = not.

    `refused` are the programs of the settings that are not to have it until they have been gone.
    """

    since: float | None = None
    refused: tuple[str, ...] = ()


def read(path: Path) -> Kept:
    """Return what is kept; nothing if there is no file, or none that this version understands. Blocks."""
    try:
        return msgspec.json.decode(read_file(path), type=Kept)
    except FileNotFoundError:
        return Kept()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        _LOG.warning("whether the GPU is given away is not known any more: %s", error)
        return Kept()


def write(path: Path, kept: Kept) -> None:
    """Keep it. Raises PanelError if the file cannot be written. Blocks."""
    write_whole(path, msgspec.json.encode(kept))
