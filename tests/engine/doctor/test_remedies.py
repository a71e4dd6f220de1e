"""The buttons of the window that a fix may press."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import Remedy, UseRemedy
from ollama_panel.core.ids import InstanceId
from ollama_panel.engine.doctor import remedies


class Engine:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    async def ensure_running(self, instance: InstanceId) -> None:
        self.told.append(("start", instance))

    async def restart(self, instance: InstanceId) -> None:
        self.told.append(("restart", instance))

    async def start_all(self) -> None:
        self.told.append(("start_all",))

    async def set_proxy(self, on: bool) -> None:
        self.told.append(("proxy", on))

    async def use_next_port(self) -> str:
        self.told.append(("next_port",))
        return ""

    async def set_paused(self, on: bool) -> None:
        self.told.append(("paused", on))

    async def take_back(self) -> object:
        self.told.append(("take_back",))
        return None

    async def roll_out(self) -> object:
        self.told.append(("roll_out",))
        return None

    async def take_over(self, server: str, *, dry_run: bool, ask_password: bool) -> object:
        self.told.append(("take_over", server, dry_run))
        return None

    async def undo_take_over(self, *, dry_run: bool, ask_password: bool) -> object:
        self.told.append(("undo_take_over", dry_run))
        return None


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        (Remedy.USE_NEXT_PORT, [("next_port",)]),
        (Remedy.LISTEN_AGAIN, [("proxy", True)]),
        (Remedy.SWITCH_ON, [("proxy", True)]),
        (Remedy.RESUME, [("paused", False)]),
        (Remedy.TAKE_GPU_BACK, [("take_back",)]),
        (Remedy.START_ALL, [("start_all",)]),
        (Remedy.START, [("start", "chat-1"), ("start", "chat-2")]),
        (Remedy.RESTART, [("restart", "chat-1"), ("restart", "chat-2")]),
        (Remedy.TAKE_OVER, [("take_over", "", False)]),
        (Remedy.UNDO_TAKE_OVER, [("undo_take_over", False)]),
        (Remedy.ROLL_OUT, [("roll_out",)]),
    ],
)
async def test_the_engine_does_what_the_button_says(remedy: Remedy, told: list[tuple[object, ...]]) -> None:
    engine = Engine()
    await remedies.use(UseRemedy(remedy, ("chat-1", "chat-2")), engine, engine, engine, engine.roll_out)
    assert engine.told == told


@pytest.mark.parametrize("remedy", [Remedy.OPEN_LOG, Remedy.RESTART_ENGINE, Remedy.INSTALL, Remedy.CONNECT])
async def test_what_only_the_window_has_is_refused(remedy: Remedy) -> None:
    with pytest.raises(PanelError, match="window"):
        await remedies.use(UseRemedy(remedy), Engine(), Engine(), Engine(), Engine().roll_out)
