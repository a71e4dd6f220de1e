"""Found servers that are used, left alone, replaced by the panel's workers and given back.

What was decided and done is in the state folder before it is done, so that it can be undone after a crash, too. The
plan is `core.replacing`'s.
"""

import asyncio
import contextlib
import logging
import os
import shlex
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
import psutil

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.host_variable import read
from ollama_panel.core.panel_api import ServerAnswer
from ollama_panel.core.replacements import Control, Means, Replacement, Stage
from ollama_panel.core.replacing import Plan, Surroundings, of_replacement, plan_of, successor_of
from ollama_panel.core.servers import FoundServer, OwnerKind
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.files import write_whole
from ollama_panel.engine.host import model_stores, server_process
from ollama_panel.engine.host.server_process import Launch, is_alive
from ollama_panel.engine.host.servers import listens
from ollama_panel.engine.host.services import Run, run_command
from ollama_panel.engine.replacements import Entry, read_kept
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
GONE_S = 30.0
"""How long a server may take to end, requests included; it is never killed."""
LISTENS_S = 10.0
"""How long to look whether a server that was started again stays; it listens before it looks for graphics cards."""
_POLL_S = 0.2
_WATCH_S = 2.0


def _patiently(command: Sequence[str]) -> str | None:
    return run_command(command, GONE_S)


