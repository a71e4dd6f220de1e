"""Records every step of the dispatcher, for replays and bug reports, in the format of `core.scheduling.event_log`."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from ollama_panel import __version__
from ollama_panel.core import checkpoint
from ollama_panel.core.errors import PanelError, not_written, reason_of
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.messages import Action, Event, Progressed
from ollama_panel.core.settings.tree_scheduling import SchedulingSettings
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import clock
from ollama_panel.engine.files import make_private_folder, private
from ollama_panel.engine.recent_steps import CALM, RecentSteps, SavedSteps

_LOG = logging.getLogger(__name__)

_MIB = 1024 * 1024
MOST_OPEN = 1000
"""A recording begins when no more requests are open: its first line takes 0.1 ms for each, and nothing else runs."""
_ENDING = ".jsonl"


class Recorder:
    """A scheduler that calls the dispatcher, keeps the last minutes, and records each step to a file while that is on.

    A file begins with the state of dispatcher and `timeline`, so that it can begin at any moment, but for one when very
    many requests are open. Recording ends, with a warning in the log, if the file cannot be written or has its size.
    The files are below `folder`; `micros` returns the time of the steps, `wall` the seconds since 1970. None of them is
    ever deleted.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        timeline: Timeline,
        folder: Path,
        micros: Callable[[], int] = clock.micros,
        wall: Callable[[], float] = clock.wall,
    ) -> None:
        self._dispatcher = dispatcher
        self._timeline = timeline
        self._folder = folder
        self._micros = micros
        self._wall = wall
        self._file: IO[bytes] | None = None
        self._path = ""
        self._size = 0
        self._most = SchedulingSettings().record_mib * _MIB
        self._since = 0.0
        self._wanted = self._due = False
        self._problem: Notice | None = None
        self._recent = RecentSteps(self._checkpoint, lambda: dispatcher.policy, lambda: timeline.counts.open() <= CALM)

    def step(self, event: Event, now: int) -> list[Action]:
        """Run and record one step."""
        recent = self._recent
        if now >= recent.look_at:
            recent.look(now)
            if self._due:
                self.begin()
        if type(event) is Progressed:  # the most frequent event, from which nothing follows
            self._dispatcher.progressed(event, now)
            recent.add(now)
            recent.add(event)
            if self._file is not None:
                self._write(event_log.line(now, event, ()), at_once=False)
            return []
        actions = self._dispatcher.step(event, now)
        if actions:
            recent.acted((now, event, actions))
        else:
            recent.add(now)
            recent.add(event)
        if self._file is not None:
            self._write(event_log.line(now, event, actions), at_once=True)
        return actions

    @property
    def is_due(self) -> bool:
        """Whether a recording begins once fewer requests are open."""
        return self._due

    def record(self) -> RecordingRecord:
        """Return the recording as front ends see it."""
        recent = self._recent.seconds(self._micros())
        on = self._file is not None
        return RecordingRecord(on, self._path, self._size, self._most, self._since, recent, self._problem)

    def wish(self, *, on: bool, most_mib: int) -> None:
        """Begin or end a recording if the settings have changed; `most_mib` limits its size in MiB."""
        self._most = most_mib * _MIB
        if on == self._wanted:
            return
        if on:
            self.begin()
        else:
            self.close()
        self._wanted = on

    def begin(self) -> None:
        """Begin a recording, unless one is under way; later, as `problem` says then, if too many requests are open."""
        if self._file is not None:
            return
        self._due = (waiting := self._timeline.counts.open()) > MOST_OPEN
        if self._due:
            self._problem = notice("recording.later", open=waiting, most=MOST_OPEN)
            return
        head = event_log.head(self._dispatcher.policy, __version__, self._checkpoint())
        try:
            self._file, self._size = self._begun("", [head])
        except OSError as error:
            self._problem = not_written(str(self._folder), error, notice("advice.not_recorded"))
            _LOG.warning(render(self._problem))
            return
        self._path, self._since = self._file.name, self._micros() / 1e6
        self._problem = None

    def close(self) -> None:
        """Flush the file and stop recording."""
        if self._due:
            self._problem = None
        self._wanted = self._due = False
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError as error:
                self._ended(notice("recording.end_lost", path=file.name, reason=reason_of(error)))

    async def save_recent(self) -> SavedRecording:
        """Save the last minutes; return where. Raises PanelError if there are none, or they cannot be written."""
        steps, now = self._recent.copy(), self._micros()
        if steps is None:
            raise PanelError(notice("recording.nothing"))
        path, size = await asyncio.to_thread(self._save, steps)
        return SavedRecording(path, (now - steps.at) / 1e6, len(steps.steps), size)

    def taken(self) -> int:
        """Return how many bytes all recordings take, with what is not on the disk yet; some milliseconds."""
        sizes = _sizes(self._folder)
        if self._file is not None and self._path in sizes:
            sizes[self._path] = self._size
        return sum(sizes.values())

    def _save(self, steps: SavedSteps) -> tuple[str, int]:
        try:
            file, size = self._begun("-recent", steps.lines(__version__))
            file.close()
        except OSError as error:
            raise PanelError(not_written(str(self._folder), error, notice("advice.not_recorded"))) from error
        return file.name, size

    def _checkpoint(self) -> bytes:
        return checkpoint.saved(self._dispatcher, self._timeline)

    def _begun(self, kind: str, lines: Iterable[bytes]) -> tuple[IO[bytes], int]:
        """Return a new file with its first lines, and its size. Raises OSError; then no part of it is left."""
        file, size = self._new_file(kind), 0
        try:
            for line in lines:
                size += file.write(line)
            file.flush()
        except OSError:
            with contextlib.suppress(OSError):
                file.close()
            with contextlib.suppress(OSError):
                Path(file.name).unlink()
            raise
        return file, size

    def _new_file(self, kind: str) -> IO[bytes]:
        """Return a new file with the time in its name. Raises OSError."""
        make_private_folder(self._folder)
        stem, number = f"{clock.local(self._wall()):%Y%m%d-%H%M%S}{kind}", 1
        while True:
            path = self._folder / f"{stem}{f'-{number}' if number > 1 else ''}{_ENDING}"
            try:
                return open(path, "xb", opener=private)
            except FileExistsError:
                number += 1

    def _write(self, line: bytes, *, at_once: bool) -> None:
        """Write a line; what is not written `at_once` may be lost if the panel is killed."""
        if self._file is None:
            return
        self._size += len(line)
        try:
            self._file.write(line)
            if at_once:
                self._file.flush()
        except OSError as error:
            self._ended(notice("recording.ended", path=self._path, reason=reason_of(error)))
        else:
            if self._size >= self._most:
                self._ended(notice("recording.full", path=self._path))

    def _ended(self, why: Notice) -> None:
        """Note why a recording has ended by itself, and end it."""
        if self._problem is None:
            self._problem = why
            _LOG.warning(render(why))
        wanted = self._wanted
        self.close()
        self._wanted = wanted


def _sizes(folder: Path) -> dict[str, int]:
    """Return the sizes of the recordings by their paths, as far as they can be read."""
    sizes = dict[str, int]()
    try:
        for file in folder.glob(f"*{_ENDING}"):
            sizes[str(file)] = file.stat().st_size
    except OSError as error:
        _LOG.info("the recordings cannot be counted: %s", error)
    return sizes
