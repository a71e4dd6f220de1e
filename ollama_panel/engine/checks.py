"""What the user is told about the settings and the machine as they are now."""

import logging
import os
from collections.abc import Callable

from ollama_panel.core.launch import core_contention
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import check_pools
from ollama_panel.core.ollama.environment_inherited import check_inherited
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read
from ollama_panel.core.ollama.versions import numbers
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.settings.tree import Problem
from ollama_panel.engine.host.desktop_app import app_conflict
from ollama_panel.engine.host.discovery import home
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)


class Checks:
    """Puts problems and notices into the store.

    `gpu` tells whether models run on a GPU, `app_runs` whether Ollama's desktop app does.
    """

    def __init__(self, store: Store, gpu: Callable[[], bool], app_runs: Callable[[], bool]) -> None:
        self._store = store
        self._gpu = gpu
        self._app_runs = app_runs
        self._told: tuple[Problem, ...] = ()

    def core_contention(self) -> None:
        """Report a problem if the instances compete for the cores."""
        versions = {one.version for one in self._store.instances() if one.managed and one.version}
        self._store.set_problems("cores", core_contention(self._store.settings, self._gpu(), versions))

    def desktop_app(self) -> None:
        """Tell the user if Ollama's desktop app wants the port that the proxy has."""
        elsewhere = any(map(_is_app_elsewhere, self._store.found_servers))
        ours = {self._store.proxy.port, self._store.second_proxy.port}
        conflict = app_conflict(ours, self._app_runs() and not elsewhere)
        self._store.set_notices("app", () if conflict is None else (conflict,))

    def environment(self) -> None:
        """Report the variables that do nothing or something else: those of the pools, and the panel's own."""
        settings = self._store.settings
        version = numbers(next((one.version for one in self._store.instances() if one.managed and one.version), ""))
        found = (*check_pools(settings, version, os.environ), *check_inherited(os.environ, settings, home(), version))
        for problem in found:
            if problem not in self._told:
                _LOG.info("%s", render(problem.told))
        self._told = found
        self._store.set_problems("environment", found)


def _is_app_elsewhere(server: FoundServer) -> bool:
    """Return whether a server is that of the desktop app, and listens at another port than its own."""
    of_app = server.owner.kind is OwnerKind.DESKTOP_APP and server.address is not None
    return of_app and read(server.address or "").port != DEFAULT_PORT
