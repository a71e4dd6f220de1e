"""Keeps the state folder there while the panel runs: somebody may delete or move it."""

import asyncio
import logging

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.instances.orphans import ChildRegistry
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import SingleInstanceLock
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
_FOLDER = "folder"


class StateFolder:
    """Makes the folder again, with what the next panel and the other commands need: locks, settings, children.

    The settings in force are written, because a panel that starts without them would let everybody in; settings that
    somebody has put there meanwhile stay, and are read like any change.
    """

    def __init__(self, paths: Paths, lock: SingleInstanceLock, store: Store, children: ChildRegistry) -> None:
        self._paths = paths
        self._lock = lock
        self._store = store
        self._children = children

    async def look(self) -> configfile.Stamp:
        """Return the stamp of the settings file, and make the folder again if it is gone.

        What cannot be mended becomes a problem; the panel serves on.
        """
        try:
            renewed, stamp = await asyncio.to_thread(self._look)  # a home on a network may hang
            if renewed:
                self._lock.announce_again()
                self._children.write()
                stamp = await asyncio.to_thread(self._write_settings, self._store.settings)
                _LOG.warning(render(notice("folder.made_again", path=str(self._paths.state_dir))))
        except PanelError as error:
            self._store.set_problems(_FOLDER, [Problem(_FOLDER, error.notice)])
            return None
        self._store.set_problems(_FOLDER, ())
        return stamp

    def _look(self) -> tuple[bool, configfile.Stamp]:
        return self._lock.renew(), configfile.stamp(self._paths.settings)

    def _write_settings(self, settings: Settings) -> configfile.Stamp:
        if settings != Settings() and not self._paths.settings.exists():
            return configfile.write(self._paths.settings, settings)
        return configfile.stamp(self._paths.settings)
