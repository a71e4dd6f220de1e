"""A client without an engine: it records commands, and the test pushes its snapshots."""

from collections.abc import Collection, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from ollama_panel.core.export.deployment import Export
from ollama_panel.core.export.judges import Verdict
from ollama_panel.core.history.records import FinishedRequests, HistoryEvents
from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.panel_api import ServerAnswer
from ollama_panel.core.records import RequestClass
from ollama_panel.core.replacements import ServerCommand
from ollama_panel.core.request_filter import RequestFilter
from ollama_panel.core.settings.tree import SCOPES, Scope, Settings
from ollama_panel.core.snapshot import RequestRecord, Sample, Snapshot
from ollama_panel.core.takeover import TakeoverAnswer
from ollama_panel.core.trial import Trial
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.core.tuning.record import Provenance, TuningPreview, TuningRecord
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.gui import tasks
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.toasts import Toast
from tests.gui.fake_doctor import FakeDoctor
from tests.gui.fake_exports import FakeExports
from tests.gui.fake_imports import FakeImports
from tests.gui.fake_operations import FakeOperations


class FakeClient(QObject):
    """Has the methods of `EngineClient`: it records `calls`, returns `answers` and raises `error`.

    `log` has the log lines of every instance, `toasts` what was announced, `verdicts` what tools say of exports.
    `log` has the log lines of every instance, `waiting` all requests that wait, of which the snapshot has the first.
    """

    settings_file = "/home/alice/.local/share/ollama-panel/settings.json"

    snapshot_changed = Signal(object)
    failed = Signal(object)
    announced = Signal(object)
    tested = Signal(object)
    ended = Signal(object)

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.answers: dict[str, Any] = {"busy": 0, "samples": (), "use_next_port": "http://127.0.0.1:11436"}
        self.log: list[str] = []
        self.verdicts: tuple[Verdict, ...] = ()
        self.waiting: tuple[RequestRecord, ...] = ()
        self.error: Exception | None = None
        self.exports, self.doctor = FakeExports(self._answer), FakeDoctor(self._answer, self)
        self.imports, self.operations = FakeImports(self._answer), FakeOperations(self._answer)
        self.undone: Settings | None = None
        self.reported: list[str] = []
        self.toasts: list[Toast] = []
        self.failed.connect(lambda failure: self.reported.append(notice_text(failure)))

    def push(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.snapshot_changed.emit(snapshot)

    def report(self, failure: Notice) -> None:
        self.failed.emit(failure)

    def announce(self, result: Toast) -> None:
        self.toasts.append(result)
        self.announced.emit(result)

    def spawn(self, command: Coroutine[Any, Any, Any]) -> None:
        tasks.spawn(command, self.report)

    async def simulate(self) -> None:
        await self._answer("simulate")

    def restart_engine(self) -> None:
        self.calls.append(("restart_engine", ()))

    def watch(self, on: bool) -> None:
        self.calls.append(("watch", (on,)))

    async def _answer(self, name: str, *arguments: Any) -> Any:
        self.calls.append((name, arguments))
        if self.error is not None:
            raise self.error
        return self.answers.get(name)

    async def apply(self, settings: object) -> None:
        await self._answer("apply", settings)

    async def ensure_running(self, instance: str) -> None:
        await self._answer("ensure_running", instance)

    async def ensure_stopped(self, instance: str) -> None:
        await self._answer("ensure_stopped", instance)

    async def restart(self, instance: str) -> None:
        await self._answer("restart", instance)

    async def start_all(self) -> None:
        await self._answer("start_all")

    async def stop_all(self) -> None:
        await self._answer("stop_all")

    async def set_proxy(self, on: bool) -> None:
        await self._answer("set_proxy", on)

    async def use_next_port(self) -> str:
        return await self._answer("use_next_port")  # type: ignore[no-any-return]

    async def set_paused(self, on: bool) -> None:
        await self._answer("set_paused", on)

    async def unload_all(self) -> None:
        await self._answer("unload_all")

    async def cancel_request(self, request: str) -> None:
        await self._answer("cancel_request", request)

    async def cancel_requests(self, requests: Collection[RequestId]) -> int:
        await self._answer("cancel_requests", tuple(requests))
        return len(requests)

    async def find_waiting(self, wanted: RequestFilter) -> tuple[RequestRecord, ...]:
        await self._answer("find_waiting", wanted)
        return tuple(record for record in self.waiting if wanted.wants(record))

    async def move_to_front(self, request: str) -> None:
        await self._answer("move_to_front", request)

    async def move_back(self, request: str) -> None:
        await self._answer("move_back", request)

    async def undo_last_change(self) -> Settings:
        await self._answer("undo_last_change")
        return self.undone or self.snapshot.settings

    async def send_test(self, model: ModelName, question: str) -> Trial:
        return await self._answer("send_test", model, question) or Trial(RequestId("test-1"), model)

    async def cancel_test(self) -> None:
        await self._answer("cancel_test")

    async def tuning_preview(self, task: TuningTask) -> TuningPreview:
        return await self._answer("tuning_preview", task) or TuningPreview(trials=9, minutes=8.0)

    async def tune(self, task: TuningTask) -> TuningRecord:
        pool = next(pool for pool in self.snapshot.settings.pools if pool.name == task.pool)
        return await self._answer("tune", task) or TuningRecord("tuning-1", task, pool, Provenance(at=0.0))

    async def pause_tuning(self) -> None:
        await self._answer("pause_tuning")

    async def resume_tuning(self) -> None:
        await self._answer("resume_tuning")

    async def cancel_tuning(self) -> None:
        await self._answer("cancel_tuning")

    async def tunings(self) -> tuple[TuningRecord, ...]:
        return await self._answer("tunings") or ()

    async def apply_tuning(self, tuning: str) -> Settings:
        return await self._answer("apply_tuning", tuning) or self.snapshot.settings

    async def profiles(self) -> tuple[Profile, ...]:
        return await self._answer("profiles") or ()

    async def save_profile(self, name: str, tuning: str) -> Profile:
        return await self._answer("save_profile", name, tuning)  # type: ignore[no-any-return]

    async def save_pool_as_profile(self, name: str, pool: str) -> Profile:
        return await self._answer("save_pool_as_profile", name, pool)  # type: ignore[no-any-return]

    async def keep_profile(self, profile: Profile) -> None:
        await self._answer("keep_profile", profile)

    async def forget_profile(self, name: str) -> Profile:
        return await self._answer("forget_profile", name)  # type: ignore[no-any-return]

    async def apply_profile(self, name: str, pool: str | None = None) -> Settings:
        return await self._answer("apply_profile", name, pool) or self.snapshot.settings

    async def log_lines(self, instance: str, after: int = 0) -> tuple[int, tuple[str, ...]]:
        await self._answer("log_lines", instance, after)
        return len(self.log), tuple(self.log[after:])

    async def samples(self) -> tuple[Sample, ...]:
        return await self._answer("samples")  # type: ignore[no-any-return]

    async def refresh_servers(self) -> None:
        await self._answer("refresh_servers")

    async def act_on_server(self, server: str, command: ServerCommand, *, dry_run: bool = False) -> ServerAnswer:
        return await self._answer("act_on_server", server, command, dry_run) or ServerAnswer(
            server, (notice("replacing.open"),)
        )

    async def make_key(
        self, name: str, scopes: tuple[Scope, ...] = SCOPES, request_class: RequestClass | None = None
    ) -> str:
        return await self._answer("make_key", name, scopes, request_class) or f"op-key-of-{name}"

    async def remove_key(self, name: str) -> None:
        await self._answer("remove_key", name)

    async def take_over(self, server: str = "", *, dry_run: bool = False, ask_password: bool = False) -> TakeoverAnswer:
        return await self._answer("take_over", server, dry_run, ask_password) or TakeoverAnswer(self.snapshot.takeover)

    async def undo_take_over(self, *, dry_run: bool = False, ask_password: bool = False) -> TakeoverAnswer:
        return await self._answer("undo_take_over", dry_run, ask_password) or TakeoverAnswer(None)

    async def finished_requests(self) -> FinishedRequests:
        return await self._answer("finished_requests") or FinishedRequests((), None)

    async def history_events(self, limit: int) -> HistoryEvents:
        return await self._answer("history_events", limit) or HistoryEvents((), None)

    async def judge_export(self, target: str, export: Export) -> tuple[Verdict, ...]:
        await self._answer("judge_export", target, export)
        return self.verdicts

    async def busy(self) -> int:
        return await self._answer("busy")  # type: ignore[no-any-return]

    async def shutdown(self, *, force: bool = False) -> None:
        await self._answer("shutdown", force)
