"""What runs an export on a machine: its units of systemd, jobs of launchd, containers or proxies."""

import msgspec

from ollama_panel.core.launch import InstanceSpec
from ollama_panel.core.ollama.host_variable import read

_HOST = "OLLAMA_HOST"
_OF_CONTAINER = (_HOST, "OLLAMA_MODELS")
"""What a container has of its own: the address and the folder inside of it."""


class Unit(msgspec.Struct, frozen=True):
    """One of them: its name for its manager, the `paths` of its files, and the worker in it, None if it is a proxy.

    `own_address`: the unit was there before, with an address that stays. `contained`: the server runs in a container.
    `port` is where a proxy answers, 0 = unknown. `edited`: its files are somebody's own, with all variables that count.
    """

    name: str
    paths: tuple[str, ...]
    worker: InstanceSpec | None = None
    own_address: bool = False
    contained: bool = False
    port: int = 0
    edited: bool = False

    @property
    def wanted(self) -> dict[str, str]:
        """The variables that its server is to have."""
        if self.worker is None:
            return {}
        if self.edited:
            return {name: value for name, value in self.worker.environment.items() if value}
        others = _OF_CONTAINER if self.contained else (_HOST,) if self.own_address else ()
        return {name: value for name, value in self.worker.environment.items() if value and name not in others}

    def address(self, environment: dict[str, str] | None) -> tuple[str, int]:
        """Return where it answers on its machine; `environment` has the variables of its process, if they are known."""
        if self.worker is None:
            return "127.0.0.1", self.port
        if not self.own_address or (self.edited and self.worker.port):
            return self.worker.host, self.worker.port
        host = read((environment or {}).get(_HOST, ""))
        return host.local or (host.host, host.port)
