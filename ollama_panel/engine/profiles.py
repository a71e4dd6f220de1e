"""The profiles, as they are kept in the state folder. A file that cannot be read is kept beside the new one."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import msgspec

from ollama_panel.core.errors import PanelError, not_read
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile, ProfileRecord
from ollama_panel.engine.files import read_file, write_whole
from ollama_panel.engine.lock_file import exclusive
from ollama_panel.engine.store import Store

ProfilesEdit: TypeAlias = Callable[[tuple[Profile, ...]], tuple[Profile, ...]]
"""A change of the profiles. It raises PanelError if it is impossible."""

_PROBLEMS = "profiles"


class _Kept(msgspec.Struct, frozen=True):
    """The content of the file."""

    profiles: tuple[Profile, ...] = ()


class Profiles:
    """The profiles of a running engine; the snapshots have their records."""

    def __init__(self, path: Path, store: Store) -> None:
        self._path = path
        self._store = store

    async def load(self) -> tuple[Profile, ...]:
        """Return what the file has now, and show it; one that cannot be read is shown as a problem."""
        try:
            found = await asyncio.to_thread(read, self._path)
        except PanelError as error:
            told = notice("profiles.broken", why=error.notice)
            self._store.set_problems(_PROBLEMS, [Problem(self._path.name, told)])
            found = ()
        else:
            self._store.set_problems(_PROBLEMS, ())
        self._show(found)
        return found

    async def keep(self, profile: Profile) -> None:
        """Keep a profile, in the place of one of its name. Raises PanelError if the file cannot be written."""
        await self._change(lambda kept: profiles.with_profile(kept, profile))

    async def forget(self, name: str) -> Profile:
        """Forget a profile and return it. Raises PanelError if there is none of that name, or as `keep`."""
        gone = profiles.find(await self.load(), name)
        await self._change(lambda kept: profiles.without_profile(kept, name))
        return gone

    async def _change(self, edit: ProfilesEdit) -> None:
        self._show(await asyncio.to_thread(change, self._path, edit))
        self._store.set_problems(_PROBLEMS, ())

    def _show(self, found: Iterable[Profile]) -> None:
        self._store.set_profiles(tuple(map(ProfileRecord.of, found)))


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
