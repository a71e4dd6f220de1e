"""The engine as the panel's own endpoints see it: one instance, one request, and settings in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.history.questions import Question
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import ServerAnswer, SettingsChanged
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.settings import edits
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, RequestRecord, RequestState, Snapshot
from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.core.tuning.record import Provenance, TuningPreview, TuningRecord, TuningState
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.proxy.panel_api.source import Command, PanelSource
from tests.fakes.panel_doctor import FakeDoctor
from tests.fakes.panel_exports import FakeExports
from tests.fakes.panel_imports import FakeImports
from tests.fakes.panel_operations import FakeDrills, FakeModels, FakeRecording, FakeYield

INSTANCE = InstanceRecord(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY)
REQUEST = RequestRecord(
    *(RequestId("r1"), ClientId("web"), RequestClass.INTERACTIVE, ModelName("tiny:latest"), "/api/chat", True),
    state=RequestState.RUNNING,
    arrived=1.0,
)


class FakePanel:
    """`calls` counts what it was asked for; `show` lets a new snapshot be seen by whoever follows the state."""

    def __init__(self) -> None:
        self.reloads = 0
        self.calls = 0
        self.followers = 0
        self.lines = ["one", "two", "three"]
        self.profiles = FakeProfiles()
        self.exports = FakeExports()
        self.imports = FakeImports()
        self.doctor = FakeDoctor()
        self.models, self.gpu_yield = FakeModels(), FakeYield()
        self.recording, self.drills = FakeRecording(), FakeDrills()
        self.state = Snapshot(1.0, Settings(), instances=(INSTANCE,), requests=(REQUEST,))
        self._changed = asyncio.Condition()

    async def show(self, **changes: object) -> None:
        """Change the snapshot."""
        self.state = msgspec.structs.replace(self.state, **changes)
        async with self._changed:
            self._changed.notify_all()

    async def until_followed(self, followers: int) -> None:
        """Wait until so many follow the state."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.followers == followers)

    async def status(self) -> bytes:
        return b'{"at":1.0}'

    async def metrics(self) -> bytes:
        return b"panel_requests_total 3.0\n"

    async def reload_settings(self) -> None:
        self.reloads += 1

    async def settings(self) -> Settings:
        self.calls += 1
        return self.state.settings

    async def snapshot(self) -> Snapshot:
        self.calls += 1
        return self.state

    async def refresh_servers(self) -> None:
        self.calls += 1

    async def refresh_bypassing(self) -> None:
        self.calls += 1

    async def act_on_server(self, server: str, command: ServerCommand, *, dry_run: bool) -> ServerAnswer:
        self.calls += 1
        return ServerAnswer(server, (notice("servers.is_used", address="127.0.0.1:1"),))

    async def take_over(self, server: str, *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        self.calls += 1
        return TakeoverAnswer(None, (notice("takeover.nobody", address="127.0.0.1:11434"),))

    async def undo_take_over(self, *, dry_run: bool, ask_password: bool) -> TakeoverAnswer:
        self.calls += 1
        return TakeoverAnswer(None, (notice("takeover.undone", address="127.0.0.1:11434"),), ("sudo true",))

    async def change(self, edit: Callable[[Settings], Settings], *, wait: bool, dry_run: bool) -> SettingsChanged:
        self.calls += 1
        after = edit(self.state.settings)
        if not dry_run:
            await self.show(settings=after)
        return SettingsChanged(after, (notice("plan.nothing"),), ())

    async def act(self, instance: InstanceId, command: Command, *, wait: bool) -> InstanceRecord:
        self.calls += 1
        return self._instance(instance)

    async def log_lines(self, instance: InstanceId, after: int) -> tuple[int, tuple[str, ...]]:
        self.calls += 1
        self._instance(instance)
        return max(after, len(self.lines)), tuple(self.lines[after:])

    async def request(self, request: RequestId) -> RequestRecord | None:
        self.calls += 1
        return next((one for one in self.state.requests if one.id == request), None)

    async def history(self, question: Question) -> bytes:
        self.calls += 1
        return msgspec.json.encode({"asked": type(question).__name__, "question": question})

    async def cancel_request(self, request: RequestId) -> None:
        self.calls += 1
        self.state = msgspec.structs.replace(self.state, requests=())

    async def move_to_front(self, request: RequestId) -> None:
        await self._move(request, moved=True)

    async def move_back(self, request: RequestId) -> None:
        await self._move(request, moved=False)

    async def _move(self, request: RequestId, *, moved: bool) -> None:
        self.calls += 1
        found = await self.request(request)
        if found is None:
            raise PanelError(notice("request.unknown", request=request))
        if found.state is not RequestState.WAITING:
            raise PanelError(notice("request.not_waiting", request=request))
        others = tuple(one for one in self.state.requests if one is not found)
        moved_one = msgspec.structs.replace(found, moved=moved)
        self.state = msgspec.structs.replace(self.state, requests=(moved_one, *others))

    async def undo_last_change(self) -> SettingsChanged:
        self.calls += 1
        raise PanelError(notice("change.none_to_undo"))

    async def tuning_preview(self, task: TuningTask) -> TuningPreview:
        self.calls += 1
        return TuningPreview(trials=9, minutes=8.0, slots_that_fit=16)

    async def tune(self, task: TuningTask) -> TuningRecord:
        self.calls += 1
        pool = next(pool for pool in self.state.settings.pools if pool.name == task.pool)
        record = TuningRecord("tuning-1", task, pool, Provenance(at=0.0))
        await self.show(tuning=record)
        return record

    async def pause_tuning(self) -> None:
        await self._tuning_becomes(TuningState.PAUSED)

    async def resume_tuning(self) -> None:
        await self._tuning_becomes(TuningState.PREPARING)

    async def cancel_tuning(self) -> None:
        await self._tuning_becomes(TuningState.CANCELLED)

    async def _tuning_becomes(self, state: TuningState) -> None:
        self.calls += 1
        if self.state.tuning is None:
            raise PanelError(notice("tuning.none"))
        await self.show(tuning=msgspec.structs.replace(self.state.tuning, state=state))

    async def tunings(self) -> tuple[TuningRecord, ...]:
        self.calls += 1
        return () if self.state.tuning is None else (self.state.tuning,)

    async def apply_tuning(self, tuning: str, *, wait: bool) -> SettingsChanged:
        self.calls += 1
        raise PanelError(notice("tuning.unknown", tuning=tuning))

    @asynccontextmanager
    async def follow(self) -> AsyncIterator["FakeFeed"]:
        self.calls += 1
        await self._count(1)
        try:
            yield FakeFeed(self)
        finally:
            await self._count(-1)

    async def _count(self, more: int) -> None:
        self.followers += more
        async with self._changed:
            self._changed.notify_all()

    async def newer(self, than: Snapshot) -> Snapshot:
        """Return the newest snapshot as soon as it is another one."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.state is not than)
        return self.state

    def _instance(self, instance: InstanceId) -> InstanceRecord:
        found = next((one for one in self.state.instances if one.id == instance), None)
        if found is None:
            raise PanelError(notice("instance.unknown", instance=instance, known=("chat-1",)))
        return found


class FakeFeed:
    """One follower."""

    def __init__(self, panel: FakePanel) -> None:
        self._panel = panel
        self._seen = panel.state

    async def next(self) -> Snapshot:
        """Return the newest snapshot, as soon as there is a newer one."""
        self._seen = await self._panel.newer(self._seen)
        return self._seen


class FakeProfiles:
    """Profiles in memory; `apply` changes nothing."""

    def __init__(self) -> None:
        self.kept: tuple[Profile, ...] = ()

    async def all(self) -> tuple[Profile, ...]:
        return self.kept

    async def find(self, name: str) -> Profile:
        return profiles.find(self.kept, name)

    async def save_tuning(self, name: str, tuning: str) -> Profile:
        raise PanelError(notice("profiles.no_tuning", tuning=tuning))

    async def save_pool(self, name: str, pool: str) -> Profile:
        settings = edits.find_pool(Settings(), pool)
        return await self.keep(profiles.of_pool(name, settings, Provenance(at=0.0)))

    async def keep(self, profile: Profile) -> Profile:
        self.kept = profiles.with_profile(self.kept, profile)
        return profile

    async def forget(self, name: str) -> Profile:
        gone = await self.find(name)
        self.kept = profiles.without_profile(self.kept, name)
        return gone

    async def apply(self, name: str, pool: str | None, *, wait: bool, dry_run: bool) -> SettingsChanged:
        profile = await self.find(name)
        before = Settings()
        target = edits.find_pool(before, pool or profile.settings.name)
        after = edits.with_changed_pool(before, profiles.applied(profile, target))
        return SettingsChanged(after, (notice("plan.nothing"),), ())


_check: Callable[[], PanelSource] = FakePanel
