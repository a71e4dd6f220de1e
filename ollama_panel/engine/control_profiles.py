"""What the panel's HTTP API and the window ask of the engine about profiles."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.provenance import provenance_of
from ollama_panel.core.settings import edits, forms
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.engine import clock
from ollama_panel.engine.composition import Composition


class Change(Protocol):
    """Changes the settings; see `PanelSource.change`."""

    async def __call__(self, edit: Edit, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Change the settings by `edit`."""
        ...


class ProfileCommands:
    """The commands; see `proxy.panel_api.source.ProfilesSource`."""

    def __init__(self, running: Callable[[], Awaitable[Composition]], change: Change) -> None:
        self._running = running
        self._change = change

    async def all(self) -> tuple[Profile, ...]:
        """Return the profiles, by name."""
        return await (await self._running()).profiles.load()

    async def find(self, name: str) -> Profile:
        """Return a profile. Raises PanelError if there is none of that name."""
        return profiles.find(await self.all(), name)

    async def save_tuning(self, name: str, tuning: str) -> Profile:
        """Save the result of a tuning as a profile. Raises PanelError if it has none."""
        ended = await (await self._running()).tuning.ended()
        record = next((one for one in ended if one.id == tuning), None)
        if record is None:
            raise PanelError(notice("profiles.no_tuning", tuning=forms.quoted(tuning)))
        return await self.keep(profiles.of_tuning(name, record))

    async def save_pool(self, name: str, pool: str) -> Profile:
        """Save the settings that a pool has now as a profile. Raises PanelError if there is none of that name."""
        snapshot = (await self._running()).snapshot()
        settings = edits.find_pool(snapshot.settings, pool)
        model = settings.models[0] if settings.models else ""
        return await self.keep(profiles.of_pool(name, settings, provenance_of(snapshot, model, clock.wall())))

    async def keep(self, profile: Profile) -> Profile:
        """Keep a profile, in the place of one of its name, and return it."""
        await (await self._running()).profiles.keep(profile)
        return profile

    async def forget(self, name: str) -> Profile:
        """Forget a profile and return it. Raises PanelError if there is none of that name."""
        return await (await self._running()).profiles.forget(name)

    async def apply(self, name: str, pool: str | None, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Give a pool the settings of a profile; see `PanelSource.change`."""
        profile = await self.find(name)

        def edit(settings: Settings) -> Settings:
            target = edits.find_pool(settings, pool or profile.settings.name)
            return edits.with_changed_pool(settings, profiles.applied(profile, target))

        return await self._change(edit, wait=wait, dry_run=dry_run)
