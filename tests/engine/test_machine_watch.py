"""The owner of the incidents: what it remembers, when it looks, and that nothing changes while nothing does."""

import asyncio
import logging
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.disk_space import Disk
from ollama_panel.core.drill import DrillRecord, DrillState
from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import Crashed
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert
from ollama_panel.core.telemetry import GpuReading, Telemetry
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine import clock, machine_watch
from ollama_panel.engine.host import disks
from ollama_panel.engine.machine_watch import MachineWatch
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.store import Store
from tests.fakes.waiting import polled

CHAT_1 = InstanceId("chat-1")
CARD = 'msg="inference compute" library=CUDA description="RTX 3080 Ti" total="12.0 GiB"'
CPU = 'msg="inference compute" id=cpu library=cpu total="31.2 GiB"'
SPILLED = "load_tensors: offloaded 21/33 layers to GPU"
CUT = 'msg="truncating input prompt" limit=4096 prompt=9375 keep=5 new=4096'
LISTENS = 'msg="Listening on 127.0.0.1:1 (version 0.32.1)"'


class Watched:
    """A watch of one instance; its time and its disks are the test's."""

    def __init__(self, folder: Path) -> None:
        self.now = 100.0
        self.changes = 0
        self.disks: tuple[Disk, ...] = ()
        self.timeline = Timeline()
        self.store = Store(Settings(), self.timeline, lambda: None, lambda _: 0)
        self.put()
        self.watch = MachineWatch(
            self.store,
            self.timeline,
            Paths(folder),
            gpu=lambda: True,
            now=lambda: self.now,
            changed=self._count,
            read_disks=lambda *_: self.disks,
        )

    def _count(self) -> None:
        self.changes += 1

    def put(self, name: InstanceId = CHAT_1) -> None:
        self.store.put_instance(InstanceRecord(name, PoolName("chat"), Role.CHAT, True, "http://x", Phase.READY))

    def hears(self, *lines: str) -> tuple[str, ...]:
        for line in lines:
            fact = parse(line)
            assert fact is not None
            self.watch.heard(CHAT_1, fact)
        return self.codes()

    def codes(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.alerts())

    def alerts(self, drill: DrillRecord | None = None) -> tuple[MachineAlert, ...]:
        return self.watch.alerts(msgspec.structs.replace(self.store.snapshot(self.now, ()), drill=drill))


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_fact_is_a_change_and_what_does_not_change_is_the_same_object(watched: Watched) -> None:
    assert watched.hears(CARD, SPILLED) == ("layers_spilled",)
    assert watched.changes == 2
    before = watched.alerts()
    watched.now += 60
    assert watched.alerts()[0] is before[0]


