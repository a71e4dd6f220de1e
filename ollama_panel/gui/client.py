"""The GUI's only access to the engine: it sends commands and receives snapshots."""

import asyncio
import concurrent.futures
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias, TypeVar

import msgspec
from PySide6.QtCore import QObject, Qt, Signal, Slot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui import tasks

T = TypeVar("T")
EngineFactory: TypeAlias = Callable[[Callable[[Snapshot], None]], Engine]


class EngineClient(QObject):
    """Runs commands on the engine's loop and emits its snapshots on the GUI thread. Commands raise its PanelErrors."""

    snapshot_changed = Signal(object)
    failed = Signal(object)
    ended = Signal(object)
    _arrived = Signal(object)
    _stopped = Signal(object)

    def __init__(self, thread: LoopThread, make_engine: EngineFactory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.snapshot = Snapshot(at=0.0, settings=Settings())
        self._thread = thread
        self._over = asyncio.Event()
        self._first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._make_engine = make_engine
        self._watched = False
        self._engine = make_engine(self._publish)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._stopped.connect(self._on_stopped, Qt.ConnectionType.QueuedConnection)

    async def first(self) -> None:
        """Wait for the first snapshot. Raises the engine's error if it ends without one."""
        await self._first

    def start(self) -> None:
        """Start the engine; `ended` is emitted when it has ended, with its error or None."""
        self._over = asyncio.Event()
        self._running = self._thread.submit(self._engine.run())
        self._running.add_done_callback(self._note_end)
        self.watch(self._watched)

    def restart_engine(self) -> None:
        """Start a new engine in place of one that has failed."""
        self._engine = self._make_engine(self._publish)
        self.start()

    def watch(self, on: bool) -> None:
        """Set whether a window shows the state: then samples come four times a second."""
        self._watched = on
        self._thread.submit(self._engine.watch(on))

    def report(self, failure: Notice) -> None:
        """Show an error to the user."""
        self.failed.emit(failure)

    def spawn(self, command: Coroutine[Any, Any, Any]) -> None:
        """Run a command from a slot, and show its error to the user."""
        tasks.spawn(command, self.report)

    async def shutdown(self, *, force: bool = False) -> None:
        """Shut the engine down; return when it has ended and its instances have stopped."""
        if not self._over.is_set():
            await self._call(self._engine.shutdown(force=force))
            await self._over.wait()

    def end_and_wait(self, drain_s: float) -> None:
        """Shut the engine down after the GUI loop has ended; after `drain_s` seconds, without waiting for streams."""
        for force in (False, True):
            self._thread.submit(self._engine.shutdown(force=force))
            done, _ = concurrent.futures.wait([self._running], timeout=None if force else drain_s)
            if done:
                return

    def apply(self, settings: Settings) -> Coroutine[Any, Any, None]:
        """Check, save and apply settings; return when every instance has reached its target state.

        They were made from those of the snapshot that is the newest when this is called, before anything is awaited.
        """
        return self._call(self._engine.apply(settings, self.snapshot.settings))

    async def ensure_running(self, instance: InstanceId) -> None:
        """Start this instance if it does not run."""
        await self._call(self._engine.ensure_running(instance))

    async def ensure_stopped(self, instance: InstanceId) -> None:
        """Stop this instance when its requests have ended."""
        await self._call(self._engine.ensure_stopped(instance))

    async def restart(self, instance: InstanceId) -> None:
        """Replace the process of this instance when its requests have ended."""
        await self._call(self._engine.restart(instance))

    async def start_all(self) -> None:
        """Start every instance that does not run."""
        await self._call(self._engine.start_all())

    async def stop_all(self) -> None:
        """Stop every managed instance when its requests have ended."""
        await self._call(self._engine.stop_all())

    async def set_proxy(self, on: bool) -> None:
        """Switch the proxy on or off, for this run only."""
        await self._call(self._engine.set_proxy(on))

    async def set_paused(self, on: bool) -> None:
        """Pause or resume the queue."""
        await self._call(self._engine.set_paused(on))

    async def unload_all(self) -> None:
        """Unload every model that no request uses."""
        await self._call(self._engine.unload_all())

    async def cancel_request(self, request: RequestId) -> None:
        """Cancel a request that waits or runs."""
        await self._call(self._engine.cancel_request(request))

    async def log_lines(self, instance: InstanceId, after: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return the number of the last log line, and the lines after number `after`."""
        return await self._call(self._engine.log_lines(instance, after))

    async def samples(self) -> tuple[Sample, ...]:
        """Return the samples that the engine keeps, oldest first."""
        return await self._call(self._engine.samples())

    async def busy(self) -> int:
        """Return the number of requests that run or wait now."""
        return await self._call(self._engine.busy())

    async def _call(self, command: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(self._thread.submit(command))

    def _publish(self, snapshot: Snapshot) -> None:
        self._arrived.emit(snapshot)

    def _note_end(self, done: "concurrent.futures.Future[None]") -> None:
        self._stopped.emit(None if done.cancelled() else done.exception())

    @Slot(object)
    def _on_arrived(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        if not self._first.done():
            self._first.set_result(None)
        self.snapshot_changed.emit(snapshot)

    @Slot(object)
    def _on_stopped(self, error: BaseException | None) -> None:
        self._over.set()
        if not self._first.done():
            self._first.set_exception(error or PanelError(notice("engine.not_started")))
        elif error is not None:
            told = tasks.notice_of(error)
            if told.code == "unexpected":
                told = notice("engine.stopped", **told.values)
            self._on_arrived(msgspec.structs.replace(self.snapshot, fatal=told))
        self.ended.emit(error)
