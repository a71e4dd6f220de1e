"""Panels as the doctor sees them: a pool, what a tuning has measured of it, and what its requests were like."""

from typing import Any

import msgspec

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import InstanceRecord, ProxyRecord, RequestRecord, RequestState, Snapshot
from ollama_panel.core.telemetry import GpuReading, GpuVendor, Telemetry
from ollama_panel.core.tuning.curve import Point
from ollama_panel.core.tuning.record import Provenance
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.trial import Candidate, Estimate, Measurement
from ollama_panel.core.tuning.whatif import PoolCurve

CHAT = PoolName("chat")
LLAMA = ModelName("llama3.1:8b")
FACTS = ModelFacts(
    LLAMA,
    size=4_900_000_000,
    family="llama",
    layers=32,
    embedding_length=4096,
    heads=32,
    kv_heads=(8,),
    key_length=128,
    value_length=128,
)
CARD = GpuReading("0000:01:00.0", "NVIDIA GeForce RTX 4090", GpuVendor.NVIDIA, memory_total=24 << 30)
POOL = PoolSettings(CHAT, Role.CHAT, workers=1, parallel=8, context_length=8192, models=(LLAMA,))


def worker(**changes: Any) -> InstanceRecord:
    """Return the only worker of the pool, with its model loaded."""
    loaded = LoadedModel(LLAMA, 6 << 30, 6 << 30, 8192, POOL.parallel, ParallelSource.LOG)
    record = InstanceRecord(
        InstanceId("chat-1"), CHAT, Role.CHAT, True, "http://127.0.0.1:11500", Phase.READY, 1, models=(loaded,)
    )
    return msgspec.structs.replace(record, **changes)


def panel(pool: PoolSettings = POOL, **changes: Any) -> Snapshot:
    """Return the state of a panel that serves well with one pool."""
    snapshot = Snapshot(
        at=1000.0,
        settings=Settings(pools=(pool,)),
        proxy=ProxyRecord(True, "http://127.0.0.1:11435", port=11435),
        instances=(worker(),),
        models=(FACTS,),
        telemetry=Telemetry(1000.0, gpus=(CARD,)),
        ollama_version="0.32.15",
        bypassing=(),
    )
    return msgspec.structs.replace(snapshot, **changes)


def facts(snapshot: Snapshot, **changes: Any) -> Facts:
    """Return the facts of the machine of a panel."""
    return msgspec.structs.replace(Facts(at=1_700_000_000.0, snapshot=snapshot), **changes)


def point(parallel: int, rate: float, workers: int = 1, **measured: Any) -> Point:
    """Return what was measured of a candidate."""
    figures = Measurement(Estimate(rate, rate / 100), Estimate(rate / 200), requests=100, seconds=60.0)
    return Point(Candidate(workers, parallel), msgspec.structs.replace(figures, **measured))


def curve(*points: Point, model: ModelName = LLAMA, workload: WorkloadKind = WorkloadKind.CHAT) -> PoolCurve:
    """Return what a tuning has measured on this machine."""
    return PoolCurve("t1", CHAT, model, workload, Provenance(0.0, model=model), 0.0, points)


def request(number: int, arrived: float, seconds: float = 2.0, **changes: Any) -> RequestRecord:
    """Return a request that was answered by the worker."""
    record = RequestRecord(
        RequestId(f"r{number}"),
        ClientId("rag-indexer"),
        RequestClass.BATCH,
        LLAMA,
        "/api/chat",
        True,
        RequestState.DONE,
        arrived,
        arrived,
        finished=arrived + seconds,
        instance=InstanceId("chat-1"),
    )
    return msgspec.structs.replace(record, **changes)
