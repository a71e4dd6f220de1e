"""The buttons of the window that a fix may press: what the engine itself can do of them."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import Remedy, UseRemedy
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import notice


class Switches(Protocol):
    """What the engine can be told; see `engine.engine.Engine`."""

    async def ensure_running(self, instance: InstanceId) -> None:
        """Start an instance, unless it runs."""
        ...

    async def restart(self, instance: InstanceId) -> None:
        """Drain an instance, then replace its process."""
        ...

    async def start_all(self) -> None:
        """Start every managed instance."""
        ...

    async def set_proxy(self, on: bool) -> None:
        """Open or close the proxy."""
        ...

    async def use_next_port(self) -> str:
        """Give the proxy the next free port."""
        ...

    async def set_paused(self, on: bool) -> None:
        """Pause or resume the dispatch of requests."""
        ...


class TakeOver(Protocol):
    """What takes Ollama's address over; see `PanelSource`."""

    async def take_over(self, server: str, *, dry_run: bool, ask_password: bool) -> object:
        """Go on with it."""
        ...

    async def undo_take_over(self, *, dry_run: bool, ask_password: bool) -> object:
        """Undo it."""
        ...


class GivenGpu(Protocol):
    """What takes the GPU back from others; see `YieldSource`."""

    async def take_back(self) -> object:
        """Take the GPU back."""
        ...


async def use(
    fix: UseRemedy,
    switches: Switches,
    address: TakeOver,
    gpu: GivenGpu,
    roll_out: Callable[[], Awaitable[object]],
) -> None:
    """Press a button. Raises PanelError if only the window can, or if that fails.

    `roll_out` brings the instances to the settings in force.
    """
    commands: dict[Remedy, Callable[[], Awaitable[object]]] = {
        Remedy.USE_NEXT_PORT: switches.use_next_port,
        Remedy.LISTEN_AGAIN: lambda: switches.set_proxy(True),
        Remedy.SWITCH_ON: lambda: switches.set_proxy(True),
        Remedy.RESUME: lambda: switches.set_paused(False),
        Remedy.TAKE_GPU_BACK: gpu.take_back,
        Remedy.ROLL_OUT: roll_out,
        Remedy.START_ALL: switches.start_all,
        Remedy.TAKE_OVER: lambda: address.take_over("", dry_run=False, ask_password=False),
        Remedy.UNDO_TAKE_OVER: lambda: address.undo_take_over(dry_run=False, ask_password=False),
    }
    if fix.remedy in (Remedy.START, Remedy.RESTART):
        for instance in fix.instances:
            await (switches.ensure_running if fix.remedy is Remedy.START else switches.restart)(InstanceId(instance))
    elif fix.remedy in commands:
        await commands[fix.remedy]()
    else:
        raise PanelError(notice("doctor.in_window"))
