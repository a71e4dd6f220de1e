"""Notices an Ollama that is updated under running workers; they follow one after the other (`core.updates`)."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import FollowUpdates, Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.core.updates import UNSEEN, Following, ProgramFile, ProgramWatch, Worker
from ollama_panel.engine.host.programs import version_of
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
LOOK_S = 2.0
"""Between two looks at the program."""
_WHERE = "updates"


class Updates:
    """Watches the program of the workers. `replace` restarts a worker without losing a request, `rests`: not now."""

    def __init__(
        self,
        store: Store,
        counts: Counts,
        replace: Callable[[InstanceId], Awaitable[InstanceRecord]],
        rests: Callable[[], bool],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._counts = counts
        self._replace = replace
        self._rests = rests
        self._now = now
        self._program: str | None = None
        self._watch = ProgramWatch()
        self._following = Following()
        self._before = self._version = ""

    async def run(self) -> None:
        """Watch, and let the workers follow, until cancelled."""
        while True:
            await asyncio.sleep(until_next(LOOK_S))
            await self._look()

    async def _look(self) -> None:
        program = self._store.ollama_binary
        if program != self._program:
            if self._program is not None:
                self._watch.forget()
            self._program, self._following = program, Following()
            self._tell(None)
        if program is None:
            return
        changed = self._watch.changed(await asyncio.to_thread(program_file, program), self._now())
        if changed is not None:
            await self._changed(program, changed)
        if self._following.old:
            await self._follow()

    async def _changed(self, program: str, file: ProgramFile) -> None:
        """Take a new file for the program once it tells its version: before, it is not whole."""
        first = self._watch.known == UNSEEN
        if first and not self._all_known():
            return
        told = await asyncio.to_thread(version_of, program, os.environ)
        if first or not isinstance(told, Notice):
            self._watch.take(file)
        workers = self._workers()
        others = [one.version for one in workers if one.pid is not None and one.version not in (told, None)]
        if isinstance(told, Notice) or (first and not others):
            return
        self._before, self._version = others[0] if others else told, told
        self._following.begin(workers, told, again=not others, now=self._now())
        self._show()
        _LOG.info("%s", render(notice("updates.log", before=self._before, after=told)))

    async def _follow(self) -> None:
        due = self._following.seen(self._workers(), now=self._now())
        self._show()
        if due is None or self._rests() or not self._store.settings.ollama.follow_updates:
            return
        try:
            record = await self._replace(due)
        except PanelError as error:
            self._fail(due, cause(error.notice))
            return
        if record.phase not in (Phase.READY, Phase.STOPPED):
            self._fail(due, record.detail or notice("instance.down"))
            return
        self._following.succeeded()

    def _fail(self, instance: InstanceId, why: Notice) -> None:
        """Leave the others as they are for a while: the new program does not run."""
        self._following.failed(self._now())
        told = notice("updates.failed", instance=instance, before=self._before, after=self._version, why=why)
        _LOG.warning("%s", render(told))
        self._tell(told)

    def _show(self) -> None:
        """Tell what is left to do."""
        if self._following.failures:
            return
        left = tuple(self._following.old)
        if not left:
            self._tell(None)
        elif not self._store.settings.ollama.follow_updates:
            told = notice("updates.off", before=self._before, after=self._version, instances=left)
            self._tell(told.offering(FollowUpdates()))
        elif self._before == self._version:
            self._tell(notice("updates.again", version=self._version, instances=left))
        else:
            self._tell(notice("updates.follow", before=self._before, after=self._version, instances=left))

    def _tell(self, told: Notice | None) -> None:
        self._store.set_notices(_WHERE, () if told is None else (told,))

    def _all_known(self) -> bool:
        """Whether it is known of every worker which version it runs."""
        workers = [one for one in self._store.instances() if one.managed]
        known = all(one.version for one in workers if one.phase is Phase.READY)
        return bool(workers) and known and all(one.phase is not Phase.STARTING for one in workers)

    def _workers(self) -> list[Worker]:
        queued = self._store.queued()
        return [self._worker(one, queued[one.pool]) for one in self._store.instances() if one.managed]

    def _worker(self, one: InstanceRecord, waiting: int) -> Worker:
        counts = self._counts
        done = counts.served_by[one.id] + counts.failed_by[one.id]
        in_flight, ready = counts.in_flight(one.id), one.phase is Phase.READY
        return Worker(one.id, one.pid, one.version, in_flight, done, waiting, ready=ready)


def cause(why: Notice) -> Notice:
    """Return why an instance does not run, without the sentence around it that speaks of settings."""
    inner = why.values.get("why")
    return inner if why.code == "rollout.failed" and isinstance(inner, Notice) else why


def program_file(program: str) -> ProgramFile | None:
    """Return what is at a program's place, None = no file. Blocks for a moment."""
    try:
        path = os.path.realpath(program)
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return ProgramFile(path, found.st_ino, found.st_size, found.st_mtime_ns)
