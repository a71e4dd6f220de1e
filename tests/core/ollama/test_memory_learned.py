import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.kvcache import cache_parts
from ollama_panel.core.ollama.load_history import LoadHistory
from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad
from ollama_panel.core.ollama.memory import RunnerConfig, longest_context, measured_loads, model_parts
from ollama_panel.core.ollama.memory_learned import Setup, corrected
from ollama_panel.core.ollama.models import ModelFacts, StateSpace
from ollama_panel.core.ollama.sizes import GIB, MIB

FULL = ModelFacts(
    ModelName("full:1"),
    size=4 * GIB,
    architecture="llama",
    capabilities=("completion",),
    layers=32,
    embedding_length=4096,
    feed_forward=14336,
    heads=32,
    kv_heads=(8,),
    context_trained=131072,
)
WINDOWS = msgspec.structs.replace(
    FULL, architecture="gemma3", layers=12, sliding_window=1024, key_length=256, value_length=256
)
HYBRID = msgspec.structs.replace(
    FULL, architecture="qwen3next", full_attention_interval=4, state=StateSpace(4, 4096, 128, 16)
)
BARE = ModelFacts(ModelName("bare:1"), size=GIB, architecture="unheard-of", capabilities=("completion",))
MODELS = (FULL, WINDOWS, HYBRID, BARE)


def load(context: int = 4096, parallel: int = 1, **more: object) -> MeasuredLoad:
    known: dict[str, object] = {
        "ollama": "0.32.15",
        "device": "card",
        "gpu": True,
        "batch": 512 if context * parallel <= 4096 else 1024 if context * parallel <= 32768 else 2048,
        "cache_type": "f16",
        "flash": True,
        "devices": (DeviceBytes("CUDA0", weights=4 * GIB, cache=512 * MIB, compute=300 * MIB),),
        "full": 512 * MIB,
    }
    return MeasuredLoad(context=context, parallel=parallel, **(known | more))  # type: ignore[arg-type] # each test gives fields of the record


def computing(mib: float, *others: float) -> tuple[DeviceBytes, ...]:
    sizes = (mib, *others)
    return tuple(DeviceBytes(f"CUDA{number}", compute=round(size * MIB)) for number, size in enumerate(sizes))


def learned(facts: ModelFacts, *loads: MeasuredLoad) -> ModelFacts:
    return msgspec.structs.replace(facts, loads=loads)


def config(context: int, parallel: int = 1, **more: object) -> RunnerConfig:
    return RunnerConfig(parallel, context, version="0.32.15", **more)  # type: ignore[arg-type] # each test gives fields of the record


def compute(facts: ModelFacts, context: int, *loads: MeasuredLoad, flash: bool = True, batch: int = 512) -> float:
    setup = Setup(context, 1, batch, "f16", flash)
    return corrected(facts, loads, Engine.LLAMA_SERVER, setup).compute / MIB


def test_what_was_measured_is_forecast_for_the_same_settings():
    measured = load(4096, 2, full=500 * MIB, overhead=300 * MIB)
    parts = model_parts(learned(FULL, measured), config(4096, 2))
    assert (parts.weights, parts.kv, parts.compute, parts.overhead) == (4 * GIB, 500 * MIB, 300 * MIB, 300 * MIB)


def test_the_estimate_holds_for_another_ollama_and_where_the_model_was_on_the_cpu():
    known, cold = learned(FULL, load()), model_parts(FULL, config(4096))
    assert model_parts(known, config(4096)) != cold
    assert model_parts(known, RunnerConfig(1, 4096, version="0.33.0")) == model_parts(FULL, RunnerConfig(1, 4096))
    assert model_parts(learned(FULL, load(gpu=False)), config(4096)) == cold
    assert measured_loads(known, RunnerConfig(1, 4096, version="")) == ()


def test_a_cache_of_the_whole_context_grows_with_context_and_slots_and_shrinks_with_its_type():
    known = learned(FULL, load(4096, full=400 * MIB, split=True))
    assert model_parts(known, config(8192)).kv == 800 * MIB
    assert model_parts(known, config(4096, 3)).kv == 1200 * MIB
    assert model_parts(known, config(4096, cache_type="q8_0")).kv == 400 * MIB * 34 // 64


