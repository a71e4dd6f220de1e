"""Carries out what the user asks for, and announces what came of it, with the way back where there is one.

What fails raises, as the commands of the client do, and is announced by nobody: `EngineClient.spawn` reports it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ollama_panel.core import setting_changes
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT, read
from ollama_panel.core.panel_api import ServerAnswer
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.settings.merge import taken_back
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.gui import format as fmt
from ollama_panel.gui import preview
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.notices import joined_list, notice_text
from ollama_panel.gui.toasts import Toast

_NAMED = 3
"""How many changes or instances a toast names."""
RUNNING = (Phase.STARTING, Phase.READY, Phase.BACKOFF)
"""The phases of an instance that runs, or will by itself."""


def copy(client: EngineClient, text: str, what: str = "") -> None:
    """Copy a text to the clipboard; `what` says what it is, "" shows its beginning."""
    QGuiApplication.clipboard().setText(text)
    client.announce(Toast(_Results().copied(), what or text.strip().partition("\n")[0]))


async def apply(client: EngineClient, wanted: Settings) -> None:
    """Put settings in force. Undo takes back what this has changed, and leaves what others have changed since."""
    before = client.snapshot
    await client.apply(wanted)
    _tell_applied(client, before, wanted)


async def apply_profile(client: EngineClient, name: str, pool: PoolName | None = None) -> None:
    """Give a pool the settings of a profile, None = the pool that it was made for. Undo takes back what it changed."""
    before = client.snapshot
    _tell_applied(client, before, await client.apply_profile(name, pool))


def _tell_applied(client: EngineClient, before: Snapshot, wanted: Settings) -> None:
    """Announce what has been changed since `before`."""
    changes = setting_changes.told(before.settings, wanted)
    undo = partial(_take_back, client, before.settings, wanted) if changes else None
    words = _Results()
    detail = words.effects(before, wanted, client.snapshot) if changes else ""
    client.announce(Toast(words.applied([notice_text(one) for one in changes]), detail, undo))


async def _take_back(client: EngineClient, before: Settings, wanted: Settings) -> None:
    await apply(client, taken_back(before, wanted, client.snapshot.settings))


async def apply_tuning(client: EngineClient, tuning: str) -> None:
    """Put in force what a tuning has found. Undo takes back what this has changed."""
    before = client.snapshot
    _tell_applied(client, before, await client.apply_tuning(tuning))


async def undo_last_change(client: EngineClient) -> None:
    """Put the settings in force that were before their last change; Undo takes that back, and no later change."""
    before = client.snapshot
    after = await client.undo_last_change()
    change = before.last_change
    words = _Results()
    text = words.undone([notice_text(one) for one in change.applied] if change is not None else [])
    client.announce(
        Toast(text, words.lost(before, client.snapshot), partial(_take_back, client, before.settings, after))
    )


async def set_paused(client: EngineClient, on: bool) -> None:
    """Pause or resume the queue."""
    await client.set_paused(on)
    client.announce(Toast(*_Results().paused(client.snapshot, on), partial(set_paused, client, not on)))


async def set_proxy(client: EngineClient, on: bool) -> None:
    """Switch the proxy on or off."""
    await client.set_proxy(on)
    client.announce(Toast(*_Results().proxy(client.snapshot, on), partial(set_proxy, client, not on)))


async def start_all(client: EngineClient) -> None:
    """Start the instances that do not run; Undo stops them again."""
    stood = _of(client.snapshot, running=False)
    await client.start_all()
    client.announce(Toast(_Results().started(stood), undo=partial(stop, client, stood) if stood else None))


async def stop_all(client: EngineClient) -> None:
    """Stop the instances when their requests have ended; Undo starts those again that ran."""
    before, ran = client.snapshot, _of(client.snapshot, running=True)
    await client.stop_all()
    words = _Results()
    undo = partial(start, client, ran) if ran else None
    client.announce(Toast(words.stopped(ran), words.lost(before, client.snapshot), undo))


async def start(client: EngineClient, instances: Sequence[InstanceId]) -> None:
    """Start instances; Undo stops them."""
    await asyncio.gather(*map(client.ensure_running, instances))
    client.announce(Toast(_Results().started(instances), undo=partial(stop, client, instances)))


async def stop(client: EngineClient, instances: Sequence[InstanceId]) -> None:
    """Stop instances when their requests have ended; Undo starts them."""
    before = client.snapshot
    await asyncio.gather(*map(client.ensure_stopped, instances))
    words = _Results()
    undo = partial(start, client, instances)
    client.announce(Toast(words.stopped(instances), words.lost(before, client.snapshot), undo))


async def restart(client: EngineClient, instances: Sequence[InstanceId]) -> None:
    """Replace the processes of instances, one after the other, each when its requests have ended.

    If one fails, those after it stay as they are.
    """
    before = client.snapshot
    for instance in instances:
        await client.restart(instance)
    words = _Results()
    client.announce(Toast(words.restarted(instances), words.lost(before, client.snapshot)))


async def roll_out(client: EngineClient) -> None:
    """Try once more to bring the instances to the settings in force."""
    before = client.snapshot
    await client.apply(before.settings)
    words = _Results()
    client.announce(Toast(words.rolled_out(), words.lost(before, client.snapshot)))


async def unload_all(client: EngineClient) -> None:
    """Unload every model, those in use when their requests have ended."""
    loaded = [model for record in client.snapshot.instances for model in record.models]
    sizes = [model.size_vram if client.snapshot.gpu else model.size for model in loaded]
    await client.unload_all()
    client.announce(Toast(*_Results().unloaded(len(loaded), sum(size or 0 for size in sizes))))


async def refresh_servers(client: EngineClient) -> None:
    """Look at the Ollama servers of this machine."""
    await client.refresh_servers()
    client.announce(Toast(_Results().found(len(client.snapshot.found_servers or ()))))


async def act_on_server(client: EngineClient, server: str, command: ServerCommand) -> ServerAnswer:
    """Carry out a command for a found server; Undo gives the opposite one."""
    answer = await client.act_on_server(server, command)
    first, *more = map(notice_text, answer.told)
    opposite = _OPPOSITES.get(command)
    undo = partial(act_on_server, client, server, opposite) if opposite is not None else None
    client.announce(Toast(first, " ".join(more), undo))
    return answer


async def take_over(client: EngineClient, server: str = "") -> None:
    """Take over the address of a server, or go on with that; Undo takes it back. The system may ask for a password."""
    _tell_takeover(client, await client.take_over(server, ask_password=True), undo_take_over)


async def undo_take_over(client: EngineClient) -> None:
    """Undo a take-over, or go on with that; Undo takes over Ollama's own address again."""
    before = client.snapshot.takeover
    own = before is not None and read(before.address).port == DEFAULT_PORT
    _tell_takeover(client, await client.undo_take_over(ask_password=True), take_over if own else None)


