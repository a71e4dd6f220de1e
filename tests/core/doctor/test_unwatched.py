"""Servers that the panel does not watch, and what their logs and models tell."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.facts import Disk, Facts, LoadedFacts, LogFacts, RunnerFacts
from ollama_panel.core.doctor.server_sources import mistake_codes
from ollama_panel.core.doctor.unwatched import crowded, facts_of, of_disks, of_servers, unwatched
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.models import forced_serial
from ollama_panel.core.ollama.slog import seconds_of
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.snapshot import MachineAlert
from ollama_panel.core.sources.record import Mistake, Place, Reading, SourceKind
from tests.core.doctor.panels import CARD, panel, worker

ROOT = Path(__file__).parents[2]
AT = 1_700_000_000.0
SERVER = FoundServer(
    "ollama.service",
    7,
    0.0,
    Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"),
    url="http://127.0.0.1:11434",
    variables={"OLLAMA_NUM_PARALLEL": "4"},
)
SPILLED = LoadedFacts(7, "qwen3:32b", 26 << 30, 20 << 30, 32_768, "qwen3")


def machine(**changes: object) -> Facts:
    return msgspec.structs.replace(Facts(at=AT, servers=(SERVER,), gpus=(CARD,)), **changes)


@pytest.mark.parametrize(
    "mine",
    [worker(pid=7), worker(url="http://127.0.0.1:11434"), worker(id=InstanceId("adopted-11434"))],
    ids=["by its process", "by its address", "by its name"],
)
def test_a_server_of_the_panel_is_watched(mine: object) -> None:
    server = msgspec.structs.replace(SERVER, instance=InstanceId("adopted-11434"))
    snapshot = panel(instances=(mine,))
    assert unwatched(machine(servers=(server,), snapshot=snapshot)) == ()
    assert unwatched(machine(servers=(server,))) == (server,)


def test_a_model_partly_in_main_memory_is_told_as_the_overview_tells_it() -> None:
    server = msgspec.structs.replace(SERVER, variables={"OLLAMA_NUM_PARALLEL": "1"})
    (alert,) = of_servers(machine(servers=(server,), loaded=(SPILLED,)))
    assert (alert.code, alert.model, alert.where) == ("layers_spilled", "qwen3:32b", "ollama.service")


def test_contexts_that_nobody_has_set_are_told_instead_of_the_layers() -> None:
    facts = machine(loaded=(SPILLED,))
    (found,) = crowded(facts)
    assert (found.slots, found.tokens, of_servers(facts)) == (4, 32_768, ())


def test_a_context_that_somebody_has_set_is_theirs() -> None:
    server = msgspec.structs.replace(SERVER, variables={"OLLAMA_NUM_PARALLEL": "4", "OLLAMA_CONTEXT_LENGTH": "32768"})
    assert list(crowded(machine(servers=(server,), loaded=(SPILLED,)))) == []


def test_slots_without_effect_are_told_unless_their_source_has_that_mistake() -> None:
    facts = machine(loaded=(LoadedFacts(7, "minilm", 90 << 20, 90 << 20, 512, "bert", embedding=True),))
    mistake = Mistake("parallel-without-effect", notice("source.unknown", path="x"), Place("x"))
    source = Reading(SourceKind.SYSTEMD, "x", mistakes=(mistake,))
    assert [one.code for one in of_servers(facts)] == ["slots_forced"]
    assert of_servers(msgspec.structs.replace(facts, sources=(source,))) == ()
    assert mistake_codes(msgspec.structs.replace(facts, sources=(source,))) == {"parallel-without-effect"}


def test_a_runner_with_one_slot_by_its_own_command_line_is_told() -> None:
    runner = RunnerFacts(9, 7, "/b", ("/lib/llama-server", "--model", "/b", "-np", "1"))
    loaded = LoadedFacts(7, "llama3:8b", 6 << 30, 6 << 30, 4096, "llama")
    assert [one.code for one in of_servers(machine(loaded=(loaded,), runners=(runner,)))] == ["slots_forced"]
    assert of_servers(machine(loaded=(loaded,))) == ()


def test_what_a_log_said_long_ago_is_over() -> None:
    line = (
        'time={} level=WARN source=runner.go:153 msg="truncating input prompt" limit=4096 prompt=9375 keep=5 new=4096'
    )
    now = machine(logs=(LogFacts(7, lines=(line.format("2023-11-14T22:10:00.000Z"),)),))
    before = machine(logs=(LogFacts(7, lines=(line.format("2023-11-14T10:10:00.000Z"),)),))
    assert ([one.code for one in of_servers(now)], of_servers(before)) == (["prompt_cut"], ())


def test_an_encoder_has_the_context_that_it_was_trained_for() -> None:
    line = 'level=WARN source=server.go:169 msg="requested context size too large for model" num_ctx={} n_ctx_train={}'
    encoder = LoadedFacts(7, "minilm", 90 << 20, 90 << 20, 512, "bert", embedding=True)
    server = msgspec.structs.replace(SERVER, variables={})
    given = machine(servers=(server,), loaded=(encoder,))
    mine = msgspec.structs.replace(given, logs=(LogFacts(7, lines=(line.format(2048, 512),)),))
    other = msgspec.structs.replace(given, logs=(LogFacts(7, lines=(line.format(32_768, 8192),)),))
    assert ([one.code for one in of_servers(mine)], [one.code for one in of_servers(other)]) == (
        [],
        ["context_reduced"],
    )


def test_a_disk_is_told_once() -> None:
    disk = Disk("/srv/models", 500 << 30, 1 << 30, "ext4")
    (alert,) = of_disks(machine(disks=(disk,)))
    assert (alert.code, alert.where) == ("disk_nearly_full", "/srv/models")
    watched = panel(machine_alerts=(MachineAlert(alert.code, alert.told, 0.0, where="/srv/models"),))
    assert of_disks(machine(disks=(disk,), snapshot=watched)) == ()


def test_an_embedding_model_is_serial_whatever_its_family() -> None:
    assert forced_serial(facts_of(LoadedFacts(7, "x", embedding=True))) is not None
    assert forced_serial(facts_of(LoadedFacts(7, "x", family="llama"))) is None


CASES = [msgspec.json.decode(line) for line in (ROOT / "cases/alerts.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["alert"]))
def test_lines_of_real_logs_are_one_finding_or_none(case: dict[str, Any]) -> None:
    lines = tuple(case["lines"])
    at = max(filter(None, map(seconds_of, lines)), default=AT) + 10
    report = examine(Facts(at=at, servers=(SERVER,), logs=(LogFacts(7, lines=lines),)))
    expected = [] if case["alert"] is None else [f"alert.{case['alert'].replace('-', '_')}"]
    assert [one.id.partition(":")[0] for one in report.findings] == expected
