"""Hand-made snapshots: a panel under load, without an engine."""

import math

import msgspec

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import (
    Budget,
    BudgetSource,
    InstanceRecord,
    MemoryKind,
    PoolRecord,
    ProxyRecord,
    RequestRecord,
    RequestState,
    Sample,
    Snapshot,
)
from ollama_panel.core.store_notices import Reader, Serving, of_stores
from ollama_panel.core.stores import MANAGED, Access, Denial, Found, Service, StoreRecord

GIB = 1024**3
CHAT, EMBEDDING = PoolName("chat"), PoolName("embedding")
LLAMA, NOMIC = ModelName("llama3.1:8b"), ModelName("nomic-embed-text:latest")
SETTINGS = Settings(
    pools=(
        PoolSettings(CHAT, Role.CHAT, workers=2, parallel=2),
        PoolSettings(EMBEDDING, Role.EMBEDDING, workers=1, parallel=1, context_length=2048),
    )
)
MODELS = (
    ModelFacts(
        LLAMA,
        "d1",
        int(4.58 * GIB),
        "llama",
        capabilities=("completion",),
        architecture="llama",
        layers=32,
        embedding_length=4096,
        heads=32,
        kv_heads=(8,),
        context_trained=131072,
    ),
    ModelFacts(
        NOMIC,
        "d2",
        int(0.256 * GIB),
        "nomic-bert",
        capabilities=("embedding",),
        architecture="nomic-bert",
        layers=12,
        embedding_length=768,
        heads=12,
        context_trained=2048,
    ),
)


def loaded(
    name: ModelName, size: float, parallel: int, source: ParallelSource = ParallelSource.ENVIRONMENT
) -> LoadedModel:
    return LoadedModel(name, int(size * GIB), int(size * GIB), 4096, parallel, source)


def instances() -> tuple[InstanceRecord, ...]:
    chat = (loaded(LLAMA, 6.1, 2),)
    return (
        InstanceRecord(
            InstanceId("chat-1"),
            CHAT,
            Role.CHAT,
            True,
            "http://127.0.0.1:11500",
            Phase.READY,
            1,
            11500,
            pid=4101,
            slots=2,
            version="0.32.15",
            parallel=2,
            parallel_source=ParallelSource.ENVIRONMENT,
            models=chat,
            in_flight=2,
            served=412,
            tokens_per_s=612.0,
            rss_bytes=int(6.3 * GIB),
        ),
        InstanceRecord(
            InstanceId("chat-2"),
            CHAT,
            Role.CHAT,
            True,
            "http://127.0.0.1:11501",
            Phase.READY,
            2,
            11501,
            pid=4102,
            slots=2,
            version="0.32.15",
            parallel=2,
            parallel_source=ParallelSource.ENVIRONMENT,
            models=chat,
            in_flight=1,
            served=398,
            tokens_per_s=418.0,
            rss_bytes=int(6.2 * GIB),
        ),
        InstanceRecord(
            InstanceId("embedding-1"),
            EMBEDDING,
            Role.EMBEDDING,
            True,
            "http://127.0.0.1:11502",
            Phase.STARTING,
            1,
            11502,
            pid=4103,
            detail=notice("instance.starting_again", why=notice("process.exited", code=1), number=2, all=5),
        ),
        InstanceRecord(
            InstanceId("adopted-11434"),
            CHAT,
            Role.CHAT,
            False,
            "http://127.0.0.1:11434",
            Phase.FAILED,
            port=11434,
            detail=notice("instance.gone", url="http://127.0.0.1:11434"),
        ),
    )


