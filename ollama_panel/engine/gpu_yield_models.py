"""Takes the models out of the memory for others, and makes sure that they are out."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence

import msgspec
import psutil

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.server_owners import is_runner
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.gather import gather
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.host.processes import UNREADABLE
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.store import Store

LET_GO_S = 30.0
"""For so long a model may still be listed after it was unloaded: Ollama waits up to 5 s until a driver says that the
memory is free (`server/sched.go`, v0.32), and a runner that does not end is killed."""
RELEASE_S = 10.0
"""For so long drivers may still count memory that is free."""
LOOK_S = 0.25
FREED_SHARE = 0.5
"""If less than this share of what the models took became free, something else holds it, or has taken it."""


class Freed(msgspec.Struct, frozen=True):
    """The bytes that became free, and what did not go as it should."""

    bytes: int = 0
    notes: tuple[Notice, ...] = ()


class ModelsAway:
    """`of_panel` returns the models at an instance that requests of the panel have loaded; others' stay loaded there.

    `unload` unloads a model and returns when the instance has said so, `memory` measures.
    """

    def __init__(
        self,
        store: Store,
        fleet: Fleet,
        of_panel: Callable[[InstanceId], frozenset[ModelName]],
        unload: Callable[[InstanceId, ModelName], Coroutine[None, None, None]],
        memory: Callable[[], Awaitable[Memory | None]],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._fleet = fleet
        self._of_panel = of_panel
        self._unload = unload
        self._memory = memory
        self._now = now

    def has_models(self) -> bool:
        """Return whether a model is in memory that is to go, as one whose load had begun before."""
        return bool(self._loaded())

    async def unload(self, *, by_user: bool) -> Freed:
        """Unload all models that are the panel's; return when their memory is free, or does not become so.

        `by_user`: no program of the settings has just begun that may take the memory at once.
        """
        await self._fleet.checked()
        before, loaded = await self._memory(), self._loaded()
        notes = self._of_others()
        await self._let_go(loaded)
        still = self._still(loaded)
        notes += [notice("gpu_yield.still_loaded", instance=one, models=models) for one, models in still.items()]
        notes += await self._restart_holders()
        gone = sum(size for (one, model), size in loaded.items() if model not in still.get(one, ()))
        freed = gone if before is None else await self._freed(before, gone)
        if by_user and freed < FREED_SHARE * gone:
            notes.append(notice("gpu_yield.not_freed", freed=freed, size=gone))
        return Freed(freed, tuple(notes))

    def _loaded(self) -> dict[tuple[InstanceId, ModelName], int]:
        """Return the models that are to go, with the memory that each takes in bytes."""
        return {
            (one.id, model.name): model.size_vram or model.size
            for one in self._store.instances()
            for model in one.models
            if one.managed or model.name in self._of_panel(one.id)
        }

    def _of_others(self) -> list[Notice]:
        found = list[Notice]()
        for one in self._store.instances():
            models = tuple(model.name for model in one.models if model.name not in self._of_panel(one.id))
            if models and not one.managed:
                found.append(notice("gpu_yield.others_models", instance=one.id, models=models))
        return found

    async def _let_go(self, loaded: Mapping[tuple[InstanceId, ModelName], int]) -> None:
        """Unload models; return when no instance lists them any more, or it takes too long."""
        end = self._now() + LET_GO_S
        try:
            async with asyncio.timeout(LET_GO_S):
                await gather(self._unload(instance, model) for instance, model in loaded)
        except TimeoutError:
            return
        await self._fleet.checked()
        while self._still(loaded) and self._now() < end:
            await asyncio.sleep(LOOK_S)
            await self._fleet.checked()

    def _still(self, loaded: Mapping[tuple[InstanceId, ModelName], int]) -> Mapping[InstanceId, tuple[ModelName, ...]]:
        """Return those of some models that are still listed, by their instances."""
        found = defaultdict[InstanceId, tuple[ModelName, ...]](tuple)
        for one in self._store.instances():
            for model in one.models:
                if (one.id, model.name) in loaded:
                    found[one.id] += (model.name,)
        return found

    async def _freed(self, before: Memory, expected: int) -> int:
        """Return how much memory became free, once it is as much as the models took, or that takes too long."""
        end, freed = self._now() + RELEASE_S, 0
        while True:
            after = await self._memory()
            freed = max(0, before.used - after.used) if after is not None else expected
            if freed >= FREED_SHARE * expected or self._now() >= end:
                return freed
            await asyncio.sleep(LOOK_S)

    async def _restart_holders(self) -> list[Notice]:
        """Restart the panel's instances that have a runner although they list no model."""
        empty = [one for one in self._store.instances() if one.managed and one.pid is not None and not one.models]
        held = await asyncio.to_thread(_with_runner, empty)
        end = self._now() + RELEASE_S
        while held and self._now() < end:
            await asyncio.sleep(LOOK_S)
            held = await asyncio.to_thread(_with_runner, held)
        return [told for one in held if (told := await self._restarted(one.id)) is not None]

    async def _restarted(self, instance: InstanceId) -> Notice | None:
        try:
            await self._fleet.replace(instance)
        except PanelError:  # it was removed meanwhile, or does not start: its own record says so, and no runner is left
            return None
        return notice("gpu_yield.restarted", instance=instance)


def _with_runner(records: Sequence[InstanceRecord]) -> list[InstanceRecord]:
    return [one for one in records if one.pid is not None and _has_runner(one.pid)]


def _has_runner(pid: int) -> bool:
    """Return whether a server has a runner below it."""
    try:
        below = psutil.Process(pid).children(recursive=True)
    except UNREADABLE:
        return False
    return any(map(_is_runner, below))


def _is_runner(process: psutil.Process) -> bool:
    try:
        return is_runner(process.exe(), tuple(process.cmdline()))
    except UNREADABLE:  # it has just ended
        return False
