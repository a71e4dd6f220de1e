"""A world in which a take-over does nothing but what its steps say, and a take-over in it."""

from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.takeover import StepKind, Takeover, TakeoverStep
from ollama_panel.core.takeover_steps import UnitFacts
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import takeover
from ollama_panel.engine.store import Store
from ollama_panel.engine.takeover import TakingOver
from ollama_panel.engine.takeover_steps import Entry

ADDRESS = "127.0.0.1:11434"
UNIT = FoundServer(
    *("7", 7, 1.0, Owner(OwnerKind.USER_UNIT, "llm.service", "llm.service", user_unit=True)),
    ours=True,
    address=ADDRESS,
)
SERVICE = msgspec.structs.replace(UNIT, owner=Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service"))
KINDS = (StepKind.CONFIGURE, StepKind.RELOAD, StepKind.RESTART, StepKind.USE, StepKind.LISTEN)


class Killed(BaseException):
    """The end of the panel, as by SIGKILL."""


class World:
    """What the steps change, and no more than that: which of them hold now.

    `fails` are kinds that fail, `killed` says when the panel ends: before or after the work of a step is done.
    """

    def __init__(self) -> None:
        self.moved = set[StepKind]()
        self.fails = set[StepKind]()
        self.killed: tuple[StepKind, bool] | None = None
        self.done = list[StepKind]()
        self.on_last: Callable[[], None] = lambda: None

    async def answers(self, address: str) -> bool:
        return True

    async def holds(self, step: TakeoverStep, entry: Entry) -> bool:
        return (step.kind in self.moved) != entry.back

    async def wait(self, step: TakeoverStep, entry: Entry) -> None:
        assert await self.holds(step, entry)

    async def carry_out(self, step: TakeoverStep, entry: Entry) -> None:
        if self.killed == (step.kind, False):
            raise Killed
        if step.kind in self.fails:
            raise PanelError(notice("takeover.command_failed", command="c", reason="r"))
        self.do(step.kind, back=entry.back)
        if self.killed == (step.kind, True):
            raise Killed

    def do(self, kind: StepKind, *, back: bool) -> None:
        self.done.append(kind)
        if kind is (KINDS[2] if back else KINDS[-1]):
            self.on_last()
        if back:
            self.moved.discard(kind)
        else:
            self.moved.add(kind)


class Harness:
    """A take-over in a folder, of one server, in a world of its own."""

    def __init__(
        self, folder: Path, server: FoundServer | None, monkeypatch: pytest.MonkeyPatch, world: World | None = None
    ) -> None:
        self.world = world or World()
        self.file = folder / "takeover.json"
        self.store = Store(Settings(), Timeline(), lambda: None, lambda _: 0)
        self.store.set_found_servers(() if server is None else (server,))
        self.simulated = self.replaced = False
        monkeypatch.setattr(takeover, "StepRunner", lambda *_, **__: self.world)
        monkeypatch.setattr(takeover, "next_free_port", self._free_port)
        monkeypatch.setattr(takeover.ports, "is_free", lambda *_: server is None)
        self.unit = UnitFacts()
        monkeypatch.setattr(takeover.services, "unit_facts", lambda *_, **__: self.unit)
        monkeypatch.setattr(takeover.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(takeover, "may_ask_password", lambda: True)
        monkeypatch.setattr(takeover, "as_administrator", self._as_administrator)
        self.asked = list[str]()
        self.refuses = False
        self.one = self.anew()

    def anew(self) -> TakingOver:
        """Return the take-over as the next panel reads it."""
        self.one = TakingOver(
            self.file,
            self.file.parent / "logs",
            self.store,
            httpx.AsyncClient(),
            change=self._change,
            refresh=self._nothing,
            adopt=self._nothing,
            own_ports=lambda: {11435},
            is_replaced=lambda _: self.replaced,
            simulated=lambda: self.simulated,
        )
        return self.one

    async def _free_port(self, host: str, after: int, avoid: set[int]) -> int:
        assert avoid == {11435}
        return after + 1

    async def _as_administrator(self, commands: list[str]) -> None:
        if self.refuses:
            raise PanelError(notice("takeover.refused"))
        self.asked += commands
        back = any("rm -f" in one for one in commands)
        for kind in KINDS[:3]:
            self.world.do(kind, back=back)

    async def _change(self, edit: Edit) -> None:
        self.store.set_settings(edit(self.store.settings))

    async def _nothing(self) -> None:
        pass

    async def take_over(self, server: str = "", *, dry_run: bool = False, ask: bool = False) -> Takeover | None:
        return (await self.one.take_over(server, dry_run=dry_run, ask_password=ask)).takeover

    async def undo(self, *, dry_run: bool = False, ask: bool = False) -> Takeover | None:
        return (await self.one.undo(dry_run=dry_run, ask_password=ask)).takeover

    @property
    def shown(self) -> Takeover | None:
        return self.store.snapshot(0.0, ()).takeover
