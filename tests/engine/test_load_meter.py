"""What the engine learns of loads from logs and records, and the file in which it keeps that."""

from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.load_history import decoded
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.snapshot import InstanceRecord, MemoryKind
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.load_meter import LoadMeter
from tests.core.ollama.test_load_measurement import DONE, ENTRY, FACTS, ON_CARD

ONE = InstanceId("chat-1")
DEVICES = (
    'time=2026-08-01T07:03:10Z level=INFO source=routes.go:1951 msg="server config" '
    'env="map[OLLAMA_NUM_PARALLEL:2 OLLAMA_KV_CACHE_TYPE:f16]"',
    'time=2026-08-01T07:03:12Z level=INFO source=types.go:50 msg="inference compute" id=GPU-1 library=CUDA '
    'name=CUDA0 description="A Card 24 GB" pci_id=0000:01:00.0 type=discrete total="24.0 GiB" available="23.0 GiB"',
)
LOADED = InstanceRecord(
    ONE,
    PoolName("chat"),
    Role.CHAT,
    True,
    "http://x",
    Phase.READY,
    version="0.32.15",
    models=(LoadedModel(FACTS.name, ENTRY.size, ENTRY.size_vram, ENTRY.context, 2, ParallelSource.LOG),),
)
EMPTY = msgspec.structs.replace(LOADED, models=())


class Metered:
    """A meter, how often forecasts have changed, and what it has reported of its file."""

    def __init__(self, path: Path) -> None:
        self.changes = 0
        self.problems: tuple[Problem, ...] = ()
        self.meter = LoadMeter(path, self._facts, self._changed, self._report)

    def hear(self, *lines: str) -> None:
        for fact in filter(None, map(parse, lines)):
            self.meter.heard(ONE, fact)

    def use(self, mib: int) -> None:
        self.meter.memory_read(Memory(MemoryKind.GPU, 24 << 30, mib * MIB))

    @property
    def facts(self) -> ModelFacts:
        return self.meter.applied((FACTS,))[0]

    def _facts(self, name: str) -> ModelFacts | None:
        return FACTS if name == FACTS.name else None

    def _changed(self) -> None:
        self.changes += 1

    def _report(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "loads.json"


def test_a_load_is_learned_once_it_is_in_the_log_and_in_the_record(path: Path) -> None:
    metered = Metered(path)
    metered.hear(*DEVICES, *ON_CARD)
    metered.meter.seen(LOADED)
    assert metered.facts.loads == ()
    metered.hear(DONE)
    metered.meter.seen(LOADED)
    metered.meter.seen(LOADED)
    (load,) = metered.facts.loads
    assert (load.device, load.ollama, load.context, load.overhead) == ("A Card 24 GB", "0.32.15", 4096, None)
    assert metered.changes == 1
    assert decoded(path.read_bytes()).models == {"d1": (load,)}


def test_a_record_from_before_the_load_is_not_what_the_load_took(path: Path) -> None:
    """A health check may have begun before a model was loaded again, with another context, and end after it."""
    metered = Metered(path)
    (before,) = LOADED.models
    metered.hear(*DEVICES, *ON_CARD, DONE)
    metered.meter.seen(msgspec.structs.replace(LOADED, models=(msgspec.structs.replace(before, context_length=2048),)))
    assert metered.facts.loads == ()
    metered.meter.seen(LOADED)
    assert len(metered.facts.loads) == 1


def test_the_log_of_an_adopted_server_is_read_as_a_whole_and_may_begin_anywhere(path: Path) -> None:
    def read(*lines: str) -> None:
        metered.meter.read_log(ONE, [(None, fact) for fact in map(parse, lines) if fact is not None])

    metered = Metered(path)
    metered.meter.seen(LOADED)
    read(*ON_CARD[3:], DONE)
    read(*ON_CARD, DONE)  # which devices it has, it said before
    assert metered.facts.loads == ()
    read(*ON_CARD[:5], *DEVICES, *ON_CARD, DONE)
    assert len(metered.facts.loads) == 1


def test_the_next_panel_knows_it_as_soon_as_it_knows_the_devices(path: Path) -> None:
    before = Metered(path)
    before.hear(*DEVICES, *ON_CARD, DONE)
    before.meter.seen(LOADED)
    after = Metered(path)
    assert after.facts.loads == ()
    after.hear(*DEVICES)
    assert after.facts.loads == before.facts.loads
    assert (after.changes, after.problems) == (1, ())


def test_what_was_learned_on_another_device_does_not_hold(path: Path) -> None:
    before = Metered(path)
    before.hear(*DEVICES, *ON_CARD, DONE)
    before.meter.seen(LOADED)
    after = Metered(path)
    after.hear(DEVICES[0], DEVICES[1].replace("A Card", "Another Card"))
    assert after.facts.loads == ()


def test_what_the_process_takes_beside_its_buffers_is_measured_by_the_memory_in_use(path: Path) -> None:
    metered = Metered(path)
    metered.hear(*DEVICES)
    metered.meter.seen(EMPTY)
    metered.use(1000)
    metered.hear(*ON_CARD, DONE)
    metered.use(1900)
    metered.meter.seen(LOADED)
    metered.use(1000 + 1092 + 380)
    (load,) = metered.facts.loads
    assert load.overhead == 380 * MIB
    metered.use(9000)
    metered.hear("llama_context: n_ctx_seq = 4096", *ON_CARD, DONE)
    metered.meter.seen(LOADED)
    assert metered.facts.loads == (load,)


@pytest.mark.parametrize("mib", [1500, 9000])
def test_memory_that_another_program_took_or_gave_back_meanwhile_is_no_overhead(path: Path, mib: int) -> None:
    metered = Metered(path)
    metered.meter.seen(EMPTY)
    metered.use(1000)
    metered.hear(*DEVICES, *ON_CARD, DONE)
    metered.meter.seen(LOADED)
    metered.use(mib)
    (load,) = metered.facts.loads
    assert load.overhead is None


def test_a_file_that_is_garbage_is_told_once_and_replaced_by_the_next_load(path: Path) -> None:
    path.write_bytes(b'{"format": 1, "mod')
    metered = Metered(path)
    assert [problem.notice.code for problem in metered.problems] == ["loads.unreadable"]
    assert metered.facts.loads == ()
    metered.hear(*DEVICES, *ON_CARD, DONE)
    metered.meter.seen(LOADED)
    assert metered.problems == ()
    assert "d1" in decoded(path.read_bytes()).models


def test_a_file_that_cannot_be_written_costs_nothing_but_the_memory_of_it_and_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    metered = Metered(tmp_path / "file" / "loads.json")
    metered.hear(*DEVICES)
    metered.meter.seen(EMPTY)
    metered.use(1000)
    metered.hear(*ON_CARD, DONE)
    metered.meter.seen(LOADED)
    assert len(metered.facts.loads) == 1
    metered.use(1000 + 1092 + 380)
    (load,) = metered.facts.loads
    assert load.overhead == 380 * MIB
    assert sum("what a load took could not be written" in line for line in caplog.messages) == 1
