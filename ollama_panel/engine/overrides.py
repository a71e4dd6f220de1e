"""What the command line says over the settings file."""

import sys

import msgspec

from ollama_panel.core.settings.tree import ProxySettings, Settings

_DEMO_BYTES = 24 * 1024**3


class Overrides(msgspec.Struct, frozen=True):
    """For this run only, never saved. None and "" = not given; port 0 = a free one.

    `serve` opens the proxy even where the settings have it switched off. `demo_bytes` is the simulated card's memory.
    """

    host: str | None = None
    port: int | None = None
    binary: str = ""
    demo: bool = False
    serve: bool = False
    demo_command: tuple[str, ...] = (sys.executable, "-m", "ollama_panel.sim")
    demo_bytes: int = _DEMO_BYTES
    drain_s: float = 30.0

    def proxy(self, settings: Settings) -> ProxySettings:
        """Return what the proxy is to be opened with."""
        given = {"host": self.host, "port": self.port}
        return msgspec.structs.replace(settings.proxy, **{name: own for name, own in given.items() if own is not None})
