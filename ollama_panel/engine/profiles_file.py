"""The file of the profiles in the state folder. One that cannot be read is kept beside the new one."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from ollama_panel.core.errors import PanelError, not_read
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.engine.files import read_file, write_whole
from ollama_panel.engine.lock_file import exclusive

ProfilesEdit: TypeAlias = Callable[[tuple[Profile, ...]], tuple[Profile, ...]]
"""A change of the profiles. It raises PanelError if it is impossible."""


class _Kept(msgspec.Struct, frozen=True):
    """The content of the file."""

    profiles: tuple[Profile, ...] = ()


def read(path: Path) -> tuple[Profile, ...]:
    """Return the profiles in the file, none if there is none. Raises PanelError if it cannot be read."""
    try:
        return msgspec.json.decode(read_file(path), type=_Kept).profiles
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PanelError(not_read(str(path), error)) from error


def change(path: Path, edit: ProfilesEdit) -> tuple[Profile, ...]:
    """Change the profiles in the file by `edit`, and return them. No other program changes them meanwhile.

    A file that cannot be read is kept beside the new one. Raises what `edit` raises, and PanelError if the file cannot
    be written; then it is as before. Blocks for up to 10 s.
    """
    with exclusive(path):
        try:
            before = read(path)
        except PanelError:
            before = ()
            broken = _content(path)
        else:
            broken = b""
        after = edit(before)
        if broken:
            write_whole(_aside(path), broken)
        write_whole(path, msgspec.json.format(msgspec.json.encode(_Kept(after)), indent=1))
        return after


def _content(path: Path) -> bytes:
    try:
        return read_file(path)
    except OSError as error:
        raise PanelError(not_read(str(path), error)) from error


def _aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    return aside