def test_a_cache_with_a_window_stays_as_it_is_beyond_the_window():
    known = learned(WINDOWS, load(4096, full=10 * MIB, sliding=60 * MIB, split=True))
    assert model_parts(known, config(4096)).kv == 70 * MIB
    assert model_parts(known, config(2048)).kv == 5 * MIB + 60 * MIB
    assert model_parts(known, config(1024)).kv == int(2.5 * MIB) + 40 * MIB  # of 1536 cells, window and batch
    assert model_parts(known, config(16384)).kv == 40 * MIB + 80 * MIB  # the batch is 1024 now: 2048 cells


def test_the_state_of_recurrent_layers_grows_with_the_slots_alone():
    cold = cache_parts(HYBRID, 4096, 1, 512)
    assert cold is not None
    measured = load(4096, full=cold.full, state=2 * cold.state, split=True)
    known = learned(HYBRID, measured)
    assert model_parts(known, config(8192)).kv == 2 * cold.full + 2 * cold.state
    quantised = model_parts(known, config(4096, cache_type="q8_0")).kv
    assert quantised == cold.full * 34 // 64 + 2 * cold.state


def test_a_sum_of_caches_follows_the_sum_of_their_rules():
    cold = cache_parts(WINDOWS, 4096, 1, 512)
    longer = cache_parts(WINDOWS, 4096, 4, 1024)
    assert cold is not None
    assert longer is not None
    known = learned(WINDOWS, load(4096, full=2 * cold.total))
    assert model_parts(known, config(4096, 4)).kv == pytest.approx(2 * longer.total, abs=1)


def test_a_model_of_unknown_layers_is_forecast_after_its_first_load():
    assert model_parts(BARE, config(4096)).total is None
    parts = model_parts(learned(BARE, load(4096)), config(4000, 2))
    assert (parts.kv, parts.compute) == (1024 * MIB, 600 * MIB)


def test_one_load_tells_how_far_the_formula_of_the_compute_buffers_is_off():
    row = 512 * 4 * (4 * 4096 + 3 * 14336) / MIB  # 118.0 MiB, and 2 bytes for each token of the context
    assert compute(FULL, 4096, load(4096, devices=computing(row + 20 + 4))) == pytest.approx(row + 20 + 4, abs=0.01)
    assert compute(FULL, 16384, load(4096, devices=computing(row + 20 + 4))) == pytest.approx(row + 20 + 16, abs=0.01)
    assert compute(FULL, 4096, load(4096, devices=computing(row + 20 + 4)), batch=1024) == pytest.approx(
        2 * (row + 20 + 4), abs=0.01
    )


def test_two_loads_tell_how_fast_the_compute_buffers_grow():
    loads = load(8192, batch=512, devices=computing(152)), load(4096, batch=512, devices=computing(136))
    usual = load(4096, devices=computing(136))
    assert compute(FULL, 2048, usual, *loads) == pytest.approx(128, abs=0.01)
    assert compute(FULL, 6144, usual, *loads) == pytest.approx(144, abs=0.01)
    assert compute(FULL, 16384, usual, *loads) == pytest.approx(184, abs=0.01)


def test_each_device_has_a_buffer_that_grows_with_four_copies_of_the_mask():
    known = load(4096, devices=computing(130, 130))
    assert compute(FULL, 8192, known) == pytest.approx(2 * 130 + 2 * 4 * 4, abs=0.01)


def test_scores_are_forecast_from_a_load_without_flash_attention():
    long = load(16384, flash=False, batch=512, devices=computing(512 * 4 * (5 * 4096 + 16384 * 33) / MIB))
    short = 512 * 4 * (5 * 4096 + 2048 * 33) / MIB
    assert compute(FULL, 2048, load(2048, flash=False, devices=long.devices), long, flash=False) > 0
    assert compute(FULL, 4096, long, flash=False) == pytest.approx(512 * 4 * (5 * 4096 + 4096 * 33) / MIB, abs=0.1)
    assert compute(FULL, 2048, long, flash=False) == pytest.approx(short, abs=0.1)


def test_of_two_loads_that_contradict_each_other_the_newer_one_counts():
    newer, older = load(16384, batch=512, devices=computing(100)), load(4096, devices=computing(200))
    assert compute(FULL, 4096, newer, older) < 100
    assert compute(FULL, 4096, older, newer) == 200


def test_a_batch_that_was_smaller_for_want_of_memory_stays_smaller():
    assert model_parts(learned(FULL, load(8192, batch=256)), config(8192)).compute == 300 * MIB
    halved = model_parts(learned(FULL, load(8192, batch=256)), config(4096)).compute
    assert halved is not None
    assert halved < 300 * MIB
    larger = model_parts(learned(FULL, load(2048, batch=2048)), config(4096)).compute
    assert larger == pytest.approx((300 + 8) * MIB)


