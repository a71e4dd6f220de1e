"""A client without an engine: it records commands, and the test pushes its snapshots."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from ollama_panel.core.notices import Notice
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.gui import tasks
from ollama_panel.gui.notices import notice_text


class FakeClient(QObject):
    """Has the methods of `EngineClient`: it records `calls`, returns `answers` and raises `error`.

    `log` has the log lines of every instance.
    """

    snapshot_changed = Signal(object)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.answers: dict[str, Any] = {"busy": 0, "samples": ()}
        self.log: list[str] = []
        self.error: Exception | None = None
        self.reported: list[str] = []
        self.failed.connect(lambda failure: self.reported.append(notice_text(failure)))

    def push(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.snapshot_changed.emit(snapshot)

    def report(self, failure: Notice) -> None:
        self.failed.emit(failure)

    def spawn(self, command: Coroutine[Any, Any, Any]) -> None:
        tasks.spawn(command, self.report)

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

    async def set_paused(self, on: bool) -> None:
        await self._answer("set_paused", on)

    async def unload_all(self) -> None:
        await self._answer("unload_all")

    async def cancel_request(self, request: str) -> None:
        await self._answer("cancel_request", request)

    async def log_lines(self, instance: str, after: int = 0) -> tuple[int, tuple[str, ...]]:
        await self._answer("log_lines", instance, after)
        return len(self.log), tuple(self.log[after:])

    async def samples(self) -> tuple[Sample, ...]:
        return await self._answer("samples")  # type: ignore[no-any-return]

    async def busy(self) -> int:
        return await self._answer("busy")  # type: ignore[no-any-return]

    async def shutdown(self, *, force: bool = False) -> None:
        await self._answer("shutdown", force)
