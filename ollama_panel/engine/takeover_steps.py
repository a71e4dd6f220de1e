"""One step of a take-over: looks whether it holds, carries it out, and waits until it does."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import msgspec
import psutil

from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.host_variable import read, url_of
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.takeover import StepKind, Takeover, TakeoverStep
from ollama_panel.core.takeover_plan import server_at
from ollama_panel.core.takeover_steps import UnitFacts
from ollama_panel.engine.files import read_file
from ollama_panel.engine.host import server_process
from ollama_panel.engine.host.server_process import Launch, is_alive
from ollama_panel.engine.host.servers import listens, version_of
from ollama_panel.engine.host.shell import printed, shell
from ollama_panel.engine.store import Store

SEEN_S = 30.0
"""How long it may take until what was done can be seen."""
_POLL_S = 0.2
_READABLE = 0o644
"""The mode of a drop-in, as `systemctl edit` makes it: a panel of another user is to see it, too."""


class Entry(msgspec.Struct, frozen=True):
    """A take-over with what carries it out and undoes it: the settings on both sides, and how its server ran.

    `unit` is what its unit said, if it has one.
    `launch` may hold secrets: it stays in the state folder.
    """

    takeover: Takeover
    before: Settings
    after: Settings
    launch: Launch | None = None
    back: bool = False
    unit: UnitFacts = UnitFacts()


class StepRunner:
    """Looks at steps and carries them out.

    `change` changes the settings; `refresh` looks for servers again, `adopt` looks for those to be adopted.
    """

    def __init__(
        self,
        store: Store,
        client: httpx.AsyncClient,
        *,
        change: Callable[[Edit], Awaitable[object]],
        refresh: Callable[[], Awaitable[None]],
        adopt: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._client = client
        self._change = change
        self._refresh = refresh
        self._adopt = adopt

    async def answers(self, address: str) -> bool:
        """Return whether an Ollama server, and no panel, answers at an address."""
        host, port = local(address)
        return await version_of(self._client, url_of(host, port)) is not None

    async def holds(self, step: TakeoverStep, entry: Entry) -> bool:
        """Return whether a step is done, by looking at what it is about."""
        if step.file:
            return await asyncio.to_thread(_is_written, step)
        if step.check:
            told = await asyncio.to_thread(printed, step.check)
            return (told is not None and step.expects in told) != step.gone
        looks = {StepKind.STOP: self._has_ended, StepKind.USE: self._is_used, StepKind.LISTEN: self._has_address}
        return await looks.get(step.kind, self._has_moved)(entry)

    async def carry_out(self, step: TakeoverStep, entry: Entry) -> None:
        """Do a step, and return when it is seen to be done. Raises PanelError."""
        await self.wait(step, entry, await self._do(step, entry))

    async def wait(self, step: TakeoverStep, entry: Entry, pid: int | None = None) -> None:
        """Return when a step is seen to be done; `pid` is the process that is to do it, if one is known.

        Raises PanelError if it is not seen.
        """
        try:
            async with asyncio.timeout(SEEN_S):
                while not await self.holds(step, entry):
                    if pid is not None and not psutil.pid_exists(pid):
                        raise _ended_at_once(entry.launch)
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            if step.kind is StepKind.LISTEN and self._store.second_proxy.problem is not None:
                raise PanelError(self._store.second_proxy.problem) from None
            if not entry.back and await self.answers(entry.takeover.address):
                raise _still_there(step.kind, entry.takeover, expected=step.verified) from None
            raise PanelError(notice("takeover.not_seen", limit=SEEN_S, expected=step.verified)) from None

    async def _do(self, step: TakeoverStep, entry: Entry) -> int | None:
        """Do a step; return the process that it has started, if any."""
        server = entry.takeover.server
        by_hand = server is not None and server.owner.kind is OwnerKind.BY_HAND
        if step.file:
            await asyncio.to_thread(_write, step)
        elif step.kind is StepKind.USE:
            await self._use(entry)
        elif step.kind is StepKind.LISTEN:
            await self._listen(entry)
        elif step.kind is StepKind.STOP and by_hand:
            await self._stop(entry)
        elif step.kind is StepKind.START and by_hand:
            return await self._start(entry)
        else:
            for command in step.commands:
                await asyncio.to_thread(shell, command)
        return None

    async def _use(self, entry: Entry) -> None:
        if not entry.back:
            await self._change(_adopting)
        await self._adopt()

    async def _listen(self, entry: Entry) -> None:
        if not (entry.back or self._store.proxy.on):
            raise PanelError(notice("takeover.proxy_off"))
        if entry.back:  # what somebody has changed since is theirs: a key that they want must not go with it
            await self._change(lambda now: merged(entry.after, now, entry.before))
        else:
            await self._change(lambda now: merged(entry.before, entry.after, now))

    async def _stop(self, entry: Entry) -> None:
        ends = await self._running(entry)
        if ends is not None:
            await asyncio.to_thread(server_process.terminate, ends.pid, ends.since)

    async def _start(self, entry: Entry) -> int:
        if entry.launch is None:
            raise PanelError(notice("takeover.not_started"))
        host = None if entry.back else entry.takeover.moved_to
        return await asyncio.to_thread(server_process.start, _at(entry.launch, host))

    async def _running(self, entry: Entry) -> FoundServer | None:
        """Return the server as it runs now, so that it can be stopped; None if it does not."""
        if not entry.back:
            return entry.takeover.server
        await self._refresh()
        return server_at(self._store.found_servers, read(entry.takeover.moved_to).port)

    async def _has_ended(self, entry: Entry) -> bool:
        server = entry.takeover.server
        if not entry.back:
            return server is None or not await asyncio.to_thread(is_alive, server.pid, server.since)
        return not await listens(*local(entry.takeover.moved_to))

    async def _is_used(self, entry: Entry) -> bool:
        port = read(entry.takeover.moved_to).port
        used = [one for one in self._store.instances() if one.port == port]
        return not used if entry.back else any(one.phase is Phase.READY for one in used)

    async def _has_address(self, entry: Entry) -> bool:
        host, port = local(entry.takeover.address)
        has_it = self._store.second_proxy.port == port and await listens(host, port)
        return has_it != entry.back

    async def _has_moved(self, entry: Entry) -> bool:
        takeover = entry.takeover
        if entry.back:
            return await self.answers(takeover.address)
        return await self.answers(takeover.moved_to) and not await self.answers(takeover.address)


def local(address: str) -> tuple[str, int]:
    """Return host and port at which a program of this machine reaches an address."""
    place = read(address)
    return place.local or (place.host, place.port)


def _at(launch: Launch, host: str | None) -> Launch:
    """Return how a server is started at another address; None = as it ran."""
    if host is None:
        return launch
    return msgspec.structs.replace(launch, environment={**launch.environment, "OLLAMA_HOST": host})


def _adopting(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, ollama=msgspec.structs.replace(settings.ollama, adopt=True))


def _still_there(kind: StepKind, takeover: Takeover, *, expected: Notice) -> PanelError:
    """Return why Ollama still answers where it was to be gone."""
    owner = takeover.server.owner if takeover.server is not None else Owner()
    values = {"address": takeover.address, "moved_to": takeover.moved_to}
    if kind is StepKind.RESTART and owner.unit:
        return PanelError(notice("takeover.elsewhere", unit=owner.unit, **values))
    if kind is StepKind.START:
        return PanelError(notice("takeover.started_again", address=takeover.address))
    return PanelError(notice("takeover.not_seen", limit=SEEN_S, expected=expected))


def _ended_at_once(launch: Launch | None) -> PanelError:
    command = " ".join((launch.program, *launch.arguments)) if launch is not None else "—"
    return PanelError(notice("replacing.ended_at_once", command=command, log=launch.log if launch else os.devnull))


def _is_written(step: TakeoverStep) -> bool:
    path = Path(step.file)
    try:
        content = read_file(path).decode()
    except FileNotFoundError:
        return step.gone
    except (OSError, UnicodeDecodeError):
        return False
    return not step.gone and content == step.content


def _write(step: TakeoverStep) -> None:
    """Write the file of a step, or remove it, and its folder if nothing else is in there. Raises PanelError."""
    path = Path(step.file)
    try:
        if not step.gone:
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_name(f"{path.name}.new")
            aside.write_text(step.content, encoding="utf-8")
            aside.chmod(_READABLE)
            aside.replace(path)
            return
        path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
    except OSError as error:
        raise PanelError(notice("takeover.not_written", path=step.file, reason=reason_of(error))) from error
