"""The engine: composition of everything that runs, the state's only writer, and the commands on it."""

import sys
from collections.abc import Callable

import msgspec

from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.settings import Settings
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.engine.paths import Paths


class Overrides(msgspec.Struct, frozen=True):
    """What the command line says over the settings file, for this run only; never saved. `binary` "" = not given."""

    host: str | None = None
    port: int | None = None
    binary: str = ""
    demo: bool = False
    demo_command: tuple[str, ...] = (sys.executable, "-m", "ollama_panel.sim")
    drain_s: float = 30.0


class Engine:
    """Lives on the background loop; every method runs there, `run` from first to last."""

    def __init__(self, paths: Paths, publish: Callable[[Snapshot], None], overrides: Overrides | None = None) -> None:
        self._paths = paths
        self._publish = publish
        self._overrides = overrides or Overrides()

    async def run(self) -> None:
        """Start everything, carry on until `shutdown`, clean up.

        PanelError before anything was started, if another panel runs on the same state folder.
        """
        raise NotImplementedError

    async def shutdown(self, *, force: bool = False) -> None:
        """Let `run` end: close the door, let streams end, stop instances; `force` (or a second call) skips waits."""
        raise NotImplementedError

    async def apply(self, settings: Settings) -> None:
        """Check, save and put into force; returns when everything runs as wanted. PanelError if they are not valid.

        A newer call takes over from one that is under way; both return when the newest is in force.
        """
        raise NotImplementedError

    async def ensure_running(self, instance: InstanceId) -> None:
        """Want this instance to run."""
        raise NotImplementedError

    async def ensure_stopped(self, instance: InstanceId) -> None:
        """Want this instance stopped; what runs there ends first, what waits goes elsewhere or waits on."""
        raise NotImplementedError

    async def restart(self, instance: InstanceId) -> None:
        """Let what runs on this instance end, then replace its process."""
        raise NotImplementedError

    async def start_all(self) -> None:
        """Want every instance to run."""
        raise NotImplementedError

    async def stop_all(self) -> None:
        """Want every managed instance stopped."""
        raise NotImplementedError

    async def set_proxy(self, on: bool) -> None:
        """Open or close the front door, for this run; the setting `proxy.enabled` stays as it is."""
        raise NotImplementedError

    async def unload_all(self) -> None:
        """Free the memory: unload every model that no request uses."""
        raise NotImplementedError

    async def cancel_request(self, request: RequestId) -> None:
        """End a request, waiting or running; nothing happens if it has ended already."""
        raise NotImplementedError

    async def log_lines(self, instance: InstanceId, after: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return the log lines of an instance after number `after`, and the number of the last one."""
        raise NotImplementedError

    async def samples(self) -> tuple[Sample, ...]:
        """Return the samples of the last ten minutes, oldest first."""
        raise NotImplementedError

    async def busy(self) -> int:
        """Return how many requests run or wait now."""
        raise NotImplementedError