class Replacing:
    """Carries out what is decided of found servers. `path` is its file, `logs` a folder for the output of servers.

    `change` changes the settings and returns when all instances run with them; it raises PanelError. `refresh` looks
    for servers again, `adopt` looks for those to be adopted. `fixed_address`: settings do not change that of the proxy.
    The workers inherit `environment`. `now` returns the time in seconds since 1970.
    """

    def __init__(
        self,
        path: Path,
        logs: Path,
        store: Store,
        *,
        change: Callable[[Edit], Awaitable[object]],
        refresh: Callable[[], Awaitable[None]],
        adopt: Callable[[], Awaitable[None]],
        now: Callable[[], float],
        fixed_address: bool = False,
        environment: Mapping[str, str] = os.environ,
        run: Run = _patiently,
    ) -> None:
        self._path = path
        self._logs = logs
        self._store = store
        self._change = change
        self._refresh = refresh
        self._adopt = adopt
        self._now = now
        self._fixed_address = fixed_address
        self._inherited = environment
        self._run = run
        self._kept = read_kept(path)
        self._tried = set[str]()  # the servers that this run has started again, or has tried to
        self._busy = asyncio.Lock()
        self._under_way = asyncio.Event()
        self._tell()

    # What others ask

    def used(self) -> dict[int, str]:
        """Return the hosts, by port, of the servers that the user wants to be used."""
        places = (read(address).local for address in self._kept.used)
        return {port: host for host, port in filter(None, places)}

    def left(self) -> frozenset[int]:
        """Return the ports of the servers that the user wants to be left alone, and of those that were replaced."""
        replaced = (one.public.server.address or "" for one in self._kept.replaced)
        return frozenset(read(address).port for address in (*self._kept.left, *replaced) if address)

    def is_left(self, address: str | None) -> bool:
        """Return whether the user wants the server at an address to be left alone."""
        return address in self._kept.left

    def is_replaced(self, server: FoundServer) -> bool:
        """Return whether the workers have the place of a server, or are to take it."""
        return any(one.public.id == server.id for one in self._kept.replaced)

    # Commands

    async def use(self, name: str) -> ServerAnswer:
        """Use a server beside the workers."""
        server = self._found(name)
        address = _known_address(server)
        self._keep(used=_with(self._kept.used, address), left=_without(self._kept.left, address))
        if not self._store.settings.ollama.adopt:
            await self._change(_adopting)
        await self._adopt()
        return await self._answer(name, notice("servers.is_used", address=address))

    async def leave(self, name: str) -> ServerAnswer:
        """Use a server no more."""
        server = self._found(name)
        address = _known_address(server)
        self._keep(left=_with(self._kept.left, address), used=_without(self._kept.used, address))
        await self._adopt()
        return await self._answer(name, notice("servers.is_left", address=address))

    async def plan(self, name: str) -> ServerAnswer:
        """Return what replacing a server would do."""
        plan, _ = await self._plan(self._found(name))
        return ServerAnswer(name, plan.lines, plan.control.stop if plan.control.means is Means.USER else ())

    async def replace(self, name: str) -> ServerAnswer:
        """Replace a server, or begin to: if the user has to stop it, the rest follows when it has ended.

        Raises PanelError if it does not end (then it stays in place), or if the workers do not run in its place.
        """
        async with self._busy:
            server = self._found(name)
            if self.is_replaced(server):
                raise PanelError(notice("replacing.twice", server=name))
            plan, launch = await self._plan(server)
            control = plan.control
            public = Replacement(name, server, Stage.STOPPING, control)
            entry = Entry(public, self._store.settings, plan.settings, launch, self._now())
            self._put(entry)
            if control.means is Means.USER:
                return ServerAnswer(name, (of_replacement(entry.public),), entry.public.todo)
            try:
                await self._adopt()  # the requests that the panel has sent it end before
                await self._stop(entry)
            except PanelError:
                if control.means is Means.COMMAND:  # the manager may still be about to stop it
                    await asyncio.to_thread(self._call_off, control)
                self._drop(entry)
                raise
            await self._take_over(entry)
            await self._refresh()
            told = of_replacement(_at(entry, Stage.REPLACED).public, self._store.found_servers)
        return ServerAnswer(name, tuple(filter(None, (told, self._store.proxy.problem))))

    async def give_back(self, name: str) -> ServerAnswer:
        """Undo a replacement: stop what the panel has put in its place, and start the server as it ran."""
        async with self._busy:
            entry = self._entry(name)
            server = entry.public.server
            if entry.public.stage is Stage.STOPPING and is_alive(server.pid, server.since):
                self._drop(entry)
                return await self._answer(name, notice("replacing.cancelled", address=server.address or "—"))
            self._tried.add(name)
            entry = self._put(_at(entry, Stage.RETURNING))
            await self._undo(entry)
            await self._refresh()
            if entry.public.control.means is Means.USER and not self._is_back(server):
                return ServerAnswer(name, (of_replacement(entry.public),), entry.public.todo)
            await self._return(entry)
        return await self._answer(name, notice("replacing.returned", address=server.address or "—"))

    async def run(self) -> None:
        """Go on with what waits for the user, until cancelled; also with what an earlier panel has begun."""
        while True:
            await self._under_way.wait()
            for entry in self._kept.replaced:
                if not self._busy.locked():
                    async with self._busy:
                        await self._go_on(entry)
            await asyncio.sleep(_WATCH_S)

    # Steps

    async def _go_on(self, entry: Entry) -> None:
        if entry.public.stage is Stage.STOPPING:
            await self._go_on_stopping(entry)
        elif entry.public.stage is Stage.RETURNING:
            await self._go_on_returning(entry)

    async def _go_on_stopping(self, entry: Entry) -> None:
        server, means = entry.public.server, entry.public.control.means
        if not is_alive(server.pid, server.since):
            await self._try(self._take_over(entry))
        elif means is not Means.USER and abs(self._now() - entry.since) > GONE_S:
            self._drop(entry)  # nobody waits for its end any more

    async def _go_on_returning(self, entry: Entry) -> None:
        server, means = entry.public.server, entry.public.control.means
        if self._is_back(server):
            self._drop(entry)
        elif means is not Means.USER and server.id not in self._tried:
            self._tried.add(server.id)
            await self._undo(entry)
            await self._refresh()
            await self._try(self._return(entry))

    async def _stop(self, entry: Entry) -> None:
        """Stop a server and wait until it has ended. Raises PanelError if it does not."""
        server, control = entry.public.server, entry.public.control
        if control.means is Means.SIGNAL:
            await asyncio.to_thread(server_process.terminate, server.pid, server.since)
        await asyncio.to_thread(self._command, control.stop)
        try:
            async with asyncio.timeout(GONE_S):
                while is_alive(server.pid, server.since):  # noqa: ASYNC110 - nothing else tells of a foreign process
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            raise PanelError(notice("replacing.stays", pid=server.pid, limit=GONE_S)) from None

    async def _take_over(self, entry: Entry) -> None:
        try:
            await self._adopt()  # the server is given up before the proxy has its address
            await self._change(lambda theirs: merged(entry.before, entry.after, theirs))
        except PanelError:
            self._put(_at(entry, Stage.REPLACED))
            raise
        self._put(_at(entry, Stage.REPLACED))  # not before: a panel that is killed meanwhile does it again

    async def _undo(self, entry: Entry) -> None:
        """Undo the change of the settings; what does not run then is told, and the server is started all the same."""
        await self._try(self._change(lambda theirs: merged(entry.after, entry.before, theirs)))

    async def _return(self, entry: Entry) -> None:
        """Start a server as it ran, unless it runs already. Raises PanelError."""
        if not self._is_back(entry.public.server):
            pid = await asyncio.to_thread(self._start, entry)
            if pid is not None:
                await self._until_it_listens(pid, entry)
        self._drop(entry)

    async def _try(self, step: Awaitable[object]) -> None:
        try:
            await step
        except PanelError as error:
            _LOG.warning(render(error.notice))

    def _call_off(self, control: Control) -> None:
        with contextlib.suppress(PanelError):
            self._command(control.start)

    def _command(self, commands: Iterable[str]) -> None:
        """Run the commands of a service manager. Raises PanelError if one fails."""
        for command in commands:
            if self._run(shlex.split(command)) is None:
                raise PanelError(notice("replacing.command_failed", command=command))

    def _start(self, entry: Entry) -> int | None:
        """Start a server as it ran; return its process, None if somebody else starts it. Raises PanelError."""
        self._command(entry.public.control.start)
        if entry.public.control.means is Means.SIGNAL:
            if entry.launch is None:
                command = " ".join(entry.public.server.arguments)
                raise PanelError(notice("replacing.not_started", command=command, reason="—"))
            return server_process.start(entry.launch)
        return None

    async def _until_it_listens(self, pid: int, entry: Entry) -> None:
        """Return when a server listens that was just started, or takes long. Raises PanelError if it has ended."""
        place = read(entry.public.server.address or "")
        host, port = place.local or (place.host, place.port)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LISTENS_S):
                while psutil.pid_exists(pid) and not await listens(host, port):  # noqa: ASYNC110 - as in `_stop`
                    await asyncio.sleep(_POLL_S)
        if psutil.pid_exists(pid):
            return
        await self._refresh()
        if not self._is_back(entry.public.server):  # what has started it again may have been quicker
            assert entry.launch is not None
            command = " ".join((entry.launch.program, *entry.launch.arguments))
            raise PanelError(notice("replacing.ended_at_once", command=command, log=entry.launch.log))

    async def _plan(self, server: FoundServer) -> tuple[Plan, Launch | None]:
        """Return what replacing a server would do, and how it was started. Raises PanelError in a demonstration."""
        if self._store.demo:
            raise PanelError(notice("replacing.demo"))
        launch = await asyncio.to_thread(server_process.launch_of, server, self._logs)
        around = await asyncio.to_thread(self._around, server, repeatable=launch is not None)
        return plan_of(server, self._store.settings, around), launch

    def _around(self, server: FoundServer, *, repeatable: bool) -> Surroundings:
        url = self._store.proxy.url
        around = Surroundings(sys.platform, fixed_address=self._fixed_address, url=url, repeatable=repeatable)
        if not server.store:
            return around
        named = self._store.settings.ollama.models_dir
        ours, _ = model_stores.of_worker({**self._inherited, **({"OLLAMA_MODELS": named} if named else {})})
        same = model_stores.real(server.store) == model_stores.real(ours)
        readable = model_stores.access(server.store).readable is True
        return msgspec.structs.replace(around, store_readable=readable, same_store=same)

    # State

    def _found(self, name: str) -> FoundServer:
        server = next((one for one in self._store.found_servers if one.id == name), None)
        if server is None:
            raise PanelError(notice("servers.no_server", server=name))
        return server

    def _entry(self, name: str) -> Entry:
        for one in self._kept.replaced:
            if one.public.id == name:
                return one
        raise PanelError(notice("replacing.not_replaced", server=name))

    def _is_back(self, server: FoundServer) -> bool:
        return successor_of(server, self._store.found_servers) is not None

    def _put(self, entry: Entry) -> Entry:
        others = tuple(one for one in self._kept.replaced if one.public.id != entry.public.id)
        self._keep(replaced=(*others, entry))
        return entry

    def _drop(self, entry: Entry) -> None:
        self._keep(replaced=tuple(one for one in self._kept.replaced if one.public.id != entry.public.id))

    def _keep(self, **changes: object) -> None:
        """Change what is kept. Raises PanelError if the file cannot be written: then nothing is done."""
        kept = msgspec.structs.replace(self._kept, **changes)
        write_whole(self._path, msgspec.json.encode(kept))
        self._kept = kept
        self._tell()

    def _tell(self) -> None:
        replacements = tuple(one.public for one in self._kept.replaced)
        self._store.set_replacements(replacements)
        if any(one.stage is not Stage.REPLACED for one in replacements):
            self._under_way.set()
        else:
            self._under_way.clear()

    async def _answer(self, name: str, *told: Notice) -> ServerAnswer:
        await self._refresh()
        return ServerAnswer(name, told)


def _at(entry: Entry, stage: Stage) -> Entry:
    return msgspec.structs.replace(entry, public=msgspec.structs.replace(entry.public, stage=stage))


def _known_address(server: FoundServer) -> str:
    if server.owner.kind is OwnerKind.PANEL:
        raise PanelError(notice("servers.own", server=server.id))
    if server.address is None:
        raise PanelError(notice("servers.no_address", server=server.id))
    return server.address


def _adopting(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, ollama=msgspec.structs.replace(settings.ollama, adopt=True))


def _with(addresses: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*addresses, one)))


def _without(addresses: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(other for other in addresses if other != one)