def test_what_is_wrong_is_logged_once_and_again_when_it_returns(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    whole = SPILLED.replace("21", "33")
    for line, logged in ((SPILLED, 1), (SPILLED, 1), (whole, 1), (SPILLED, 2)):
        watched.hears(line)
        assert sum("layers are on the GPU" in one.message for one in caplog.records) == logged


def test_an_instance_that_is_removed_takes_its_alerts_with_it(watched: Watched) -> None:
    watched.hears(SPILLED)
    watched.store.drop_instance(CHAT_1)
    assert watched.codes() == ()
    watched.put()
    assert watched.codes() == ()


def test_a_cut_prompt_that_a_request_may_explain_is_left_to_that(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert watched.hears(CUT) == ("prompt_cut",)
    monkeypatch.setattr(Counts, "in_flight", lambda *_: 1)
    assert watched.codes() == ()


async def test_a_card_is_remembered_for_the_next_panel_for_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Watched(tmp_path)
    first.hears(LISTENS, CARD)
    await written(first, tmp_path)
    for days, found in ((6, ("gpu_lost",)), (8, ())):
        later = Watched(tmp_path)
        now = clock.wall() + days * 24 * 3600
        monkeypatch.setattr(machine_watch.clock, "wall", lambda now=now: now)
        await later.watch.load()
        monkeypatch.undo()
        assert later.hears(LISTENS, CPU) == found


async def written(watched: Watched, folder: Path) -> None:
    """Run a watch until it has written its file."""

    async def there() -> bool:
        return Paths(folder).cards.exists()

    async with asyncio.TaskGroup() as group:
        running = group.create_task(watched.watch.run())
        await polled(there, "the file of the cards")
        running.cancel()


def test_a_card_that_its_driver_lost_is_told_once_by_the_log_if_that_tells_of_it_too(watched: Watched) -> None:
    gone = GpuReading("0000:01:00.0", "RTX 3080 Ti", lost=True)
    watched.store.set_telemetry(Telemetry(50.0, gpus=(gone, GpuReading("0000:02:00.0", "RTX 3050"))))
    (found,) = before = watched.alerts()
    assert (found.code, found.told.code, found.where, found.since) == ("gpu_lost", "gpu_lost.driver", gone.id, 50.0)
    watched.store.set_telemetry(Telemetry(60.0, gpus=(gone,)))
    assert watched.alerts()[0] is before[0]
    watched.hears(LISTENS, CARD, LISTENS, CPU)
    assert [one.told.code for one in watched.alerts()] == ["gpu_lost"]
    watched.store.set_telemetry(Telemetry(70.0, gpus=(msgspec.structs.replace(gone, lost=False),)))
    assert [one.told.code for one in watched.alerts()] == ["gpu_lost"], "the server has to be restarted yet"


async def test_a_broken_file_is_no_memory_and_no_failure(watched: Watched, tmp_path: Path) -> None:
    Paths(tmp_path).cards.write_text("{")
    await watched.watch.load()
    assert watched.hears(LISTENS, CPU) == ()


async def test_a_disk_that_is_nearly_full_is_told_until_there_is_room(watched: Watched) -> None:
    watched.disks = (Disk("/srv", GIB, 500 * GIB, models=True),)
    await watched.watch.look_at_disks()
    assert (watched.codes(), watched.changes) == (("disk_nearly_full",), 1)
    await watched.watch.look_at_disks()
    assert watched.changes == 1
    watched.disks = (Disk("/srv", 100 * GIB, 500 * GIB, models=True),)
    await watched.watch.look_at_disks()
    assert (watched.codes(), watched.changes) == ((), 2)


def test_each_disk_is_read_once_also_for_a_folder_that_will_be_made(tmp_path: Path) -> None:
    store, state = tmp_path / "models" / "new", tmp_path / "state"
    (one,) = disks.read([str(store), str(tmp_path)], state)
    assert (one.path, one.models) == (str(store), True)
    assert 0 < one.free <= one.total
    (other,) = disks.read([], state)
    assert (other.path, other.models) == (str(state), False)


def test_the_log_of_an_adopted_server_tells_what_was_wrong_and_since_when(watched: Watched) -> None:
    facts = [parse(line) for line in (LISTENS, CARD, SPILLED, CUT)]
    hours_ago = [clock.wall() - hours * 3600 for hours in (5, 5, 4, 3)]
    watched.watch.read_log(CHAT_1, [(at, fact) for at, fact in zip(hours_ago, facts, strict=True) if fact])
    (found,) = watched.alerts()
    assert found.code == "layers_spilled", "the prompt was cut too long ago"
    assert found.since == pytest.approx(watched.now - 4 * 3600, abs=60)


def test_alerts_are_records_that_json_holds(watched: Watched) -> None:
    watched.hears(SPILLED)
    (found,) = watched.alerts()
    assert msgspec.json.decode(msgspec.json.encode(found), type=MachineAlert) == found


def test_an_end_that_a_drill_has_caused_is_none_to_look_for_a_cause_of(watched: Watched) -> None:
    killed = Crashed(Cause.KILLED, signal="SIGKILL")
    running = DrillRecord(DrillState.RUNNING, CHAT_1, since=90.0)
    watched.watch.heard(CHAT_1, killed)
    assert watched.alerts(running) == ()
    watched.now = 150.0
    assert watched.alerts(msgspec.structs.replace(running, state=DrillState.DONE)) == ()
    watched.watch.heard(CHAT_1, killed)
    (alert,) = watched.alerts(msgspec.structs.replace(running, state=DrillState.DONE))
    assert alert.code.startswith("crashed")
