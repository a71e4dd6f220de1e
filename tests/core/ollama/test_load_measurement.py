"""What is measured of a load, and which loads are not measured because they do not tell enough."""

import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.load_measurement import Server, measured
from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts, StateSpace
from ollama_panel.core.ollama.runners import RunnerRegistry
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.sizes import MIB

CARD = Server("0.32.15", "a card", True)
CPU = Server("0.32.15", "cpu", False)
FACTS = ModelFacts(
    ModelName("chat:1"),
    digest="d1",
    size=560 * MIB,
    architecture="llama",
    capabilities=("completion",),
    layers=16,
    embedding_length=1024,
    feed_forward=2816,
    heads=16,
    kv_heads=(8,),
    blob="/m/blobs/sha256-aa",
)
WINDOWS = msgspec.structs.replace(FACTS, architecture="gemma3", sliding_window=512)
HYBRID = msgspec.structs.replace(
    FACTS, architecture="qwen3next", full_attention_interval=4, state=StateSpace(4, 2048, 128, 16)
)
START = (
    'time=2026-08-01T07:03:13Z level=INFO source=llama_server.go:433 msg="starting llama-server" '
    'cmd="/usr/lib/ollama/llama-server --model /m/blobs/sha256-aa --port 4 -c 8192 -np 2 --flash-attn auto -b 1024"'
)
ON_CARD = (
    START,
    "load_tensors: offloaded 17/17 layers to GPU",
    "load_tensors:   CPU_Mapped model buffer size =    40.00 MiB",
    "load_tensors:        CUDA0 model buffer size =   520.00 MiB",
    "llama_context: n_ubatch              = 1024",
    "llama_context: flash_attn            = auto",
    "llama_context:  CUDA_Host  output buffer size =     0.50 MiB",
    "llama_kv_cache:      CUDA0 KV buffer size =   512.00 MiB",
    "llama_kv_cache: size =  512.00 MiB (  4096 cells,  16 layers,  2/2 seqs), K (f16): 256.00 MiB, V (f16): 256 MiB",
    "resolve_fused_ops: Flash Attention enabled",
    "sched_reserve:      CUDA0 compute buffer size =    60.00 MiB",
    "sched_reserve:  CUDA_Host compute buffer size =    12.00 MiB",
)
ON_CPU = tuple(line.replace("CUDA0", "CPU").replace("CUDA_Host", "CPU") for line in ON_CARD[:1] + ON_CARD[3:-1])
DONE = 'time=2026-08-01T07:03:14Z level=INFO source=llama_server.go:1362 msg="llama-server started in 0.51 seconds"'
ENTRY = LoadedEntry(FACTS.name, "d1", 1093 * MIB, 1093 * MIB, 4096)


def load(
    *lines: str, facts: ModelFacts = FACTS, entry: LoadedEntry = ENTRY, server: Server = CARD, done: str = DONE
) -> MeasuredLoad | None:
    registry = RunnerRegistry()
    for fact in filter(None, map(parse, (*lines, done))):
        registry = registry.after(fact)
    return measured(facts, entry, registry.runners[registry.last], server)


def without(lines: tuple[str, ...], text: str) -> tuple[str, ...]:
    left = tuple(line for line in lines if text not in line)
    assert len(left) < len(lines)
    return left


def test_a_load_on_a_card_is_measured_without_the_main_memory_beside_it():
    found = load(*ON_CARD)
    assert found is not None
    assert found.devices == (DeviceBytes("CUDA0", 520 * MIB, 512 * MIB, 60 * MIB),)
    assert (found.context, found.parallel, found.batch, found.cache_type, found.flash) == (4096, 2, 1024, "f16", True)
    assert (found.full, found.sliding, found.state, found.split) == (512 * MIB, 0, 0, True)
    assert (found.ollama, found.device, found.gpu, found.overhead) == ("0.32.15", "a card", True, None)


def test_a_load_on_the_cpu_is_measured_where_there_is_no_gpu():
    entry = msgspec.structs.replace(ENTRY, size_vram=0)
    found = load(*ON_CPU, entry=entry, server=CPU)
    assert found is not None
    assert found.devices == (DeviceBytes("CPU", 520 * MIB, 512 * MIB, 60 * MIB),)
    assert not found.gpu
    assert load(*ON_CPU, entry=entry, server=CARD) is None


def test_what_a_picture_encoder_takes_is_counted():
    lines = (
        *ON_CARD,
        "clip_ctx: CLIP using CUDA0 backend",
        "load_hparams: model size:         100.00 MiB",
        "alloc_compute_meta:      CUDA0 compute buffer size =    30.00 MiB",
    )
    found = load(*lines, entry=msgspec.structs.replace(ENTRY, size=1223 * MIB, size_vram=1223 * MIB))
    assert found is not None
    assert (found.weights, found.compute, found.encoder) == (620 * MIB, 90 * MIB, 30 * MIB)