def requests(
    waiting: int = 12, running: int = 3, finished: int = 30
) -> tuple[tuple[RequestRecord, ...], tuple[RequestRecord, ...]]:
    def record(number: int, state: RequestState, **fields: object) -> RequestRecord:
        return RequestRecord(
            RequestId(f"r{number:05d}"),
            ClientId(("api:notebook", "python", "10.0.0.7")[number % 3]),
            RequestClass.INTERACTIVE if number % 4 else RequestClass.BATCH,
            LLAMA,
            "/api/chat",
            True,
            state,
            arrived=100.0 - number * 0.3,
            **fields,  # type: ignore[arg-type]
        )

    live = [
        record(
            n,
            RequestState.RUNNING,
            dispatched=101.0,
            first_byte=101.5,
            instance=InstanceId("chat-1"),
            output_tokens=40 + n,
        )
        for n in range(running)
    ]
    live += [
        record(
            running + n, RequestState.WAITING, position=n + 1, why=notice("waiting.slots", slots=4, model="llama3.1:8b")
        )
        for n in range(waiting)
    ]
    done = [
        record(
            1000 + n,
            RequestState.DONE if n % 9 else RequestState.FAILED,
            dispatched=-199.0 - n * 0.3,
            first_byte=-198.5 - n * 0.3,
            finished=-190.0 - n * 0.3,
            instance=InstanceId("chat-2"),
            prompt_tokens=120,
            output_tokens=210,
            status=200,
        )
        for n in range(finished)
    ]
    return tuple(live), tuple(done)


def sample(at: float = 100.0) -> Sample:
    wave = math.sin(at / 17) + 0.6 * math.sin(at / 5.3) + 0.25 * math.sin(at * 1.7)
    return Sample(
        at=at,
        queued=max(0, round(9 + 7 * wave)),
        in_flight=max(0, min(5, round(4 + wave))),
        slots=5,
        tokens_per_s=max(0.0, 1030 + 190 * wave),
        first_token_p95_s=max(0.05, 0.41 + 0.12 * wave),
        memory_used=int((15.1 + 1.3 * math.sin(at / 60) + 0.1 * wave) * GIB),
        memory_total=24 * GIB,
        memory_kind=MemoryKind.GPU,
        cpu_percent=38.0,
        budget=Budget(24 * GIB, 8 * GIB, BudgetSource.DRIVER),
    )


def history(seconds: float = 600.0, until: float = 100.0) -> tuple[Sample, ...]:
    return tuple(sample(until - (seconds * 4 - n) / 4) for n in range(int(seconds * 4)))


def snapshot(**changes: object) -> Snapshot:
    live, done = requests()
    fields: dict[str, object] = {
        "at": 104.0,
        "settings": SETTINGS,
        "ollama_binary": "/usr/local/bin/ollama",
        "ollama_version": "0.32.15",
        "proxy": ProxyRecord(True, "http://127.0.0.1:11435", port=11435),
        "pools": (
            PoolRecord(CHAT, Role.CHAT, queued=12, in_flight=3, slots=4),
            PoolRecord(EMBEDDING, Role.EMBEDDING, slots=1),
        ),
        "instances": instances(),
        "requests": live,
        "finished": done,
        "models": MODELS,
        "sample": sample(),
        "served": 810,
    }
    return Snapshot(**(fields | changes))  # type: ignore[arg-type]


def of_a_service(closed: bool = True, missing: tuple[ModelName, ...] = (LLAMA, NOMIC)) -> dict[str, object]:
    """Return what a snapshot has where the models are with a service of another user; `missing`: here not at all."""
    service, url = InstanceId("adopted-11434"), "http://127.0.0.1:11434"
    folder = "/usr/share/ollama/.ollama/models"
    denials = (Denial("/usr/share/ollama", "ollama", "ollama", 0o750, "x", 998),) if closed else ()
    here = tuple(name for name in (LLAMA, NOMIC) if name not in missing)
    workers = (InstanceId("chat-1"), InstanceId("chat-2"), InstanceId("embedding-1"))
    own = StoreRecord(MANAGED, "/home/alice/.ollama/models", Found.HOME, workers, True, None, Access(True, True), here)
    access = Access(not closed, denials=denials, models=(LLAMA, NOMIC))
    who = Service("ollama", "ollama", unit="ollama.service")
    theirs = StoreRecord(service, folder, Found.HOME, (service,), False, who, access, (LLAMA, NOMIC))
    serving = {service: Serving(url, 1, ParallelSource.ENVIRONMENT, Found.UNIT)}
    records = tuple(
        msgspec.structs.replace(one, phase=Phase.READY, detail=None, models=(), in_flight=0) for one in instances()
    )
    idle = tuple(PoolRecord(pool.name, pool.role, slots=pool.workers * pool.parallel) for pool in SETTINGS.pools)
    told = of_stores((own, theirs), serving, Reader("alice"))
    return {"stores": (own, theirs), "notices": told, "instances": records, "pools": idle}
