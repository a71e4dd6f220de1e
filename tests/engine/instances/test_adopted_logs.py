"""When the log of an adopted server is read, and what becomes of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource, RunnerRegistry
from ollama_panel.core.ollama.serverlog_facts import PromptTruncated
from ollama_panel.core.records import Role
from ollama_panel.core.servers import FoundServer, LogKind, LogSource, Owner
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.instances.adopted_logs import AdoptedLogs

LOG = LogSource(LogKind.FILE, "/var/log/ollama.log")
START = 'time=t level=INFO msg="starting llama-server" cmd="/x/llama-server --model /m/blob --port 1 -c 4096 -np 2"'
SMALL = LoadedModel(ModelName("small:latest"), 900, 0, 2048, 1, ParallelSource.UNKNOWN)
OURS = InstanceRecord(
    InstanceId("adopted-1"), PoolName("chat"), Role.CHAT, False, "http://127.0.0.1:1", Phase.READY, pid=7
)


class Panel:
    """The store and the fleet that the reader asks and tells."""

    def __init__(self, lines: list[str] | None = None, log: LogSource | None = LOG) -> None:
        self.found_servers = (FoundServer("pid-7", 7, 1.0, Owner(), log=log),)
        self.record = msgspec.structs.replace(OURS, models=(SMALL,))
        self.told = list[RunnerRegistry]()
        self.asked = list[tuple[LogSource, int]]()
        self._lines = [START] if lines is None else lines
        fleet = SimpleNamespace(read_log=lambda _, registry: self.told.append(registry))
        self.facts = list[Any]()
        self.added = list[Any]()
        self.logs = AdoptedLogs(
            cast(Any, self),
            cast(Any, fleet),
            self._read,
            on_read=lambda _, facts: self.facts.extend(facts),
            on_added=lambda _, fact: self.added.append(fact),
        )

    def instances(self) -> tuple[InstanceRecord, ...]:
        return (self.record,)

    def _read(self, log: LogSource, pid: int) -> list[str] | None:
        self.asked.append((log, pid))
        return self._lines or None


async def test_the_log_is_read_once_for_each_load() -> None:
    panel = Panel()
    await panel.logs.look()
    await panel.logs.look()
    assert panel.asked == [(LOG, 7)]
    assert panel.told[0].runners["/m/blob"].parallel == 2
    longer = msgspec.structs.replace(SMALL, context_length=4096)
    panel.record = msgspec.structs.replace(panel.record, models=(longer,))
    await panel.logs.look()
    assert len(panel.asked) == 2


async def test_what_a_file_says_between_two_loads_is_told_when_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ollama.log"
    path.write_text(f"{START}\n", encoding="utf-8")
    for models in ((SMALL,), ()):
        panel = Panel(log=LogSource(LogKind.FILE, str(path)))
        panel.record = msgspec.structs.replace(panel.record, models=models)
        await panel.logs.look()
        with path.open("a", encoding="utf-8") as log:
            log.write('msg="truncating input prompt" limit=4096 prompt=9375 keep=5 new=4096\n[GIN] a request\n')
        await panel.logs.look()
        await panel.logs.look()
        assert panel.added == [PromptTruncated(4096, 9375, 4096)]


async def test_a_log_that_cannot_be_read_tells_nothing() -> None:
    panel = Panel(lines=[])
    await panel.logs.look()
    assert (len(panel.asked), panel.told) == (1, [])


async def test_nothing_is_read_of_a_worker_of_a_server_without_models_or_without_a_log() -> None:
    for changes in ({"managed": True}, {"models": ()}, {"pid": None}, {"pid": 8}, {"phase": Phase.BACKOFF}):
        panel = Panel()
        panel.record = msgspec.structs.replace(panel.record, **changes)
        await panel.logs.look()
        assert panel.asked == []
    panel = Panel(log=None)
    await panel.logs.look()
    assert panel.asked == []


async def test_what_it_says_is_told_with_the_time_of_each_line() -> None:
    panel = Panel(lines=[f"time=2026-01-15T10:00:00Z {START[7:]}", "load_tensors: offloaded 21/33 layers to GPU"])
    await panel.logs.look()
    assert [at for at, _ in panel.facts] == [1_768_471_200.0, None]
