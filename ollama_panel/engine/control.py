"""What the panel's HTTP API asks of the engine (`proxy.panel_api.source.PanelSource`)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ollama_panel.core import changes
from ollama_panel.core.alerts import AlertTimes, alerts
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.export.judges import Verdict
from ollama_panel.core.history.questions import Question
from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.notices import joined, notice
from ollama_panel.core.ollama.environment import check_pools
from ollama_panel.core.ollama.versions import numbers
from ollama_panel.core.panel_api import NewKey, ServerAnswer, SettingsChanged
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.request_filter import RequestFilter
from ollama_panel.core.scheduling.messages import MovedBack, MovedToFront
from ollama_panel.core.settings import edits, forms
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.merge import taken_back
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, RequestRecord, RequestState, Snapshot
from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.engine import clock, configfile, judging, status
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.control_doctor import DoctorCommands
from ollama_panel.engine.control_exports import ExportCommands
from ollama_panel.engine.control_imports import ImportCommands
from ollama_panel.engine.control_models import ModelCommands
from ollama_panel.engine.control_operations import DrillCommands, RecordingCommands, YieldCommands
from ollama_panel.engine.control_profiles import ProfileCommands
from ollama_panel.engine.control_tuning import TuningCommands
from ollama_panel.engine.metrics import exposition
from ollama_panel.engine.open_requests import cancel_all, find_waiting
from ollama_panel.engine.paths import Paths
from ollama_panel.proxy.credentials import made_key
from ollama_panel.proxy.panel_api.source import Command

if TYPE_CHECKING:  # only who sends a test needs it
    from ollama_panel.core.trial import Trial

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class Control(TuningCommands):
    """The engine's side of the API.

    `running` returns the parts of the engine, and raises PanelError if it has ended. `revise` changes the settings in
    the file and puts into force what needs no restart; `reload` reads them again. Whoever runs the engine shows it
    every snapshot by `publish`.
    """

    def __init__(
        self,
        settings_file: Path,
        running: Callable[[], Awaitable[Composition]],
        revise: Callable[[Edit], Awaitable[configfile.Changed]],
        reload: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(running)
        self._settings_file = settings_file
        self._revise = revise
        self._reload = reload
        self.profiles = ProfileCommands(running, self.change)
        self.exports = ExportCommands(Paths(settings_file.parent).applied, self.snapshot, self._all_of_it)
        self.doctor = DoctorCommands(Paths(settings_file.parent), self, self._all_of_it)
        self.imports = ImportCommands(Paths(settings_file.parent).imported, self.snapshot, self.settings, self.change)
        self.models = ModelCommands(running, self.change)
        self.gpu_yield, self.drills = YieldCommands(running), DrillCommands(running)
        self.recording = RecordingCommands(running, self.change)
        self._feeds = set[_Feed]()
        self._tasks = set[asyncio.Task[object]]()
        self._alert_times = AlertTimes()
        self._last_told = dict[InstanceId, tuple[Command, asyncio.Task[Exception | None]]]()

    async def judge_export(self, target: str, export: Export) -> tuple[Verdict, ...]:
        """Return what the tools of this machine say of the export of a target; see `judging.judge`."""
        return await asyncio.to_thread(judging.judge, target, export)

    def publish(self, snapshot: Snapshot) -> None:
        """Give a new snapshot to those who follow the state."""
        self._alert_times.of(alerts(snapshot), snapshot.at)
        for feed in self._feeds:
            feed.put(snapshot)

    def close(self) -> None:
        """Break off the commands that are under way."""
        for task in self._tasks:
            task.cancel()

    # Reading

    async def status(self) -> bytes:
        """Return the current snapshot as JSON, without secrets, and with an English `text` in each notice."""
        snapshot = await self.snapshot()
        return status.page(snapshot, self._alert_times.of(alerts(snapshot), snapshot.at), clock.wall())

    async def metrics(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        composition, snapshot = await self._running(), await self.snapshot()
        return exposition(snapshot, composition.history.statistics, composition.history.dropped)

    async def snapshot(self) -> Snapshot:
        """Return the state with memory and models as they are now, however long nobody has asked."""
        composition = await self._running()
        await composition.look()
        return composition.snapshot()

    async def refresh_servers(self) -> None:
        """Look at the Ollama servers of this machine, unless that was done in the last seconds."""
        await (await self._running()).servers.refresh()

    async def refresh_bypassing(self) -> None:
        """Look who goes past the panel, and to which servers, unless that was done in the last seconds."""
        composition = await self._running()
        await composition.servers.refresh()
        await composition.bypass_watch.refresh()

    async def settings(self) -> Settings:
        """Return the settings in the file, or those in force if it cannot be read."""
        composition = await self._running()
        with suppress(PanelError):  # the engine shows it as a problem
            await self._reload()
        return composition.store.settings

    async def history(self, question: Question) -> bytes:
        """Return the answer to a question about the history, as JSON; see `PanelSource`."""
        composition = await self._running()
        composition.pace.reader()
        return await composition.history.answer(question)

    async def request(self, request: RequestId) -> RequestRecord | None:
        """Return the record of a request, None if it is unknown or has been forgotten."""
        return (await self._running()).timeline.record(request)

    async def log_lines(self, instance: InstanceId, after: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return the log lines of an instance after number `after`, and the number of the last one.

        A number that is still to come is of an earlier run of the panel, whose numbers began at 1, too: it is as good
        as 0.
        """
        fleet = (await self._running()).fleet
        from_there = fleet.lines(instance, max(0, after - 1))  # with the line `after` itself, if there is one
        if after and from_there and from_there[0].number == after:
            return from_there[-1].number, tuple(line.text for line in from_there[1:])
        lines = from_there or fleet.lines(instance, 0)
        return (lines[-1].number if lines else 0), tuple(line.text for line in lines)

    @asynccontextmanager
    async def follow(self) -> AsyncIterator["_Feed"]:
        """Follow the state; meanwhile samples come as often as for a window."""
        composition, feed = await self._running(), _Feed()
        self._feeds.add(feed)
        try:
            with composition.pace.followed():
                yield feed
        finally:
            self._feeds.discard(feed)

    # Commands

    async def reload_settings(self) -> None:
        """Read the settings file again and start to apply it. Raises PanelError if it cannot be read."""
        await self._reload()

    async def act_on_server(self, server: str, command: ServerCommand, *, dry_run: bool) -> ServerAnswer:
        """Carry out a command for a found server; see `PanelSource`."""
        composition = await self._running()
        replacing = composition.replacing
        if dry_run:
            return await replacing.plan(server)
        carry_out = {
            ServerCommand.USE: replacing.use,
            ServerCommand.LEAVE: replacing.leave,
            ServerCommand.REPLACE: replacing.replace,
            ServerCommand.GIVE_BACK: replacing.give_back,
        }[command]
        return await self._to_its_end(self._begin(composition, carry_out(server)))

    async def take_over(self, server: str = "", *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        """Let the panel listen at the address of a server, and that elsewhere; see `PanelSource`."""
        composition = await self._running()
        work = composition.taking_over.take_over(server, dry_run=dry_run, ask_password=ask_password)
        return await self._to_its_end(self._begin(composition, work))

    async def undo_take_over(self, *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        """Let a server listen at its own address again; see `PanelSource`."""
        composition = await self._running()
        work = composition.taking_over.undo(dry_run=dry_run, ask_password=ask_password)
        return await self._to_its_end(self._begin(composition, work))

    async def change(self, edit: Edit, *, wait: bool, dry_run: bool) -> SettingsChanged:
        """Change the settings; see `PanelSource`."""
        composition = await self._running()
        if not dry_run:
            return await self._to_its_end(self._begin(composition, self._change(composition, edit, wait=wait)))
        in_force = composition.store.settings
        before = await asyncio.to_thread(configfile.current, self._settings_file, in_force)
        return _applied(composition, before, _planned(composition, edit)(before))

    async def make_key(self, wanted: NewKey) -> str:
        """Keep the digest of a new key in the settings, and return the key: it is never shown again.

        Raises PanelError if there is one of its name, or the name is none.
        """
        key, entry = made_key(wanted)
        await self.change(lambda settings: edits.with_key(settings, entry), wait=False, dry_run=False)
        return key

    async def remove_key(self, name: str) -> None:
        """Revoke a key. Raises PanelError if there is none of that name."""
        await self.change(lambda settings: edits.without_key(settings, name), wait=False, dry_run=False)

    async def _change(self, composition: Composition, edit: Edit, *, wait: bool) -> SettingsChanged:
        changed = await self._revise(_planned(composition, edit))
        if wait:
            await composition.rollout.apply()
        else:
            composition.rollout.begin()
        return _applied(composition, changed.before, changed.settings)

    async def act(self, instance: InstanceId, command: Command, *, wait: bool) -> InstanceRecord:
        """Carry out a command for an instance; see `PanelSource`."""
        composition = await self._running()
        composition.fleet.status(instance)  # raises PanelError if there is none such
        if instance not in composition.fleet.specs():
            raise PanelError(notice("instance.not_ours", instance=instance))
        task = self._told(composition, instance, command)
        if wait:
            await self._to_its_end(task)
        else:
            await asyncio.sleep(0)  # it begins
        return next((one for one in composition.snapshot().instances if one.id == instance), None) or (
            composition.fleet.status(instance)
        )

    async def cancel_request(self, request: RequestId) -> None:
        """Cancel a request, waiting or running; do nothing if it has ended."""
        (await self._running()).admission.cancel(request)

    async def cancel_requests(self, requests: Collection[RequestId]) -> int:
        """Cancel requests, waiting or running; return how many of them had not ended."""
        return await cancel_all((await self._running()).admission, requests)

    async def find_waiting(self, wanted: RequestFilter) -> tuple[RequestRecord, ...]:
        """Return the records of all wanted requests that wait, by arrival."""
        composition = await self._running()
        return await find_waiting(composition.dispatcher, composition.timeline, wanted)

    async def move_to_front(self, request: RequestId) -> None:
        """Let a waiting request be the next. Raises PanelError if it does not wait."""
        (await self._waits(request)).admission.post(MovedToFront(request))

    async def move_back(self, request: RequestId) -> None:
        """Put a request that was moved to the front back at its former place. Raises PanelError if it does not wait."""
        (await self._waits(request)).admission.post(MovedBack(request))

    async def _waits(self, request: RequestId) -> Composition:
        composition = await self._running()
        record = composition.timeline.record(request)
        if record is None:
            raise PanelError(notice("request.unknown", request=forms.quoted(request)))
        if record.state is not RequestState.WAITING:
            raise PanelError(notice("request.not_waiting", request=forms.quoted(request)))
        return composition

    async def undo_last_change(self) -> SettingsChanged:
        """Apply the settings as they were before the last change; what others have changed since stays.

        Raises PanelError if nothing was changed in this run, or as a change does.
        """
        before, after = (await self._running()).timeline.last_changes.to_undo()
        return await self.change(lambda now: taken_back(before, after, now), wait=True, dry_run=False)

    async def send_test(self, model: ModelName, question: str, tell: "Callable[[Trial], None]") -> "Trial":
        """Send a test through the panel's own address; see `Trials`."""
        return await (await self._running()).trials.send(model, question, tell)

    async def cancel_test(self) -> None:
        """Cancel the test that is under way, if one is."""
        (await self._running()).trials.cancel()

    async def apply_tuning(self, tuning: str, *, wait: bool) -> SettingsChanged:
        """Put the best settings of a tuning into force, as any change. Raises PanelError if it has none."""
        edit = await (await self._running()).tuning.best_of(tuning)
        return await self.change(edit, wait=wait, dry_run=False)

    def _told(self, composition: Composition, instance: InstanceId, command: Command) -> asyncio.Task[Exception | None]:
        """Begin a command; what has been told last and is not done yet is not done again: twenty clicks are one."""
        last = self._last_told.get(instance)
        if last is not None and last[0] is command and not last[1].done():
            return last[1]
        task = self._begin(composition, _act(composition, instance, command))
        self._last_told[instance] = command, task
        return task

    def _begin(self, composition: Composition, work: Coroutine[Any, Any, T]) -> asyncio.Task[T | Exception]:
        """Begin what goes on if the client leaves that has asked for it."""
        task = composition.group.create_task(_outcome(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _all_of_it(self, work: Coroutine[Any, Any, T]) -> T:
        """Carry out what goes on if the client leaves that has asked for it."""
        return await self._to_its_end(self._begin(await self._running(), work))

    @staticmethod
    async def _to_its_end(task: asyncio.Task[T | Exception]) -> T:
        outcome = await asyncio.shield(task)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class _Feed:
    """The newest snapshot for one reader."""

    def __init__(self) -> None:
        self._newest: Snapshot | None = None
        self._come = asyncio.Event()

    def put(self, snapshot: Snapshot) -> None:
        """Replace the newest one."""
        self._newest = snapshot
        self._come.set()

    async def next(self) -> Snapshot:
        """Return the newest one, as soon as there is a newer one than that of the last call."""
        while self._newest is None:
            self._come.clear()
            await self._come.wait()
        newest, self._newest = self._newest, None
        return newest


async def _outcome(work: Coroutine[Any, Any, T]) -> T | Exception:
    """Return what comes of it: an error is for whoever has asked, and must not end the engine."""
    try:
        return await work
    except PanelError as error:
        return error
    except Exception as error:  # noqa: BLE001 - it is raised again for whoever waits, and in the log for all others
        _LOG.exception("a command of the panel's API failed")
        return error


async def _act(composition: Composition, instance: InstanceId, command: Command) -> None:
    fleet = composition.fleet
    match command:
        case Command.START:
            await fleet.start(instance)
            await fleet.wait_settled(instance)
        case Command.STOP:
            await fleet.stop(instance)
        case Command.RESTART:
            await composition.succession.replacer.restart(instance)


def _planned(composition: Composition, edit: Edit) -> Edit:
    """Return an edit that raises PanelError, too, for settings that are not valid or cannot be put into force."""
    machine = composition.snapshot()

    def checked(before: Settings) -> Settings:
        after = edit(before)
        plan = changes.plan(before, after, cores=machine.cores, gpu=machine.gpu, inherited=machine.inherited)
        if plan.problems:
            raise PanelError(joined(*(problem.notice for problem in plan.problems)))
        return after

    return checked


def _applied(composition: Composition, before: Settings, after: Settings) -> SettingsChanged:
    machine = composition.snapshot()
    known_to = numbers(machine.ollama_version or ""), machine.inherited.variables
    known = tuple(check_pools(before, *known_to))
    plan = changes.plan(before, after, cores=machine.cores, gpu=machine.gpu, inherited=machine.inherited)
    problems = tuple(one for one in check_pools(after, *known_to) if one not in known)
    return SettingsChanged(after, plan.notices(), problems)
