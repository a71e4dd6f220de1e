"""The conditions under which an experiment runs."""

from collections.abc import Mapping

import msgspec

from ollama_panel.sim.machine.catalog import CATALOGS
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.service_time import PROFILES, Profile


class Conditions(msgspec.Struct, frozen=True):
    """A machine by the name of its profile, the seed of the clients, and the catalogue of the models in its store."""

    profile: str
    seed: int = 1
    catalog: str = "known"

    @property
    def machine(self) -> Profile:
        """Return the simulated machine."""
        return PROFILES[self.profile]

    @property
    def models(self) -> Mapping[str, Model]:
        """Return the models of the store by name."""
        return CATALOGS[self.catalog]
