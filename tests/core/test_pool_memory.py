"""What is told of the memory that a pool needs."""

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad
from ollama_panel.core.ollama.memory import ForecastSource
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.pool_memory import memory_of
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import InstanceRecord, Snapshot

POOL = PoolSettings(PoolName("chat"), workers=2, parallel=1, context_length=4096)
LOAD = MeasuredLoad(
    "0.32.15", "card", True, 4096, 1, 512, "f16", True, (DeviceBytes("CUDA0", 100 * MIB, 20 * MIB, 30 * MIB),),
    full=20 * MIB, overhead=50 * MIB,
)  # fmt: skip
ONE = ModelFacts(ModelName("one:1"), size=90 * MIB, architecture="llama", loads=(LOAD,))
OTHER = ModelFacts(ModelName("other:1"), size=90 * MIB, architecture="llama")


def snapshot(*models: ModelFacts) -> Snapshot:
    loaded = tuple(LoadedModel(one.name, 1, 1, 4096, 1, ParallelSource.LOG) for one in models)
    worker = InstanceRecord(InstanceId("chat-1"), POOL.name, Role.CHAT, True, "http://x", Phase.READY, models=loaded)
    return Snapshot(0.0, Settings(pools=(POOL,)), instances=(worker,), models=models, ollama_version="0.32.15")


def test_what_was_measured_is_told_as_such_for_all_workers():
    found = memory_of(snapshot(ONE), POOL)
    assert found is not None
    assert (found.needed, found.weights, found.kv_cache, found.compute, found.overhead) == tuple(
        2 * size * MIB for size in (200, 100, 20, 30, 50)
    )
    assert found.source is ForecastSource.MEASURED
    (model,) = found.models
    assert (model.name, model.parallel, model.context, model.needed) == ("one:1", 1, 4096, 200 * MIB)


def test_what_an_unknown_model_needs_is_unknown_and_an_estimate():
    found = memory_of(snapshot(OTHER), POOL)
    assert found is not None
    assert (found.needed, found.source) == (None, ForecastSource.ESTIMATED)


def test_of_two_models_one_may_be_measured():
    found = memory_of(snapshot(ONE, OTHER), POOL)
    assert found is not None
    assert found.source is ForecastSource.PARTLY
    assert {one.name: one.source for one in found.models} == {"one:1": "measured", "other:1": "estimated"}


def test_nothing_is_told_while_no_model_is_known():
    assert memory_of(msgspec.structs.replace(snapshot(), models=()), POOL) is None