def _tell_takeover(
    client: EngineClient,
    answer: TakeoverAnswer,
    opposite: Callable[[EngineClient], Coroutine[Any, Any, None]] | None,
) -> None:
    """Announce what came of it, unless it waits for commands, which an alert tells as long as they are to be typed."""
    if not answer.todo:
        undo = partial(opposite, client) if opposite is not None else None
        client.announce(Toast(" ".join(map(notice_text, answer.told)), undo=undo))


_OPPOSITES = {
    ServerCommand.USE: ServerCommand.LEAVE,
    ServerCommand.LEAVE: ServerCommand.USE,
    ServerCommand.REPLACE: ServerCommand.GIVE_BACK,
}


def _of(snapshot: Snapshot, *, running: bool) -> tuple[InstanceId, ...]:
    """Return the managed instances that are to run, or those that are not."""
    return tuple(one.id for one in snapshot.instances if one.managed and (one.phase in RUNNING) is running)


class _Results(QObject):
    """The words; an object, because Qt's tool finds plural forms only where an object translates them."""

    def copied(self) -> str:
        return self.tr("Copied")

    def applied(self, changes: Sequence[str]) -> str:
        if not changes:
            return self.tr("Nothing has changed")
        return self.tr("Applied: {changes}").format(changes=_named(changes))

    def undone(self, changes: Sequence[str]) -> str:
        return self.tr("Undone: {changes}").format(changes=_named(changes))

    def effects(self, before: Snapshot, wanted: Settings, after: Snapshot) -> str:
        """Return what it did to instances and requests."""
        plan = preview.plan_of(before, wanted)
        parts = [*self._restarted(tuple(plan.restarts), after.at - before.at), self.lost(before, after)]
        return self.tr(", ").join(parts)

    def _restarted(self, instances: Sequence[InstanceId], seconds: float) -> Iterator[str]:
        if len(instances) == 1:
            text = self.tr("{instance} is back after {time}")
            yield text.format(instance=instances[0], time=fmt.duration(seconds))
        elif instances:
            text = self.tr("%n instance(s) are back after {time}", "", len(instances))
            yield text.format(time=fmt.duration(seconds))

    def lost(self, before: Snapshot, after: Snapshot) -> str:
        """Return how many requests failed between two snapshots."""
        return self.tr("%n request(s) lost", "", max(0, after.failed - before.failed))

    def paused(self, snapshot: Snapshot, on: bool) -> tuple[str, str]:
        waiting = sum(pool.queued for pool in snapshot.pools)
        text = self.tr("The queue is paused") if on else self.tr("The queue goes on")
        return text, self.tr("%n request(s) wait", "", waiting)

    def proxy(self, snapshot: Snapshot, on: bool) -> tuple[str, str]:
        if not on:
            return self.tr("The proxy is off"), self.tr("Clients are not answered")
        return self.tr("The proxy is on"), snapshot.proxy.url

    def started(self, instances: Sequence[InstanceId]) -> str:
        if not instances:
            return self.tr("All instances run already")
        return self.tr("Started: {instances}").format(instances=_named(instances))

    def stopped(self, instances: Sequence[InstanceId]) -> str:
        if not instances:
            return self.tr("No instance ran")
        return self.tr("Stopped: {instances}").format(instances=_named(instances))

    def restarted(self, instances: Sequence[InstanceId]) -> str:
        return self.tr("Restarted: {instances}").format(instances=_named(instances))

    def rolled_out(self) -> str:
        return self.tr("All instances run with the settings")

    def found(self, servers: int) -> str:
        return self.tr("%n Ollama server(s) run on this computer", "", servers)

    def unloaded(self, models: int, size: int) -> tuple[str, str]:
        if not models:
            return self.tr("No model is loaded"), ""
        detail = self.tr("{size} of memory are free again; the next request loads its model")
        return self.tr("%n model(s) unloaded", "", models), detail.format(size=fmt.size(size))


def _named(names: Sequence[str]) -> str:
    return joined_list([*names[:_NAMED], *["…"] * (len(names) > _NAMED)])
