"""The panel at Ollama's own address: begins a take-over, goes on with it, undoes it.

What is to be done is in the state folder before it is done, and every step is looked at before it is done again: after
a crash in the middle of any of them the next panel says how far it is, and finishes it or goes back. The plan is
`core.takeover_plan`'s.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import takewhile
from pathlib import Path

import httpx
import msgspec

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.launch import HOST
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.takeover import (
    StepBy,
    StepState,
    Takeover,
    TakeoverAnswer,
    TakeoverStage,
    TakeoverStep,
    of_takeover,
)
from ollama_panel.core.takeover_plan import plan_of, server_at, way_back
from ollama_panel.core.takeover_steps import Place, UnitFacts
from ollama_panel.engine.files import read_file, write_whole
from ollama_panel.engine.host import ports, server_process, services
from ollama_panel.engine.host.discovery import home
from ollama_panel.engine.host.shell import REFUSED, as_administrator, may_ask_password
from ollama_panel.engine.listener import next_free_port
from ollama_panel.engine.store import Store
from ollama_panel.engine.takeover_steps import Entry, StepRunner, local

_LOG = logging.getLogger(__name__)
_WATCH_S = 2.0
"""How often it is looked whether the user has typed the commands that are waited for."""


class TakingOver:
    """Carries out a take-over, one at a time. `path` is its file, `logs` a folder for the output of servers.

    `change`, `refresh` and `adopt` are those of `StepRunner`. `own_ports` returns the panel's own ports, `is_replaced`
    whether the workers have the place of a server, or are to take it; `simulated` whether the workers are simulated.
    """

    def __init__(
        self,
        path: Path,
        logs: Path,
        store: Store,
        client: httpx.AsyncClient,
        *,
        change: Callable[[Edit], Awaitable[object]],
        refresh: Callable[[], Awaitable[None]],
        adopt: Callable[[], Awaitable[None]],
        own_ports: Callable[[], set[int]],
        is_replaced: Callable[[FoundServer], bool] = lambda _: False,
        simulated: Callable[[], bool] = lambda: False,
    ) -> None:
        self._path = path
        self._logs = logs
        self._store = store
        self._refresh = refresh
        self._own_ports = own_ports
        self._is_replaced = is_replaced
        self._simulated = simulated
        self._runner = StepRunner(store, client, change=change, refresh=refresh, adopt=adopt)
        self._busy = asyncio.Lock()
        self._under_way = asyncio.Event()
        self._entry = _interrupted(read_entry(path))
        self._tell()

    def used(self) -> dict[int, str]:
        """Return the host, by its port, where the moved server is to be used."""
        entry = self._entry
        if entry is None or entry.back or not entry.takeover.moved_to:
            return {}
        host, port = local(entry.takeover.moved_to)
        return {port: host}

    def left(self) -> frozenset[int]:
        """Return the port where the server, on its way back, is not to be used any more."""
        entry = self._entry
        returning = entry is not None and entry.back and entry.takeover.moved_to
        return frozenset({read(entry.takeover.moved_to).port}) if entry is not None and returning else frozenset()

    # Commands

    async def take_over(self, server: str, *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        """Begin to take over the address of a server ("" = Ollama's own port), or go on with what was begun.

        `server` is its id, or the address: a server that has started anew since has another id.
        Raises PanelError if that is not possible, or if a step fails.
        """
        async with self._busy:
            entry = self._entry
            if entry is None or self._is_lost(entry):
                entry = await self._planned(server, entry)
            elif entry.takeover.stage is not TakeoverStage.TAKEN:
                entry = await self._turned(entry, back=False)
            if dry_run:
                return TakeoverAnswer(entry.takeover, entry.takeover.told)
            if entry.takeover.stage is not TakeoverStage.TAKEN:
                entry = await self._put(_at(entry, TakeoverStage.MOVING))
                await self._advance(entry, ask_password=ask_password)
            return self._answer(of_takeover(entry.takeover))

    async def undo(self, *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        """Undo a take-over, finished or not, or go on with that. Raises PanelError if there is none, or one fails."""
        async with self._busy:
            if self._entry is None:
                raise PanelError(notice("takeover.not_taken"))
            entry = await self._turned(self._entry, back=True)
            if dry_run:
                return TakeoverAnswer(entry.takeover)
            entry = await self._put(_at(entry, TakeoverStage.RETURNING))
            await self._advance(entry, ask_password=ask_password)
            return self._answer(notice("takeover.undone", address=entry.takeover.address))

    async def run(self) -> None:
        """Go on with what waits for the user, until cancelled; look once how far an earlier panel has come."""
        while True:
            await self._under_way.wait()
            if not self._busy.locked():
                async with self._busy:
                    await self._go_on()
            await asyncio.sleep(_WATCH_S)

    async def _go_on(self) -> None:
        entry = self._entry
        if entry is None or entry.takeover.problem is not None:
            return
        if entry.takeover.interrupted:
            await self._look(entry)
        else:
            await self._advance(entry, ask_password=False)

    # Planning

    async def _planned(self, name: str, before: Entry | None) -> Entry:
        """Return a take-over that has not begun. `before` is one that something else has undone since."""
        if self._simulated():
            raise PanelError(notice("takeover.demo"))
        await self._refresh()
        server = self._named(name) if name else await self._at_port(DEFAULT_PORT)
        address = f"{HOST}:{DEFAULT_PORT}" if server is None else server.address or ""
        port = read(address).port
        if port in (self._store.proxy.port, self._store.second_proxy.port):
            raise PanelError(notice("takeover.has_it", address=address))
        if server is None and not await asyncio.to_thread(ports.is_free, HOST, port):
            server = await self._unknown(address)
        if server is not None and self._is_replaced(server):
            raise PanelError(notice("takeover.replaced", address=address))
        launch = None
        if server is not None and server.owner.kind is OwnerKind.BY_HAND:
            launch = await asyncio.to_thread(server_process.launch_of, server, self._logs)
        unit = UnitFacts()
        if server is not None and server.owner.unit:
            unit = await asyncio.to_thread(services.unit_facts, server.owner.unit, by_user=server.owner.user_unit)
        moved_to = "" if server is None else await self._free_address()
        settings = self._store.settings if before is None else before.before
        plan = plan_of(server, address, moved_to, settings, _place(unit, repeatable=launch is not None))
        return Entry(_asking(plan.takeover), settings, plan.settings, launch, unit=unit)

    def _named(self, name: str) -> FoundServer:
        server = next((one for one in self._store.found_servers if name in (one.id, one.address)), None)
        if server is None:
            raise PanelError(notice("servers.no_server", server=name))
        if server.address is None:
            raise PanelError(notice("servers.no_address", server=name))
        return server

    async def _at_port(self, port: int) -> FoundServer | None:
        users = await asyncio.to_thread(ports.listening_names, port)
        return server_at(self._store.found_servers, port, users)

    async def _unknown(self, address: str) -> FoundServer:
        """Return a server of which nothing is known but that it answers. Raises PanelError if it is no Ollama."""
        if await self._runner.answers(address):
            return FoundServer("", 0, 0.0, Owner(), address=address)
        owner = await asyncio.to_thread(ports.owner_of, read(address).port)
        raise PanelError(notice("takeover.not_ollama", address=address, owner=owner))

    async def _free_address(self) -> str:
        avoid = self._own_ports() | {self._store.settings.proxy.port}
        return f"{HOST}:{await next_free_port(HOST, DEFAULT_PORT + 1, avoid)}"

    def _is_lost(self, entry: Entry) -> bool:
        """Return whether something else has the address of a take-over that was finished."""
        return entry.takeover.stage is TakeoverStage.TAKEN and self._store.second_proxy.problem is not None

    async def _turned(self, entry: Entry, *, back: bool) -> Entry:
        """Return a take-over in the other direction, or in the same one as far as it is."""
        takeover = entry.takeover
        place = _place(entry.unit, repeatable=entry.launch is not None)
        if back:
            await self._refresh()
            steps = way_back(takeover, place, await self._at_port(read(takeover.moved_to).port))
        else:
            plan = plan_of(takeover.server, takeover.address, takeover.moved_to, entry.before, place)
            steps = plan.takeover.steps
        takeover = _asking(msgspec.structs.replace(takeover, steps=steps, interrupted=False))
        return msgspec.structs.replace(entry, takeover=takeover, back=back)

    # Carrying out

    async def _advance(self, entry: Entry, *, ask_password: bool) -> None:
        """Do what the panel can do, up to a step that the user has to do or that fails; finish it if all is done."""
        steps = list(entry.takeover.steps)

        def tell(numbers: Iterable[int], state: StepState, problem: Notice | None = None) -> None:
            for number in numbers:
                steps[number] = msgspec.structs.replace(steps[number], state=state, problem=problem)
            self._show(_with_steps(entry, steps))

        for number in range(len(steps)):
            if steps[number].state is StepState.DONE:
                continue  # by an administrator, a moment ago
            if await self._runner.holds(steps[number], entry):
                tell([number], StepState.DONE)
                continue
            together = _together(steps, number)
            by = steps[number].by
            if by is StepBy.USER or (by is StepBy.ROOT and not ask_password):
                tell(together, StepState.WAITING)
                return
            tell(together, StepState.UNDER_WAY)
            try:
                await self._carry_out([steps[one] for one in together], entry)
            except PanelError as error:
                if error.notice.code == REFUSED:
                    tell(together, StepState.WAITING)
                    return
                tell(together, StepState.OPEN)
                tell([number], StepState.FAILED, error.notice)
                return
            tell(together, StepState.DONE)
        await self._finish(entry, steps)

    async def _carry_out(self, steps: Sequence[TakeoverStep], entry: Entry) -> None:
        """Do one step of the panel, or those that need an administrator at once. Raises PanelError."""
        if steps[0].by is StepBy.PANEL:
            await self._runner.carry_out(steps[0], entry)
            return
        commands = [command for step in steps for command in step.commands]
        await as_administrator(commands)
        for step in steps:
            await self._runner.wait(step, entry)

    async def _finish(self, entry: Entry, steps: Sequence[TakeoverStep]) -> None:
        """Keep that all steps are done; if that is not possible, it is told as a failure of the last one."""
        try:
            if entry.back:
                await asyncio.to_thread(_forget, self._path)
                self._entry = None
                self._tell()
            else:
                await self._put(_at(_with_steps(entry, steps), TakeoverStage.TAKEN))
        except PanelError as error:
            failed = msgspec.structs.replace(steps[-1], state=StepState.FAILED, problem=error.notice)
            self._show(_with_steps(entry, (*steps[:-1], failed)))

    async def _look(self, entry: Entry) -> None:
        """Look how far an earlier panel has come; there may be nothing left to do."""
        steps = [
            msgspec.structs.replace(
                step, state=StepState.DONE if await self._runner.holds(step, entry) else StepState.OPEN
            )
            for step in entry.takeover.steps
        ]
        if all(step.state is StepState.DONE for step in steps):  # it was killed before it could say so
            await self._finish(_heard(entry), steps)
        else:
            self._show(_with_steps(entry, steps))

    # State

    async def _put(self, entry: Entry) -> Entry:
        """Keep a take-over. Raises PanelError if the file cannot be written: then nothing is done."""
        await asyncio.to_thread(write_whole, self._path, msgspec.json.encode(entry))
        self._show(entry)
        return entry

    def _show(self, entry: Entry) -> None:
        self._entry = entry
        self._tell()

    def _tell(self) -> None:
        takeover = self._entry.takeover if self._entry is not None else None
        self._store.set_takeover(takeover)
        if takeover is not None and takeover.stage is not TakeoverStage.TAKEN:
            self._under_way.set()
        else:
            self._under_way.clear()

    def _answer(self, otherwise: Notice) -> TakeoverAnswer:
        """Return how far it is; `otherwise` is told if nothing is left of it. Raises PanelError if a step failed."""
        takeover = self._entry.takeover if self._entry is not None else None
        if takeover is None:
            return TakeoverAnswer(None, (otherwise,))
        if takeover.problem is not None:
            raise PanelError(of_takeover(takeover))
        return TakeoverAnswer(takeover, (of_takeover(takeover),), takeover.todo)


def read_entry(path: Path) -> Entry | None:
    """Return the take-over that is kept; None if there is none, or none that this version understands."""
    try:
        return msgspec.json.decode(read_file(path), type=Entry)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        _LOG.warning("the take-over of Ollama's address is not known any more: %s", error)
        return None


def _forget(path: Path) -> None:
    """Remove the file of a take-over. Raises PanelError if that fails."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise PanelError(notice("file.not_removed", path=str(path), reason=reason_of(error))) from error


def _interrupted(entry: Entry | None) -> Entry | None:
    """Return a take-over as the next panel finds it: one that was not finished waits for a word."""
    if entry is None or entry.takeover.stage is TakeoverStage.TAKEN:
        return entry
    steps = [msgspec.structs.replace(step, state=StepState.OPEN, problem=None) for step in entry.takeover.steps]
    takeover = msgspec.structs.replace(entry.takeover, steps=tuple(steps), interrupted=True)
    return msgspec.structs.replace(entry, takeover=takeover)


def _heard(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, takeover=msgspec.structs.replace(entry.takeover, interrupted=False))


def _at(entry: Entry, stage: TakeoverStage) -> Entry:
    return msgspec.structs.replace(entry, takeover=msgspec.structs.replace(entry.takeover, stage=stage))


def _with_steps(entry: Entry, steps: Sequence[TakeoverStep]) -> Entry:
    return msgspec.structs.replace(entry, takeover=msgspec.structs.replace(entry.takeover, steps=tuple(steps)))


def _together(steps: Sequence[TakeoverStep], first: int) -> list[int]:
    """Return the steps that are done at once: one of the panel's, or all in turn that it cannot do itself."""
    if steps[first].by is StepBy.PANEL:
        return [first]
    return list(takewhile(lambda number: steps[number].by is steps[first].by, range(first, len(steps))))


def _asking(takeover: Takeover) -> Takeover:
    """Return a take-over that says whether the panel can do the steps of an administrator."""
    asks = any(step.by is StepBy.ROOT for step in takeover.steps) and may_ask_password()
    return msgspec.structs.replace(takeover, asks_password=asks)


def _place(unit: UnitFacts, *, repeatable: bool) -> Place:
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path(home()) / ".config")
    root = sys.platform != "win32" and os.geteuid() == 0
    return Place(sys.platform, f"{config}/systemd/user", root, repeatable, unit)
