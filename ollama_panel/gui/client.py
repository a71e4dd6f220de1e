"""The GUI's only access to the engine: it sends commands and receives snapshots."""

import asyncio
import concurrent.futures
from collections.abc import Callable, Collection, Coroutine
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import msgspec
from PySide6.QtCore import QObject, Qt, Signal, Slot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.panel_api import NewKey, ServerAnswer
from ollama_panel.core.records import RequestClass
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.request_filter import RequestFilter
from ollama_panel.core.settings.tree import SCOPES, Scope, Settings
from ollama_panel.core.snapshot import RequestRecord, Sample, Snapshot
from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.core.tuning.record import TuningPreview, TuningRecord
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui import tasks
from ollama_panel.gui.client_doctor import DoctorClient
from ollama_panel.gui.client_exports import ExportClient
from ollama_panel.gui.client_imports import ImportClient
from ollama_panel.gui.client_operations import OperationsClient
from ollama_panel.gui.toasts import Toast

if TYPE_CHECKING:  # importing the engine takes longer than opening the window: the factory does it, on its thread
    from ollama_panel.core.export.deployment import Export
    from ollama_panel.core.export.judges import Verdict
    from ollama_panel.core.history.records import FinishedRequests, HistoryEvents
    from ollama_panel.core.trial import Trial
    from ollama_panel.engine.engine import Engine
    from ollama_panel.proxy.panel_api.source import PanelSource

T = TypeVar("T")
EngineFactory: TypeAlias = "Callable[[Callable[[Snapshot], None]], Engine]"


