import json
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.ollama.compute import compute_bytes
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.kvcache import cache_bytes
from ollama_panel.core.ollama.memory import Parts, effective_context, forecast, likely_models
from ollama_panel.core.ollama.models import ModelFacts, canonical, facts_from_tags
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import KvCache, RunnerConfigured, RunnerStarting
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings

DATA = Path(__file__).parents[2] / "data" / "ollama"
GENERATIONS = ("0.9", "0.24", "0.32")
POOL = PoolSettings(PoolName("chat"), workers=2, parallel=4, context_length=4096)

# The models of the recordings: `small` is described by the log lines of its loader.
SMALL = ModelFacts(
    ModelName("small:latest"),
    size=387138589,
    architecture="llama",
    family="llama",
    layers=16,
    embedding_length=1024,
    feed_forward=2816,
    heads=16,
    kv_heads=(8,),
    context_trained=8192,
    capabilities=("completion",),
)


def of_recordings(name: str) -> ModelFacts:
    answers = json.loads((DATA / "api-0.32.json").read_text())
    (facts,) = (one for one in facts_from_tags(msgspec.json.encode(answers["tags"])) if one.name == canonical(name))
    return facts_from_show(facts, msgspec.json.encode(answers[f"show_{name}"]))


TINY, MINILM = of_recordings("tiny"), of_recordings("minilm")
BY_BLOB = {"02174867": SMALL, "ccb0dce3": TINY, "33043751": MINILM}