def test_the_caches_of_windows_and_states_are_told_apart():
    caches = (
        "llama_kv_cache:      CUDA0 KV buffer size =   100.00 MiB",
        "llama_kv_cache: size =  100.00 MiB (  4096 cells,  3 layers,  2/2 seqs), K (f16): 50.00 MiB, V (f16): 50 MiB",
    )
    plain = without(ON_CARD, "llama_kv_cache")
    window = (line.replace("100.00", "50.00").replace("4096", "1536") for line in caches)
    entry = msgspec.structs.replace(ENTRY, size=730 * MIB, size_vram=730 * MIB)
    found = load(*plain, *caches, *window, facts=WINDOWS, entry=entry)
    assert found is not None
    assert (found.full, found.sliding, found.state) == (100 * MIB, 50 * MIB, 0)
    state = (
        "llama_memory_recurrent:      CUDA0 RS buffer size =    50.00 MiB",
        "llama_memory_recurrent: size =   50.00 MiB (     2 cells,  12 layers,  2 seqs), R (f32): 1.00 MiB",
    )
    found = load(*plain, *caches, *state, facts=HYBRID, entry=entry)
    assert found is not None
    assert (found.full, found.sliding, found.state, found.split) == (100 * MIB, 0, 50 * MIB, True)


def test_what_ollama_has_rounded_is_taken_from_the_formula_and_the_file():
    listed = 'time=2026-01-22T02:17:58Z level=INFO source=device.go:1 msg="{}" device=CUDA0 size="{}"'
    lines = (
        START.replace("llama-server --model", "ollama runner --ollama-engine --model"),
        'time=2026-01-22T02:17:58Z level=INFO source=runner.go:1297 msg=load request="{Operation:commit Parallel:4 '
        'BatchSize:512 FlashAttention:Enabled KvSize:36864 KvCacheType:}"',
        'time=2026-01-22T02:17:58Z level=INFO source=ggml.go:494 msg="offloaded 17/17 layers to GPU"',
        listed.format("model weights", "560.0 MiB"),
        listed.format("kv cache", "1.1 GiB"),
        listed.format("compute graph", "70.0 MiB"),
        'time=2026-01-22T02:17:58Z level=INFO source=device.go:272 msg="total memory" size="2.6 GiB"',
    )
    facts = msgspec.structs.replace(FACTS, architecture="qwen3")
    entry = LoadedEntry(FACTS.name, "d1", 1, 1, 9216)
    server = Server("0.19.0", "a card", True)
    found = load(*lines, facts=facts, entry=entry, server=server, done=DONE.replace("llama-server", "llama runner"))
    assert found is not None
    assert (found.kv, found.split) == (1152 * MIB, True)
    assert load(*lines[:-1], facts=facts, entry=entry, server=server) is None  # the list has no end


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(without(ON_CARD, "CUDA0 model buffer"), id="no weights"),
        pytest.param(without(ON_CARD, "CUDA0 KV buffer"), id="no buffer of the cache"),
        pytest.param(without(ON_CARD, "llama_kv_cache"), id="no cache"),
        pytest.param(without(ON_CARD, "CUDA0 compute"), id="no compute buffer of the card"),
        pytest.param(without(ON_CARD, "compute buffer"), id="no compute buffer"),
        pytest.param(ON_CARD[1:2] + ON_CARD[:1], id="nothing after the start"),
        pytest.param((ON_CARD[0], *ON_CARD[2:]), id="no layers, and /api/ps is about another load"),
    ],
)
def test_a_torn_log_is_not_measured(lines):
    entry = msgspec.structs.replace(ENTRY, size=ENTRY.size * 2) if "offloaded" not in str(lines) else ENTRY
    assert load(*lines, entry=entry) is None


def test_a_load_that_has_not_ended_is_not_measured():
    assert load(*ON_CARD, done="") is None


def test_a_load_that_spilled_is_not_measured():
    spilled = tuple(line.replace("17/17", "12/17") for line in ON_CARD)
    assert load(*spilled) is None
    assert load(*ON_CARD, entry=msgspec.structs.replace(ENTRY, size=ENTRY.size + 100 * MIB)) is None
    elsewhere = (*ON_CARD, "llama_kv_cache:        CPU KV buffer size =    16.00 MiB")
    assert load(*elsewhere) is None


def test_a_load_of_which_api_ps_tells_something_else_is_not_measured():
    assert load(*ON_CARD, entry=msgspec.structs.replace(ENTRY, context=8192)) is None
    other = msgspec.structs.replace(ENTRY, size=2000 * MIB, size_vram=2000 * MIB)
    assert load(*ON_CARD, entry=other) is None
    assert load(*ON_CARD, facts=msgspec.structs.replace(FACTS, size=1200 * MIB)) is None


def test_nothing_is_measured_while_version_or_devices_are_unknown():
    assert load(*ON_CARD, server=Server("", "a card", True)) is None
    assert load(*ON_CARD, server=Server("0.32.15", "", False)) is None
    assert load(*ON_CARD, server=Server("0.9.6", "a card", True)) is None  # whose runner is another program


def test_what_was_asked_for_is_kept_beside_what_was_done():
    asked = {"OLLAMA_FLASH_ATTENTION": "true", "OLLAMA_KV_CACHE_TYPE": "q8_0"}
    found = load(*ON_CARD, server=msgspec.structs.replace(CARD, environment=asked))
    assert found is not None
    assert (found.asked_flash, found.asked_type, found.cache_type) == (True, "q8_0", "f16")
