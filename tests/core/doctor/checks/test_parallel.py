"""Where more requests at once bring nothing, and what helps."""

from typing import Any

import msgspec

from ollama_panel.core.doctor import examine
from ollama_panel.core.doctor.checks.parallel import CHECKS
from ollama_panel.core.doctor.facts import Facts, LoadedFacts, MachineFacts, RunnerFacts
from ollama_panel.core.findings import ChangeSettings, Finding
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices import ChangePools, Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.notices.templates import Level
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord, MachineAlert, Snapshot
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.trial import Estimate
from tests.core.doctor.panels import CARD, CHAT, LLAMA, POOL, curve, facts, panel, point, worker

NOMIC = ModelName("nomic-embed-text:latest")
EMBEDDING = PoolSettings(PoolName("embedding"), Role.EMBEDDING, parallel=8, models=(NOMIC,))
ENCODER = ModelFacts(NOMIC, size=274_000_000, family="nomic-bert", capabilities=("embedding",))
WORKER = InstanceRecord(InstanceId("embedding-1"), EMBEDDING.name, EMBEDDING.role, True, "http://x:1", worker().phase)


def forced(*offers: ChangePools, model: ModelName = NOMIC) -> MachineAlert:
    why = notice("serial.embedding")
    told = notice("slots_forced", model=model, instances=("embedding-1",), parallel=8, why=why)
    return MachineAlert("slots_forced", told, 0.0, "embedding", model, (WORKER.id,), offers=offers)


def with_embedding(**changes: Any) -> Snapshot:
    return panel(EMBEDDING, **{"instances": (WORKER,), "models": (ENCODER,)} | changes)


def measured(workers: int, requests: float) -> Any:
    return point(1, 100.0, workers, requests_per_s=Estimate(requests))


def found(given: Facts) -> tuple[Finding, ...]:
    return examine(given, checks=CHECKS).findings


def test_slots_of_an_embedding_model_bring_nothing_and_workers_do() -> None:
    both = curve(measured(1, 43 / 16), measured(2, 84 / 16), model=NOMIC, workload=WorkloadKind.EMBEDDINGS)
    offer = ChangePools((EMBEDDING.name,), parallel=1, workers=2)
    (finding,) = found(facts(with_embedding(machine_alerts=(forced(offer),), curves=(both,))))
    assert (finding.id, finding.level) == (f"alert.slots_forced:{NOMIC}:embedding", Level.WARNING)
    assert render(finding.told) == "Parallel 8 brings nothing for nomic-embed-text:latest"
    assert finding.why is not None
    assert "More workers help: 2 gave" in render(finding.why)
    assert finding.evidence[0].text == "wanted=8 effective=1"
    assert (finding.fix, render(finding.label or Notice(""))) == (ChangeSettings(offer), "Parallel 1, workers 2")


def test_it_is_known_before_the_model_is_loaded() -> None:
    (finding,) = found(facts(with_embedding()))
    assert (finding.id, finding.fix) == (
        "parallel.serial:embedding",
        ChangeSettings(ChangePools((EMBEDDING.name,), parallel=1)),
    )


def test_other_models_of_the_pool_may_use_the_slots() -> None:
    both = msgspec.structs.replace(EMBEDDING, models=(NOMIC, LLAMA))
    other = ModelFacts(LLAMA, size=5 << 30, family="llama")
    snapshot = panel(both, instances=(WORKER,), models=(ENCODER, other), machine_alerts=(forced(),))
    (finding,) = found(facts(snapshot))
    assert (finding.level, finding.fix) == (Level.INFO, None)
    assert found(facts(msgspec.structs.replace(snapshot, machine_alerts=()))) == ()


def test_one_slot_is_what_such_a_model_can_use() -> None:
    assert found(facts(panel(msgspec.structs.replace(EMBEDDING, parallel=1), models=(ENCODER,), instances=()))) == ()


def test_a_pool_that_gains_nothing_gets_what_gives_as_much() -> None:
    flat = curve(point(4, 418.0, busy_percent=97.0), point(8, 421.0, busy_percent=98.0))
    (finding,) = found(facts(panel(curves=(flat,))))
    assert (finding.id, finding.why) == ("parallel.gain:chat", notice("doctor.gain_busy", percent=97, fewer=4))
    assert finding.fix == ChangeSettings(ChangePools((CHAT,), parallel=4))


def test_a_pool_that_gains_is_well() -> None:
    assert found(facts(panel(curves=(curve(point(4, 331.0), point(8, 421.0)),)))) == ()


def test_a_serial_model_is_told_once() -> None:
    serial = msgspec.structs.replace(worker(), id=WORKER.id)
    alert = forced(model=LLAMA)
    flat = curve(point(4, 418.0), point(8, 421.0))
    ids = [one.id for one in found(facts(panel(instances=(serial,), machine_alerts=(alert,), curves=(flat,))))]
    assert ids == [f"alert.slots_forced:{LLAMA}:embedding"]


def servers(*, threads: str = "", gpu: bool = False) -> Facts:
    owner = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service")
    variables = {"LLAMA_ARG_THREADS": threads} if threads else {}
    two = tuple(FoundServer(f"s{pid}", pid, 0.0, owner, variables=variables) for pid in (7, 8))
    arguments = ("/lib/llama-server", "--model", "/b", "-np", "1")
    runners = tuple(RunnerFacts(10 + pid, pid, "/b", arguments) for pid in (7, 8))
    loaded = tuple(LoadedFacts(pid, "a", 1 << 30, 1 << 30 if gpu else 0) for pid in (7, 8))
    gpus = (CARD,) if gpu else ()
    return Facts(machine=MachineFacts(cores=8), servers=two, runners=runners, loaded=loaded, gpus=gpus)


def test_runners_without_a_card_share_the_cores() -> None:
    (finding,) = found(servers())
    assert (finding.id, finding.why) == ("parallel.threads", notice("doctor.all_cores_why", threads=4))
    assert found(servers(threads="4")) == ()
    assert found(servers(gpu=True)) == ()
    assert found(msgspec.structs.replace(servers(), snapshot=panel(POOL))) == ()