def test_flash_attention_is_as_it_was_at_the_last_load_unless_it_is_set():
    known = learned(FULL, load(4096, flash=False))
    assert model_parts(known, config(4096)).compute == 300 * MIB
    assert model_parts(known, config(4096, flash_attention=True)).compute != 300 * MIB


def test_what_ollama_refused_once_it_is_expected_to_refuse_again():
    refused = load(4096, flash=False, full=100 * MIB, asked_flash=True, asked_type="q8_0")
    asked = config(4096, flash_attention=True, cache_type="q8_0")
    assert model_parts(learned(FULL, refused), asked).kv == 100 * MIB
    assert model_parts(learned(FULL, refused), asked).compute == 300 * MIB
    assert model_parts(learned(FULL, refused), config(4096, cache_type="q4_0")).kv == 100 * MIB * 18 // 64


def test_the_longest_context_that_fits_is_found_with_what_was_learned():
    heavy = learned(FULL, load(4096, full=2 * 512 * MIB, split=True))
    cold, warm = (longest_context(facts, config(4096), 16 * GIB) for facts in (FULL, heavy))
    assert cold is not None
    assert warm is not None
    assert warm < cold * 0.6


contexts = st.integers(1, 512).map(lambda steps: steps * 256)
slots = st.integers(1, 8)


@st.composite
def loads(draw: st.DrawFn) -> MeasuredLoad:
    context, parallel = draw(contexts), draw(slots)
    devices = computing(*draw(st.lists(st.floats(1, 8192), min_size=1, max_size=3)))
    parts = {name: draw(st.integers(0, 8 * GIB)) for name in ("full", "sliding", "state")}
    batch = draw(st.sampled_from((None, 256, 512, 2048)))
    more = {} if batch is None else {"batch": batch}
    return load(
        context, parallel, devices=devices, split=draw(st.booleans()), flash=draw(st.booleans()), **parts, **more
    )


@st.composite
def known_models(draw: st.DrawFn) -> ModelFacts:
    facts = draw(st.sampled_from(MODELS))
    history = LoadHistory()
    for one in draw(st.lists(loads(), min_size=1, max_size=5)):
        history = history.after(facts.digest, one)
    return history.applied((facts,), ("card",))[0]


@given(known_models(), contexts, slots, st.sampled_from(("f16", "q8_0", "q4_0")), st.sampled_from((None, True, False)))
def test_a_longer_context_or_one_more_slot_never_takes_less(facts, context, parallel, cache_type, flash):
    more = {"cache_type": cache_type, "flash_attention": flash}
    here = model_parts(facts, config(context, parallel, **more), context)
    assert here.total is not None
    for other in (config(context + 256, parallel, **more), config(context, parallel + 1, **more)):
        beyond = model_parts(facts, other, other.context_length)
        assert beyond.total is not None
        assert beyond.kv >= here.kv
        assert beyond.compute >= here.compute


@given(known_models())
def test_the_newest_load_is_forecast_as_it_was(facts):
    newest = facts.loads[0]
    asked = config(newest.context, newest.parallel, cache_type=newest.cache_type)
    parts = model_parts(facts, asked, newest.context)
    assert (parts.weights, parts.kv, parts.compute) == (newest.weights, newest.kv, newest.compute)


def test_a_load_without_flash_attention_tells_nothing_about_the_buffers_with_it():
    """Ollama 0.24.0 on a CPU: 282 MiB without, 24.5 MiB with it."""
    small = ModelFacts(
        ModelName("small:1"),
        architecture="llama",
        layers=16,
        embedding_length=1024,
        feed_forward=2816,
        heads=16,
        kv_heads=(8,),
        vocabulary=2308,
    )
    without = load(8192, batch=512, ollama="0.24.0", flash=False, devices=computing(282.0))
    setup = Setup(2048, 4, 512, "f16", flash=True)
    found = corrected(small, (without,), Engine.LLAMA_RUNNER, setup)
    assert found.compute == pytest.approx(24.5 * MIB, rel=0.05)


def test_a_batch_size_of_the_settings_is_not_taken_for_what_memory_allowed():
    small = learned(FULL, load(8192, batch=256))
    assert model_parts(small, config(8192, num_batch=1024)).compute == 4 * 300 * MIB
    assert model_parts(small, config(8192)).compute == 300 * MIB
    assert model_parts(FULL, config(8192, num_batch=4096)).compute == 4 * model_parts(FULL, config(8192)).compute
