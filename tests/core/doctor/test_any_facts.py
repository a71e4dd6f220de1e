"""Whatever a machine is like, the doctor says something that can be shown, and says it once."""

import json
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.doctor import examine, status_of
from ollama_panel.core.doctor.facts import (
    ContainerFacts,
    Disk,
    Facts,
    LoadedFacts,
    LogFacts,
    MachineFacts,
    RunnerFacts,
)
from ollama_panel.core.findings import Report
from ollama_panel.core.notices.render import render
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.telemetry import GpuReading, GpuVendor, Throttle

CASES = Path(__file__).parents[2] / "cases"
LINES = [line for case in (CASES / "alerts.jsonl").read_text().splitlines() for line in json.loads(case)["lines"]]

sizes = st.integers(0, 1 << 40)
maybe = st.none() | sizes
pids = st.integers(1, 3)
names = st.sampled_from(["llama3.1:8b", "nomic-embed-text", "x", "", "ünïcode:7b"])
variables = st.dictionaries(
    st.sampled_from(["OLLAMA_NUM_PARALLEL", "OLLAMA_CONTEXT_LENGTH", "CUDA_VISIBLE_DEVICES", "OLLAMA_MODELS"]),
    st.sampled_from(["", "0", "1", "4", "8192", "-1", "auto", "99999999999999999999", "/srv/models"]),
)

servers = st.builds(
    FoundServer,
    st.sampled_from(["ollama.service", "ollama", "s"]),
    pids,
    st.just(0.0),
    st.builds(Owner, st.none() | st.sampled_from(OwnerKind), st.sampled_from(["", "ollama.service", "ollama"])),
    ours=st.booleans(),
    version=st.none() | st.sampled_from(["0.32.15", "0.9.0", ""]),
    variables=st.none() | variables,
    store=st.none() | st.sampled_from(["/srv/models", "/home/a/.ollama/models"]),
)
loaded = st.builds(
    LoadedFacts,
    pids,
    names,
    sizes,
    sizes,
    st.none() | st.integers(0, 1 << 20),
    st.sampled_from(["llama", "qwen3vl", "nomic-bert", ""]),
    embedding=st.booleans(),
)
arguments = st.lists(st.sampled_from(["/lib/llama-server", "--model", "/b", "-np", "1", "4", "-ngl", "0"]), max_size=9)
runners = st.builds(RunnerFacts, st.integers(10, 20), pids, st.just("/b"), arguments.map(tuple))
cards = st.builds(
    GpuReading,
    st.sampled_from(["0000:01:00.0", "apple"]),
    st.sampled_from(["NVIDIA GeForce RTX 4090", "Apple M2", ""]),
    st.none() | st.sampled_from(GpuVendor),
    memory_total=maybe,
    unified=st.booleans(),
    throttles=st.none() | st.frozensets(st.sampled_from(Throttle)),
    driver=st.sampled_from(["", "470.1", "580.65", "x"]),
    lost=st.booleans(),
)
disks = st.builds(
    Disk,
    st.sampled_from(["/srv/models", "/"]),
    maybe,
    maybe,
    st.sampled_from(["", "ext4", "nfs4", "9p"]),
    st.booleans(),
)
machines = st.builds(
    MachineFacts,
    st.sampled_from(["Linux", "Darwin", "Windows", "FreeBSD"]),
    cores=st.none() | st.integers(1, 256),
    memory_total=maybe,
    memory_available=maybe,
    swap_used=maybe,
    clock_ahead_s=st.none() | st.floats(-1e9, 1e9),
)
containers = st.builds(
    ContainerFacts, names, server=st.integers(0, 3), memory_limit=maybe, gpu=st.none() | st.booleans()
)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=3).map(tuple)


logs = st.builds(LogFacts, pids, variables, st.lists(st.sampled_from(LINES), max_size=12).map(tuple))
facts = st.builds(
    Facts,
    at=st.sampled_from([1_700_000_000.0, 1_772_439_310.0]),
    machine=machines,
    gpus=several(cards),
    servers=several(servers),
    runners=several(runners),
    loaded=several(loaded),
    logs=several(logs),
    disks=several(disks),
    containers=several(containers),
)


@given(facts)
def test_every_finding_can_be_shown_and_is_told_once(given_facts: Facts) -> None:
    report = examine(given_facts)
    assert len({one.id for one in report.findings}) == len(report.findings)
    for one in report.findings:
        assert one.id.startswith((one.check.partition(".")[0], "alert."))
        assert one.evidence
        assert all(render(told) for told in (one.told, one.why, one.label) if told is not None)
    assert status_of(report) in (0, 1, 2, 3)
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report


@given(facts)
def test_a_machine_is_judged_by_its_facts_alone(given_facts: Facts) -> None:
    assert examine(given_facts) == examine(given_facts)
