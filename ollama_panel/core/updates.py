"""An Ollama that is updated under running workers: when its new program is whole, and which worker follows next. Pure.

A running server starts its runners from the path of its program (Ollama `llm/llama_binary.go`, `os.Executable`;
v0.32.15), so after an update an old server starts new runners: a mix that nobody has tested. So workers are restarted
one after the other when they are idle.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from ollama_panel.core.ids import InstanceId

STABLE_S = 3.0
"""A program's file that has not changed for so long is whole: installers write it within a second or two."""
IDLE_S = 10.0
"""A worker without a request for so long is idle."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 60.0, 3600.0
"""So long after a restart that has failed it is tried again, twice as long after each further one."""
PATIENCE_S = 600.0
"""After so long without such a moment the worker with the least to do is next; its requests end first."""


class ProgramFile(msgspec.Struct, frozen=True):
    """What tells one file of a program from another: where its links lead, and what the file system says of it."""

    path: str
    inode: int
    size: int
    changed_ns: int


UNSEEN = ProgramFile("", 0, 0, 0)
"""Known of the program at first: which file the workers were started from while nobody looked."""


@dataclass(slots=True)
class ProgramWatch:
    """Notices that a program has changed. `known` is the file that was whole last.

    The first file counts as a change, too: it may have come after the workers were started.
    """

    known: ProgramFile | None = UNSEEN
    _seen: ProgramFile | None = None
    _since: float = 0.0

    def changed(self, seen: ProgramFile | None, now: float) -> ProgramFile | None:
        """Take what is at the program's place now, None = nothing; return a new file once it is whole.

        It is returned until `take` says that it is one: a file that does not tell its version is none yet.
        """
        if seen != self._seen:
            self._seen, self._since = seen, now
        if self.known is None:
            self.known = seen
        if seen is None or seen == self.known or now - self._since < STABLE_S:
            return None
        return seen

    def take(self, file: ProgramFile) -> None:
        """Take a file for the program."""
        self.known = file

    def forget(self) -> None:
        """Begin anew: another program is run now, and the workers are restarted with it anyway."""
        self.known = self._seen = None


class Worker(msgspec.Struct, frozen=True):
    """A worker. `done` counts what it has answered, `in_flight` what it answers now.

    `pid` is None while it has no process, `version` while it has not told it. `waiting` is how many requests wait for
    its pool. `ready`: it answers.
    """

    id: InstanceId
    pid: int | None
    version: str | None
    in_flight: int
    done: int
    waiting: int = 0
    ready: bool = True


@dataclass(slots=True)
class Following:
    """Which workers still run the program of before, by their processes, and which of them follows next."""

    since: float = 0.0
    failures: int = 0
    _again_at: float = 0.0
    _version: str | None = None
    old: dict[InstanceId, int | None] = field(default_factory=dict)
    _idle_since: dict[InstanceId, tuple[int, float]] = field(default_factory=dict)

    def begin(self, workers: Iterable[Worker], version: str, *, again: bool, now: float) -> None:
        """Begin with the workers that run now; those of the new version have been restarted since.

        `again`: the new program has the version of before, so that this tells nothing.
        """
        self.since, self.failures, self._again_at = now, 0, 0.0
        self._version = None if again else version
        self.old = {one.id: one.pid for one in workers if one.pid is not None and self._is_old(one)}

    def seen(self, workers: Iterable[Worker], *, now: float) -> InstanceId | None:
        """Take what the workers do; return the one that follows now, None = none yet."""
        known = {one.id: one for one in workers}
        left = [one for one in known.values() if one.id in self.old and one.pid is not None and self._is_old(one)]
        if self._version is None:  # else a successor that was started just before the update is old by its version
            left = [one for one in left if one.pid == self.old[one.id]]
        self.old = {one.id: one.pid for one in left}
        for one in known.values():
            count, _ = self._idle_since.get(one.id, (-1, now))
            if not one.ready or one.in_flight or one.waiting or count != one.done:
                self._idle_since[one.id] = one.done, now
        if now < self._again_at:
            return None
        left = [one for one in left if one.ready]
        idle = [one for one in left if now - self._idle_since[one.id][1] >= IDLE_S]
        if idle:
            return idle[0].id
        if left and now - self.since >= PATIENCE_S:
            return min(left, key=lambda one: one.in_flight).id
        return None

    def _is_old(self, worker: Worker) -> bool:
        """Return whether a process may be of before; one that has told no version has only just been started."""
        return worker.version is not None if self._version is None else worker.version != self._version

    def failed(self, now: float) -> None:
        """Take note that a restart has failed: the others run on, and it is tried again later."""
        self.failures += 1
        self._again_at = now + min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self.failures - 1))

    def succeeded(self) -> None:
        """Take note that a restart has succeeded."""
        self.failures = 0