def loads(generation: str) -> list[tuple[ModelFacts, int, int, str, int]]:
    """Return every load in a generation's logs: model, context of all slots, slots, cache type, bytes of cache."""
    found = []
    for log in sorted((DATA / f"log-{generation}").glob("*.log")):
        model, context, parallel, cache_type = SMALL, 0, 0, ""
        for fact in map(parse, log.read_text(encoding="utf-8").splitlines()):
            match fact:
                case RunnerStarting():
                    model, cache_type = BY_BLOB[fact.model[-64:-56]], fact.cache_type
                    context, parallel = fact.context or 0, fact.parallel or 0
                case RunnerConfigured():
                    context, parallel, cache_type = fact.context, fact.parallel, fact.cache_type
                case KvCache() if parallel:
                    found.append((model, context, parallel, cache_type, fact.size))
                    parallel = 0
    return found


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_recorded_cache_sizes_are_reproduced_exactly(generation):
    recorded = loads(generation)
    assert len(recorded) > 5
    for model, context, parallel, cache_type, size in recorded:
        computed = cache_bytes(model, context // parallel, parallel, 512, cache_type or "f16")
        assert computed == pytest.approx(size, rel=0.001), (model.name, context, parallel, cache_type)


@pytest.mark.parametrize(
    ("model", "context", "parallel", "environment", "mib"),
    [
        (TINY, 2048, 1, {}, 8.04),
        (TINY, 1024, 2, {}, 7.04),
        (SMALL, 2048, 1, {}, 26.51),
        (SMALL, 2048, 4, {}, 53.02),
        (SMALL, 8192, 256, {}, 130.0),
    ],
)
def test_the_recorded_compute_buffers_are_reproduced_within_one_percent(model, context, parallel, environment, mib):
    pool = PoolSettings(
        PoolName("chat"), parallel=min(parallel, 64), context_length=context, environment=dict(environment)
    )
    (one,) = forecast(pool, [msgspec.structs.replace(model, num_ctx=None)]).models
    assert one.parts.compute == pytest.approx(mib * MIB, rel=0.01)


def test_unknown_facts_are_unknown_parts_and_never_zero():
    unknown = ModelFacts(ModelName("x:1"), size=1000)
    result = forecast(POOL, [unknown])
    assert (result.worker.weights, result.worker.kv, result.worker.compute) == (1000, None, None)
    assert result.total.total is None
    assert result.fits(10**15) is None


def test_every_worker_needs_its_own_copy():
    result = forecast(POOL, [SMALL])
    assert result.worker.kv == 4 * 128 * MIB
    assert result.total == result.worker.times(2)
    assert result.total.weights == 2 * 387138589
    assert (result.workers, result.models[0].parallel, result.models[0].context) == (2, 4, 4096)


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_every_part_is_multiplied_by_the_workers(workers):
    result = forecast(msgspec.structs.replace(POOL, workers=workers), [SMALL, TINY])
    for part in Parts.__struct_fields__:
        one, all_of_them = getattr(result.worker, part), getattr(result.total, part)
        assert one > 0, part
        assert all_of_them == workers * one, part


@pytest.mark.parametrize("part", Parts.__struct_fields__)
def test_every_part_of_every_model_is_added_up(part):
    small, tiny, both = (forecast(POOL, models).worker for models in ([SMALL], [TINY], [SMALL, TINY]))
    assert getattr(both, part) == getattr(small, part) + getattr(tiny, part)


@pytest.mark.parametrize("part", ["weights", "kv", "compute"])
def test_one_unknown_part_makes_the_sum_unknown_for_any_number_of_workers(part):
    known = Parts(weights=1, kv=2, compute=3, overhead=4)
    unknown = msgspec.structs.replace(known, **{part: None})
    assert (known.total, unknown.total, unknown.times(3).total) == (10, None, None)
    assert known.plus(unknown).total is unknown.plus(known).total is None
    assert getattr(unknown.times(3), part) is None


@pytest.mark.parametrize("slots", [1, 2, 4, 7])
def test_the_cache_grows_with_the_slots_and_the_scratch_memory_does_not(slots):
    pool = msgspec.structs.replace(POOL, parallel=slots, context_length=512)
    assert forecast(pool, [SMALL]).worker.kv == slots * 16 * MIB
    one = msgspec.structs.replace(pool, parallel=1)
    assert forecast(pool, [SMALL]).worker.compute == forecast(one, [SMALL]).worker.compute


@pytest.mark.parametrize(
    ("context", "slots", "batch", "mib"),
    [(512, 1, 512, 12.51), (512, 4, 512, 12.51), (4096, 1, 512, 75.51), (4096, 2, 512, 75.51), (4096, 4, 1024, 151.03)],
)
def test_without_flash_attention_the_scores_are_those_of_one_slot(context, slots, batch, mib):
    """Measured with llama.cpp of October 2026 on a CPU."""
    computed = compute_bytes(TINY, context, slots, batch, flash=False)
    assert computed == pytest.approx(mib * MIB, rel=0.09)


@pytest.mark.parametrize(
    ("facts", "context", "slots", "mib"),
    [(TINY, 2048, 2, 74.01), (TINY, 1024, 2, 38.01), (SMALL, 2048, 4, 280.01), (SMALL, 2048, 2, 144.01)],
)
def test_the_recorded_compute_buffers_of_0_9_have_the_scores_of_all_slots(facts, context, slots, mib):
    computed = compute_bytes(facts, context, slots, 512, Engine.LLAMA_RUNNER, flash=False, shared=True)
    assert computed == pytest.approx(mib * MIB, rel=0.02)


def test_the_recorded_compute_buffer_of_an_encoder_is_reproduced():
    (one,) = forecast(POOL, [MINILM]).models
    assert one.parts.compute == pytest.approx(5.76 * MIB, rel=0.01)


def test_an_embedding_model_has_one_slot_its_trained_context_and_no_cache():
    (one,) = forecast(POOL, [MINILM]).models
    assert (one.parallel, one.context, one.parts.kv, one.parts.prompt_cache) == (1, 512, 0, 0)


def test_the_modelfile_wins_over_the_pools_context():
    assert effective_context(TINY, 4096) == 2048
    assert effective_context(SMALL, 4096) == 4096
    assert effective_context(SMALL, 100_000) == 8192
    assert effective_context(msgspec.structs.replace(SMALL, vision=True), 512) == 2048


def test_the_pools_environment_counts():
    pool = msgspec.structs.replace(
        POOL,
        environment={"OLLAMA_KV_CACHE_TYPE": "q8_0", "LLAMA_ARG_CACHE_RAM": "0", "OLLAMA_NUM_PARALLEL": "2"},
    )
    result = forecast(pool, [SMALL])
    assert (result.worker.kv, result.worker.prompt_cache) == (136 * MIB, 0)
    shorter = msgspec.structs.replace(POOL, environment={"OLLAMA_CONTEXT_LENGTH": "1024", "LLAMA_ARG_FIT_TARGET": "3"})
    assert forecast(shorter, [SMALL]).worker.kv == forecast(POOL, [SMALL]).worker.kv // 4
    assert forecast(shorter, [SMALL]).margin == 3 * MIB
    assert forecast(POOL, [SMALL]).worker.prompt_cache == 8 * GIB


def test_without_flash_attention_the_scores_take_memory():
    long = msgspec.structs.replace(POOL, context_length=8192)
    without = msgspec.structs.replace(long, environment={"OLLAMA_FLASH_ATTENTION": "0"})
    more, less = forecast(without, [SMALL]).worker.compute, forecast(long, [SMALL]).worker.compute
    assert more is not None
    assert less is not None
    assert more > 5 * less


def test_it_fits_when_the_margin_stays_free():
    result = forecast(POOL, [SMALL])
    needed = result.total.total
    assert needed is not None
    assert result.fits(needed + GIB) is True
    assert result.fits(needed + GIB - 1) is False
    assert result.fits(needed + GIB, others=1) is False
    assert result.fits(None) is None
    assert forecast(POOL, [SMALL], gpu=False).margin == 0


def test_without_a_gpu_a_pool_has_smaller_buffers_and_no_margin():
    result = forecast(POOL, [SMALL], gpu=False)
    assert (result.worker.overhead, result.margin) == (64 * MIB, 0)


def test_a_pool_with_nothing_to_load_needs_nothing():
    result = forecast(POOL, [])
    assert (result.total, result.fits(0)) == (Parts(), True)
    remote = msgspec.structs.replace(SMALL, remote=True)
    assert forecast(POOL, [remote]).total == Parts()


def test_no_more_models_count_than_ollama_keeps_loaded():
    many = [msgspec.structs.replace(SMALL, name=ModelName(f"m{n}:1"), size=n * GIB) for n in range(1, 6)]
    assert [one.name for one in forecast(POOL, many).models] == ["m5:1", "m4:1", "m3:1"]
    one = msgspec.structs.replace(POOL, environment={"OLLAMA_MAX_LOADED_MODELS": "1"})
    assert [model.name for model in forecast(one, many).models] == ["m5:1"]


def test_the_models_to_forecast_are_the_named_the_loaded_or_the_largest_of_the_role():
    catalog = [TINY, SMALL, MINILM]
    named = msgspec.structs.replace(POOL, models=("Tiny",))
    assert likely_models(named, catalog) == (TINY,)
    assert likely_models(POOL, catalog, loaded=[TINY.name]) == (TINY,)
    assert likely_models(POOL, catalog) == (SMALL,)
    assert likely_models(msgspec.structs.replace(POOL, role=Role.EMBEDDING), catalog) == (MINILM,)
    assert likely_models(POOL, [MINILM]) == ()


def test_tables_of_which_a_token_needs_one_row_count_only_without_a_gpu():
    model = msgspec.structs.replace(SMALL, host_size=100)
    assert forecast(POOL, [model]).worker.weights == SMALL.size - 100
    assert forecast(POOL, [model], gpu=False).worker.weights == SMALL.size


def test_the_version_decides_how_a_model_is_laid_out():
    gemma = msgspec.structs.replace(SMALL, architecture="gemma2", sliding_window=1024)
    pool = msgspec.structs.replace(POOL, parallel=1, context_length=8192)
    newest, old = (forecast(pool, [gemma], version=version).worker.kv for version in ("", "0.24.0"))
    assert old == 2 * 16 * 8 * 64 * 2 * 8192
    assert newest == 2 * 8 * 8 * 64 * 2 * (8192 + 2048)


@pytest.mark.parametrize(
    ("architecture", "version", "flash", "share"),
    [
        ("llama", "0.32.0", "", 34 / 64),
        ("llama", "0.24.0", "", 1),
        ("llama", "0.24.0", "1", 34 / 64),
        ("qwen3", "0.24.0", "", 34 / 64),
        ("qwen3", "0.24.0", "0", 1),
        ("qwen25vl", "0.24.0", "", 1),
    ],
)
def test_up_to_0_24_a_quantised_cache_needs_flash_attention(architecture, version, flash, share):
    environment = {"OLLAMA_KV_CACHE_TYPE": "q8_0", "OLLAMA_FLASH_ATTENTION": flash}
    pool = msgspec.structs.replace(POOL, parallel=1, environment=environment)
    model = msgspec.structs.replace(SMALL, architecture=architecture)
    assert forecast(pool, [model], version=version).worker.kv == share * 128 * MIB
