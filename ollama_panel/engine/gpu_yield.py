"""Gives the GPU to others, and takes it back; see `core.gpu_yield` and `core.gpu_yield_rules`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldCause, YieldRecord, YieldState
from ollama_panel.core.gpu_yield_rules import Look, YieldRules
from ollama_panel.core.gpu_yield_told import back, told, why_waiting
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.messages import Cut, Event, Reconfigured
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.settings.tree_machine import MachineSettings
from ollama_panel.engine import gpu_yield_file
from ollama_panel.engine.gpu_yield_file import Kept
from ollama_panel.engine.gpu_yield_models import Freed, ModelsAway
from ollama_panel.engine.gpu_yield_watch import GpuYieldWatch
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)

LOOK_S = 2.0
"""How often it is looked who else wants the GPU, if the settings ask for it."""
_PROBLEMS = "gpu_yield"


class GpuYield:
    """`watch` looks who wants the GPU, `away` unloads the models, `idle` returns when no request runs.

    `rest` stops what else uses the GPU by itself, as a tuning, and `resume` lets it go on. `seconds` is the engine's
    clock, `wall` that of the world. `gpu` returns whether models run on a GPU, `open_requests` how many requests run
    or wait. `changed` is called when the record has changed.
    """

    def __init__(
        self,
        path: Path,
        store: Store,
        dispatcher: Dispatcher,
        post: Callable[[Event], None],
        watch: GpuYieldWatch,
        away: ModelsAway,
        *,
        idle: Callable[[], Awaitable[None]],
        rest: Callable[[], Awaitable[None]],
        resume: Callable[[], Coroutine[None, None, None]],
        seconds: Callable[[], float],
        wall: Callable[[], float],
        gpu: Callable[[], bool],
        open_requests: Callable[[], int],
        changed: Callable[[], None],
    ) -> None:
        self._path = path
        self._store = store
        self._dispatcher = dispatcher
        self._post = post
        self._watch = watch
        self._away = away
        self._idle = idle
        self._rest = rest
        self._resume = resume
        self._seconds = seconds
        self._wall = wall
        self._gpu = gpu
        self._open_requests = open_requests
        self._changed = changed
        self._rules = YieldRules()
        self._state = YieldState.SERVING
        self._since = 0.0
        self._freed = Freed()
        self._course: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self._loaded = asyncio.Event()
        self._ready = asyncio.Event()
        self._kept = Kept()
        self._writing = asyncio.Lock()
        self._last = YieldRecord()

    @property
    def record(self) -> YieldRecord:
        """What has the GPU now; the identical object until that changes."""
        found = self._record()
        if found != self._last:
            self._last = found
        return self._last

    async def load(self) -> None:
        """Take up what the user has said in an earlier run, before the first request comes."""
        self._kept = await asyncio.to_thread(gpu_yield_file.read, self._path)
        self._rules.refused = frozenset(self._kept.refused)
        if self._kept.since is not None:
            self._rules.give()
            self._hold()
            self._since = self._seconds() - max(0.0, self._wall() - self._kept.since)
        self._loaded.set()

    async def run(self) -> None:
        """Look who wants the GPU, once `load` has ended, until cancelled."""
        await self._loaded.wait()
        try:
            async with asyncio.TaskGroup() as self._group:
                self._carry_out(cut=False)
                self._ready.set()
                while True:
                    await self._look()
                    await asyncio.sleep(until_next(LOOK_S))
        finally:
            self._watch.close()

    async def give(self, *, cut: bool, wait: bool = True) -> YieldRecord:
        """Give the GPU away until `take_back`; `cut` ends what runs.

        Returns when it is free or was taken back, or at once unless `wait`.
        """
        await self._ready.wait()
        self._rules.give()
        self._carry_out(cut=cut)
        await self._keep()
        if wait:
            await self._settled.wait()
        return self.record

    async def take_back(self) -> YieldRecord:
        """Take the GPU back; who has it now does not get it again before it has been gone."""
        await self._ready.wait()
        if self._rules.cause is not None:
            self._rules.take_back()
            self._carry_out(cut=False)
            await self._keep()
        return self.record

    async def _look(self) -> None:
        await self._keep()  # what could not be written before
        if self._state is YieldState.YIELDED and self._away.has_models():
            await self._away.unload(by_user=False)
        wanted = self._wanted
        asked = wanted.yield_programs or wanted.yield_gpu_percent
        if not asked and self._rules.cause in (None, YieldCause.USER) and not self._rules.is_refused:
            return
        look = await self._watch.look(wanted) if asked else Look()
        self._rules.look(look, wanted, self._seconds())
        self._carry_out(cut=wanted.yield_cut)
        await self._keep()

    @property
    def _wanted(self) -> MachineSettings:
        return self._store.settings.machine

    # What is done

    def _carry_out(self, *, cut: bool) -> None:
        """Do what the rules say: hold the queue and unload the models, or let all go on."""
        if self._rules.cause is None:
            if self._state is not YieldState.SERVING:
                self._serve()
        elif self._course is None:
            self._begin(cut=cut)
        else:
            self._hold()
            if cut and self._state is YieldState.FINISHING:
                self._post(Cut(notice("gpu_yield.cut")))
        self._changed()

    def _begin(self, *, cut: bool) -> None:
        assert self._group is not None
        self._state, self._freed = YieldState.FINISHING, Freed()
        if self._dispatcher.policy.given is None:  # else it was given away in an earlier run
            self._since = self._seconds()
        self._settled.clear()
        self._hold()
        self._course = self._group.create_task(self._go_away(cut=cut), name="give the GPU away")

    def _hold(self) -> None:
        """Hold the queue, and say why as it is now."""
        cause, policy = self._rules.cause, self._dispatcher.policy
        if cause is None:
            return
        given = why_waiting(cause, self._rules.program, self._wanted.yield_resume_s, gpu=self._gpu())
        if policy.given != given:
            self._post(Reconfigured(msgspec.structs.replace(policy, given=given)))

    async def _go_away(self, *, cut: bool) -> None:
        self._log(self._told())
        await self._rest()
        if cut:
            self._post(Cut(notice("gpu_yield.cut")))
        await self._idle()
        self._freed = await self._away.unload(by_user=self._rules.cause is YieldCause.USER)
        self._state = YieldState.YIELDED
        for one in (self._told(), *self._freed.notes):
            self._log(one)
        self._settled.set()
        self._changed()

    def _serve(self) -> None:
        if self._course is not None:
            self._course.cancel()
        self._course, self._state = None, YieldState.SERVING
        self._post(Reconfigured(msgspec.structs.replace(self._dispatcher.policy, given=None)))
        self._log(back(gpu=self._gpu()))
        self._settled.set()
        if self._group is not None:
            self._group.create_task(self._resume(), name="resume")

    # What is kept and told

    async def _keep(self) -> None:
        """Keep what the user has said, if that has changed."""
        async with self._writing:
            said = self._rules.cause is YieldCause.USER
            before = self._kept.since if self._kept.since is not None else self._wall()
            kept = Kept(before if said else None, tuple(sorted(self._rules.refused)))
            problems = []
            if kept != self._kept:
                try:
                    await asyncio.to_thread(gpu_yield_file.write, self._path, kept)
                except PanelError as error:
                    problems = [Problem(self._path.name, notice("gpu_yield.not_kept", why=error.notice))]
                else:
                    self._kept = kept
            self._store.set_problems(_PROBLEMS, problems)

    def _record(self) -> YieldRecord:
        if self._state is YieldState.SERVING:
            program = next(iter(sorted(self._rules.refused)), "")
            return YieldRecord(program=program, refused=self._rules.is_refused)
        running = self._dispatcher.running()
        return YieldRecord(
            self._state,
            self._rules.cause,
            self._told(),
            self._rules.program,
            self._since,
            running,
            max(0, self._open_requests() - running),
            self._freed.bytes,
            self._rules.resumes_at,
            refused=False,
            notes=self._freed.notes,
        )

    def _told(self) -> Notice | None:
        cause = self._rules.cause
        if cause is None:
            return None
        return told(self._state, cause, self._rules.program, self._wanted.yield_resume_s, gpu=self._gpu())

    @staticmethod
    def _log(one: Notice | None) -> None:
        if one is not None:
            _LOG.info("%s", render(one))
