"""The profiles of a running engine: kept in the state folder, and shown in the snapshots."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile, ProfileRecord
from ollama_panel.engine import profiles_file
from ollama_panel.engine.profiles_file import ProfilesEdit
from ollama_panel.engine.store import Store

_PROBLEMS = "profiles"


class Profiles:
    """The profiles of a running engine; the snapshots have their records."""

    def __init__(self, path: Path, store: Store) -> None:
        self._path = path
        self._store = store

    async def load(self) -> tuple[Profile, ...]:
        """Return what the file has now, and show it; one that cannot be read is shown as a problem."""
        try:
            found = await asyncio.to_thread(profiles_file.read, self._path)
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
        self._show(await asyncio.to_thread(profiles_file.change, self._path, edit))
        self._store.set_problems(_PROBLEMS, ())

    def _show(self, found: Iterable[Profile]) -> None:
        self._store.set_profiles(tuple(map(ProfileRecord.of, found)))