class EngineClient(QObject):
    """Runs commands on the engine's loop and emits its snapshots on the GUI thread. Commands raise its PanelErrors.

    Until the engine's first snapshot, `snapshot` has the settings alone, and commands wait.
    """

    snapshot_changed = Signal(object)
    failed = Signal(object)
    announced = Signal(object)
    tested = Signal(object)
    ended = Signal(object)
    _arrived = Signal(object)
    _stopped = Signal(object)

    def __init__(
        self,
        thread: LoopThread,
        make_engine: EngineFactory,
        settings: Settings,
        parent: QObject | None = None,
        *,
        make_simulated: "EngineFactory | None" = None,
        settings_file: str = "",
    ) -> None:
        """`make_simulated` makes an engine with a simulated Ollama; `settings_file` is the path of that file."""
        super().__init__(parent)
        self.snapshot = Snapshot(at=0.0, settings=settings, starting=True)
        self._thread = thread
        self._begun = asyncio.Event()
        self._over = asyncio.Event()
        self._first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._make_engine = make_engine
        self._make_simulated = make_simulated
        self.settings_file = settings_file
        self.exports, self.doctor = ExportClient(self._call_panel), DoctorClient(self._call_panel)
        self.imports, self.operations = ImportClient(self._call_panel), OperationsClient(self._call_panel)
        self._watched = False
        self._quitting = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._stopped.connect(self._on_stopped, Qt.ConnectionType.QueuedConnection)

    async def first(self) -> None:
        """Wait for the first snapshot. Raises the engine's error if it ends without one."""
        await self._first

    def start(self) -> None:
        """Make and start an engine on its thread; `ended` is emitted when it has ended, with its error or None."""
        self._over = asyncio.Event()
        self._engine = self._thread.submit(self._make())
        self._running = self._thread.submit(self._run())
        self._running.add_done_callback(self._note_end)
        self._begun.set()
        self.watch(self._watched)

    def restart_engine(self) -> None:
        """Start a new engine in place of one that has failed."""
        self.start()

    async def simulate(self) -> None:
        """Go on with a simulated Ollama, for this run only, after the engine and its instances have ended."""
        if self._make_simulated is None:
            return
        await self._end()
        if not self._quitting:
            self._make_engine = self._make_simulated
            self.start()

    def watch(self, on: bool) -> None:
        """Set whether a window shows the state: then samples come four times a second."""
        self._watched = on
        if self._begun.is_set():
            self._submit(lambda engine: engine.watch(on))

    def report(self, failure: Notice) -> None:
        """Show an error to the user."""
        self.failed.emit(failure)

    def announce(self, result: Toast) -> None:
        """Tell the user for some seconds what an action has done."""
        self.announced.emit(result)

    def spawn(self, command: Coroutine[Any, Any, Any]) -> None:
        """Run a command from a slot, and show its error to the user."""
        tasks.spawn(command, self.report)

    async def shutdown(self, *, force: bool = False) -> None:
        """Shut the engine down, if it was started; return when it has ended and its instances have stopped."""
        self._quitting = True
        await self._end(force=force)

    async def _end(self, *, force: bool = False) -> None:
        if self._begun.is_set() and not self._over.is_set():
            making = asyncio.wrap_future(self._engine)
            await asyncio.wait([making])
            if making.exception() is None:  # else there is nothing to shut down, and `first` tells it
                await self._call(lambda engine: engine.shutdown(force=force))
            await self._over.wait()

    def end_and_wait(self, drain_s: float) -> None:
        """Shut the engine down after the GUI loop has ended; after `drain_s` seconds, without waiting for streams."""
        if not self._begun.is_set():
            return
        self._submit(lambda engine: engine.shutdown())
        ended, _ = concurrent.futures.wait([self._running], timeout=drain_s)
        if not ended:
            self._submit(lambda engine: engine.shutdown(force=True))
            concurrent.futures.wait([self._running])

    def apply(self, settings: Settings) -> Coroutine[Any, Any, None]:
        """Check, save and apply settings; return when every instance has reached its target state.

        They were made from those of the snapshot that is the newest when this is called, before anything is awaited.
        """
        base = self.snapshot.settings
        return self._call(lambda engine: engine.apply(settings, base))

    async def ensure_running(self, instance: InstanceId) -> None:
        """Start this instance if it does not run."""
        await self._call(lambda engine: engine.ensure_running(instance))

    async def ensure_stopped(self, instance: InstanceId) -> None:
        """Stop this instance when its requests have ended."""
        await self._call(lambda engine: engine.ensure_stopped(instance))

    async def restart(self, instance: InstanceId) -> None:
        """Replace the process of this instance when its requests have ended."""
        await self._call(lambda engine: engine.restart(instance))

    async def start_all(self) -> None:
        """Start every instance that does not run."""
        await self._call(lambda engine: engine.start_all())

    async def stop_all(self) -> None:
        """Stop every managed instance when its requests have ended."""
        await self._call(lambda engine: engine.stop_all())

    async def set_proxy(self, on: bool) -> None:
        """Switch the proxy on or off, for this run only."""
        await self._call(lambda engine: engine.set_proxy(on))

    async def use_next_port(self) -> str:
        """Set the next free port for the proxy; return its new URL."""
        return await self._call(lambda engine: engine.use_next_port())

    async def set_paused(self, on: bool) -> None:
        """Pause or resume the queue."""
        await self._call(lambda engine: engine.set_paused(on))

    async def unload_all(self) -> None:
        """Unload every model that no request uses."""
        await self._call(lambda engine: engine.unload_all())

    async def cancel_request(self, request: RequestId) -> None:
        """Cancel a request that waits or runs."""
        await self._call(lambda engine: engine.cancel_request(request))

    async def cancel_requests(self, requests: Collection[RequestId]) -> int:
        """Cancel requests that wait or run; return how many of them had not ended."""
        return await self._call(lambda engine: engine.control.cancel_requests(requests))

    async def find_waiting(self, wanted: RequestFilter) -> tuple[RequestRecord, ...]:
        """Return the records of all wanted requests that wait, by arrival; the snapshot has only the first of them."""
        return await self._call(lambda engine: engine.control.find_waiting(wanted))

    async def move_to_front(self, request: RequestId) -> None:
        """Let a waiting request be the next. Raises PanelError if it does not wait."""
        await self._call(lambda engine: engine.control.move_to_front(request))

    async def move_back(self, request: RequestId) -> None:
        """Put a request that was moved to the front back at its former place. Raises PanelError if it does not wait."""
        await self._call(lambda engine: engine.control.move_back(request))

    async def undo_last_change(self) -> Settings:
        """Apply the settings as they were before `Snapshot.last_change`, and return them.

        Raises PanelError if there is none.
        """
        return (await self._call(lambda engine: engine.control.undo_last_change())).settings

    async def send_test(self, model: ModelName, question: str) -> "Trial":
        """Send a test through the panel's own address and return how it ended; `tested` has it as it goes on."""
        return await self._call(lambda engine: engine.control.send_test(model, question, self.tested.emit))

    async def cancel_test(self) -> None:
        """Cancel the test that is under way, if one is."""
        await self._call(lambda engine: engine.control.cancel_test())

    async def tuning_preview(self, task: TuningTask) -> TuningPreview:
        """Return what a tuning would do; its `problem` says why it is not possible."""
        return await self._call(lambda engine: engine.control.tuning_preview(task))

    async def tune(self, task: TuningTask) -> TuningRecord:
        """Begin a tuning, or go on with one that was interrupted. Raises PanelError if that is not possible."""
        return await self._call(lambda engine: engine.control.tune(task))

    async def pause_tuning(self) -> None:
        """Pause the tuning under way; return when the former settings are in force. Raises PanelError if none is."""
        await self._call(lambda engine: engine.control.pause_tuning())

    async def resume_tuning(self) -> None:
        """Go on now with a tuning that is paused or waits. Raises PanelError if none does."""
        await self._call(lambda engine: engine.control.resume_tuning())

    async def cancel_tuning(self) -> None:
        """End the tuning; return when the former settings are in force. Raises PanelError if there is none."""
        await self._call(lambda engine: engine.control.cancel_tuning())

    async def tunings(self) -> tuple[TuningRecord, ...]:
        """Return the tunings that have ended, the newest first."""
        return await self._call(lambda engine: engine.control.tunings())

    async def apply_tuning(self, tuning: str) -> Settings:
        """Put the best settings of a tuning into force, and return the settings. Raises PanelError if it has none."""
        return (await self._call(lambda engine: engine.control.apply_tuning(tuning, wait=True))).settings

    async def profiles(self) -> tuple[Profile, ...]:
        """Return the profiles, by name, with all that was tried; the snapshot has what lists show."""
        return await self._call(lambda engine: engine.control.profiles.all())

    async def save_profile(self, name: str, tuning: str) -> Profile:
        """Save the result of a tuning as a profile, in the place of one of its name.

        Raises PanelError if the tuning has no result, or if the name is none.
        """
        return await self._call(lambda engine: engine.control.profiles.save_tuning(name, tuning))

    async def save_pool_as_profile(self, name: str, pool: PoolName) -> Profile:
        """Save the settings of a pool as a profile, in the place of one of its name."""
        return await self._call(lambda engine: engine.control.profiles.save_pool(name, pool))

    async def keep_profile(self, profile: Profile) -> None:
        """Keep a profile, in the place of one of its name: an imported one, or one that was forgotten."""
        await self._call(lambda engine: engine.control.profiles.keep(profile))

    async def forget_profile(self, name: str) -> Profile:
        """Forget a profile and return it. Raises PanelError if there is none of that name."""
        return await self._call(lambda engine: engine.control.profiles.forget(name))

    async def apply_profile(self, name: str, pool: PoolName | None = None) -> Settings:
        """Give a pool the settings of a profile, None = the pool that it was made for; return all settings then.

        Raises PanelError if there is no such profile or pool, or as `apply`.
        """
        work = self._call(lambda engine: engine.control.profiles.apply(name, pool, wait=True, dry_run=False))
        return (await work).settings

    async def log_lines(self, instance: InstanceId, after: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return the number of the last log line, and the lines after number `after`."""
        return await self._call(lambda engine: engine.log_lines(instance, after))

    async def samples(self) -> tuple[Sample, ...]:
        """Return the samples that the engine keeps, oldest first."""
        return await self._call(lambda engine: engine.samples())

    async def refresh_servers(self) -> None:
        """Look at the Ollama servers of this machine, unless that was done in the last seconds."""
        await self._call(lambda engine: engine.refresh_servers())

    async def act_on_server(self, server: str, command: ServerCommand, *, dry_run: bool = False) -> ServerAnswer:
        """Carry out a command for a found server, or only say what replacing it would do."""
        return await self._call(lambda engine: engine.control.act_on_server(server, command, dry_run=dry_run))

    async def make_key(
        self, name: str, scopes: tuple[Scope, ...] = SCOPES, request_class: RequestClass | None = None
    ) -> str:
        """Make a key and return it, which nothing does again. Raises PanelError if there is one of that name."""
        wanted = NewKey(name, request_class, scopes)
        return await self._call(lambda engine: engine.control.make_key(wanted))

    async def remove_key(self, name: str) -> None:
        """Revoke a key. Raises PanelError if there is none of that name."""
        await self._call(lambda engine: engine.control.remove_key(name))

    async def take_over(self, server: str = "", *, dry_run: bool = False, ask_password: bool = False) -> TakeoverAnswer:
        """Let the panel listen at the address of a server, and that elsewhere; or go on with that; or only say how.

        Without a name it is the server at Ollama's own port. `ask_password`: the system may ask for one, for the steps
        that need an administrator.
        """
        return await self._call(
            lambda engine: engine.control.take_over(server, dry_run=dry_run, ask_password=ask_password),
        )

    async def undo_take_over(self, *, dry_run: bool = False, ask_password: bool = False) -> TakeoverAnswer:
        """Let Ollama listen at its own address again; or only say how."""
        return await self._call(
            lambda engine: engine.control.undo_take_over(dry_run=dry_run, ask_password=ask_password),
        )

    async def finished_requests(self) -> "FinishedRequests":
        """Return the last requests that ended within a day. Raises PanelError without a history."""
        from ollama_panel.core.history.questions import RequestsQuestion
        from ollama_panel.core.history.records import MOST_ROWS, FinishedRequests

        answer = await self._call(lambda engine: engine.control.history(RequestsQuestion(limit=MOST_ROWS)))
        return msgspec.json.decode(answer, type=FinishedRequests)

    async def history_events(self, limit: int) -> "HistoryEvents":
        """Return the last events of a day, `limit` at most. Raises PanelError without a history."""
        from ollama_panel.core.history.questions import EventsQuestion
        from ollama_panel.core.history.records import HistoryEvents

        answer = await self._call(lambda engine: engine.control.history(EventsQuestion(limit=limit)))
        return msgspec.json.decode(answer, type=HistoryEvents)

    async def judge_export(self, target: str, export: "Export") -> "tuple[Verdict, ...]":
        """Return what the tools of this machine say of the export of a target."""
        return await self._call(lambda engine: engine.control.judge_export(target, export))

    async def busy(self) -> int:
        """Return the number of requests that run or wait now."""
        return await self._call(lambda engine: engine.busy())

    async def _call(self, command: "Callable[[Engine], Coroutine[Any, Any, T]]") -> T:
        await self._begun.wait()
        return await asyncio.wrap_future(self._submit(command))

    async def _call_panel(self, command: "Callable[[PanelSource], Coroutine[Any, Any, T]]") -> T:
        return await self._call(lambda engine: command(engine.control))

    def _submit(self, command: "Callable[[Engine], Coroutine[Any, Any, T]]") -> "concurrent.futures.Future[T]":
        return self._thread.submit(self._on_engine(command))

    async def _on_engine(self, command: "Callable[[Engine], Coroutine[Any, Any, T]]") -> T:
        """Run a command on the engine's loop, once the engine is there. Raises what its making has raised."""
        return await command(await asyncio.shield(asyncio.wrap_future(self._engine)))

    async def _make(self) -> "Engine":
        return self._make_engine(self._publish)

    async def _run(self) -> None:
        await self._on_engine(lambda engine: engine.run())

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
            self._first.set_exception(PanelError(tasks.notice_of(error) if error else notice("engine.not_started")))
        elif error is not None:
            told = tasks.notice_of(error)
            if told.code == "unexpected":
                told = notice("engine.stopped", **told.values)
            self._on_arrived(msgspec.structs.replace(self.snapshot, fatal=told, starting=False))
        self.ended.emit(error)
