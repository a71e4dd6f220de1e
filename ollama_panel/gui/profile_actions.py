"""Saves, forgets, imports and exports profiles, and announces what came of it, with the way back."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ollama_panel import __version__
from ollama_panel.core.errors import PanelError, not_read, not_written
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.tuning import profile_file
from ollama_panel.core.tuning import profiles as of_profiles
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.gui import dialogs
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.toasts import Toast


async def save(client: EngineClient, name: str, pool: PoolName) -> None:
    """Save the settings of a pool as a profile; Undo brings back what had the name before."""
    former = await _of_name(client, name)
    saved = await client.save_pool_as_profile(name, pool)
    client.announce(Toast(_ProfileWords().saved(saved), undo=partial(_put_back, client, saved, former)))


async def forget(client: EngineClient, name: str) -> None:
    """Forget a profile; Undo keeps it again."""
    gone = await client.forget_profile(name)
    client.announce(Toast(_ProfileWords().forgotten(gone), undo=partial(client.keep_profile, gone)))


async def take(client: EngineClient, parent: QWidget) -> None:
    """Ask for a file, and keep the profile in it. Raises PanelError, with one sentence, if there is none in it."""
    words = _ProfileWords()
    path = await dialogs.pick(parent, words.import_title(), directory=False)
    if path is None:
        return
    profile = profile_file.read(_content(path))
    former = await _of_name(client, profile.name)
    await client.keep_profile(profile)
    machine = profile.provenance.hardware
    detail = words.made_on(machine) if machine else ""
    client.announce(Toast(words.saved(profile), detail, partial(_put_back, client, profile, former)))


async def export(client: EngineClient, name: str, parent: QWidget) -> None:
    """Ask for a file, and write a profile there, without secrets."""
    profile = of_profiles.find(await client.profiles(), name)
    words = _ProfileWords()
    path = await dialogs.save_as(parent, words.export_title(), profile_file.file_name(profile))
    if path is None:
        return
    try:
        path.write_bytes(profile_file.written(profile, __version__))
    except OSError as error:
        raise PanelError(not_written(str(path), error, notice("advice.another_place"))) from error
    client.announce(Toast(words.exported(profile), str(path)))


async def _put_back(client: EngineClient, saved: Profile, former: Profile | None) -> None:
    """Keep the profile again that a saved one has replaced, or forget that one."""
    if former is None:
        await client.forget_profile(saved.name)
    else:
        await client.keep_profile(former)


async def _of_name(client: EngineClient, name: str) -> Profile | None:
    return next((one for one in await client.profiles() if one.name == name), None)


def _content(path: Path) -> bytes:
    """Return the content of a file, as much of a long one as shows that it is none of a profile."""
    try:
        with path.open("rb") as file:
            return file.read(profile_file.MOST_BYTES + 1)
    except OSError as error:
        raise PanelError(not_read(str(path), error)) from error


class _ProfileWords(QObject):
    """The words; an object, because Qt's tool finds what an object translates."""

    def saved(self, profile: Profile) -> str:
        return self.tr("Saved the profile {name}").format(name=profile.name)

    def forgotten(self, profile: Profile) -> str:
        return self.tr("Forgot the profile {name}").format(name=profile.name)

    def exported(self, profile: Profile) -> str:
        return self.tr("Wrote the profile {name}").format(name=profile.name)

    def made_on(self, machine: str) -> str:
        return self.tr("It was made on {machine}").format(machine=machine)

    def import_title(self) -> str:
        return self.tr("Import a profile")

    def export_title(self) -> str:
        return self.tr("Export the profile")
