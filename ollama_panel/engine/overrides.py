"""Command line options that override the settings file."""

import sys

import msgspec

from ollama_panel.core.settings.addresses import without_brackets
from ollama_panel.core.settings.tree import ProxySettings, Settings


class Overrides(msgspec.Struct, frozen=True):
    """Overrides for this run only, never saved. None and "" = not given; port 0 = a free one.

    `serve` opens the proxy even if the settings disable it. `demo_bytes` is the memory of the simulated card, None =
    as much as its servers say.
    """

    host: str | None = None
    port: int | None = None
    binary: str = ""
    demo: bool = False
    serve: bool = False
    demo_command: tuple[str, ...] = (sys.executable, "-m", "ollama_panel.sim")
    demo_bytes: int | None = None
    drain_s: float = 30.0

    @property
    def has_address(self) -> bool:
        """Whether the proxy's address is given, so that settings do not change it."""
        return self.host is not None or self.port is not None

    def proxy(self, settings: Settings) -> ProxySettings:
        """Return the options to open the proxy with; an address of IPv6 has no brackets there."""
        host = settings.proxy.host if self.host is None else self.host
        port = settings.proxy.port if self.port is None else self.port
        return msgspec.structs.replace(settings.proxy, host=without_brackets(host), port=port)
