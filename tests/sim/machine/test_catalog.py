"""What the models of the catalogue take; the numbers are worked out by hand from the published shapes."""

import pytest

from ollama_panel.core.records import LoadOptions
from ollama_panel.sim.machine.catalog import CATALOGS, KNOWN
from ollama_panel.sim.machine.service_time import PROFILES
from ollama_panel.sim.machine.sizing import Size, size
from ollama_panel.sim.machine.work import InstanceOptions

MIB = 1024**2


def planned(model: str, context: int, parallel: int = 1, kv_type: str = "") -> Size:
    options = InstanceOptions(parallel=parallel, context_length=context, kv_type=kv_type)
    return size(KNOWN[model], LoadOptions(), options, PROFILES["rtx-4090"])


@pytest.mark.parametrize(
    ("context", "parallel", "kv_type", "mib"),
    [
        # A layer keeps 16 heads x (128 + 128) = 4096 numbers of a token: 8 KiB in f16. 10 of 62 layers see the whole
        # context: 10 x 8192 x 8 KiB = 640 MiB. 52 keep a window of 1024 and a batch of 1024: 52 x 2048 x 8 KiB = 832.
        (8192, 1, "", 640 + 832),
        (8192, 1, "f16", 640 + 832),
        # 34 bytes for 32 numbers instead of 64
        (8192, 1, "q8_0", (640 + 832) * 34 / 64),
        # 4 x as many tokens in 10 layers, nothing more in 52; 4 slots of it, with a batch of 2048: 1024 + 2048 cells
        (32_768, 1, "", 4 * 640 + 832),
        (32_768, 4, "q8_0", 4 * (4 * 640 + 832 * 3072 / 2048) * 34 / 64),
        # a context within the window: 62 x 1024 x 8 KiB
        (1024, 1, "", 496),
    ],
)
def test_the_cache_of_gemma3_27b(context: int, parallel: int, kv_type: str, mib: float) -> None:
    assert planned("gemma3:27b", context, parallel, kv_type).kv_bytes == mib * MIB


@pytest.mark.parametrize(
    ("model", "mib"),
    [
        # 32 layers x 8 x (128 + 128) x 2 bytes x 8192
        ("llama3.1:8b", 1024),
        # 4 x (256 + 256) numbers, 4 KiB: 5 layers x 8192, and 29 x 2048
        ("gemma3:4b", 160 + 232),
        # 8 x (64 + 64) numbers, 2 KiB: 12 layers x 8192, and 12 x (128 + 1024, rounded up to 1280)
        ("gpt-oss:20b", 192 + 30),
        # 24 of 42 layers have a cache of their own: 4 x 2 x (512 + 512) x 2 x 8192, 20 x 2 x (256 + 256) x 2 x 1536
        ("gemma4:e4b", 128 + 60),
        # 16 layers x 4 x (256 + 256) x 2 x 8192; 48 states: 4 x (3 x (6144 + 2 x 16 x 128) + 128 x 6144) bytes
        ("qwen3.5:27b", 512 + 48 * 3_268_608 / MIB),
        # 4 layers x 4 x (128 + 128) x 2 x 8192; 36 states: 4 x (3 x (3072 + 2 x 128) + 128 x 3072) bytes
        ("granite4:tiny-h", 64 + 36 * 1_612_800 / MIB),
        # 27 layers x 16 x (192 + 128) x 2 x 8192: 16 KV heads are no compressed cache
        ("deepseek-coder-v2:16b", 2160),
        ("nomic-embed-text:latest", 0),
    ],
)
def test_the_cache_of_one_slot_of_8192_tokens(model: str, mib: float) -> None:
    assert planned(model, 8192).kv_bytes == mib * MIB


def test_a_hybrid_model_runs_in_parallel_unless_its_family_may_not() -> None:
    assert planned("granite4:tiny-h", 8192, parallel=4).parallel == 4
    assert planned("qwen3.5:27b", 8192, parallel=4).parallel == 1
    assert KNOWN["qwen3-vl:8b"].serial
    assert KNOWN["nomic-embed-text:latest"].serial


def test_a_step_reads_the_context_only_in_the_layers_that_see_all_of_it() -> None:
    read = {name: KNOWN[name].load().kv_bytes for name in ("llama3.1:8b", "gemma3:27b", "qwen3.5:27b", "gemma4:e4b")}

    assert read == {
        "llama3.1:8b": 32 * 8 * 256 * 2,
        "gemma3:27b": 10 * 16 * 256 * 2,
        "qwen3.5:27b": 16 * 4 * 512 * 2,
        "gemma4:e4b": 4 * 2 * 1024 * 2,
    }


def test_a_prompt_cache_holds_more_tokens_of_a_model_that_keeps_less() -> None:
    full, sliding, none = (
        planned(name, 8192).cached_tokens(1024 * MIB) for name in ("llama3.1:8b", "gpt-oss:20b", "all-minilm:latest")
    )

    assert (full, sliding, none) == (8192, 8192 * 1024 // 222, 0)


@pytest.mark.parametrize(
    ("model", "mib"),
    [
        # layers x KV heads x (key + value) x 2 bytes x 8192, as the catalogue had it when it knew nothing else
        ("llama3.1:8b", 32 * 8 * 256 / 64),
        ("gemma3:4b", 34 * 4 * 512 / 64),
        ("gemma3:27b", 62 * 16 * 256 / 64),
        ("gpt-oss:20b", 24 * 8 * 128 / 64),
        ("gemma4:e4b", 42 * 2 * 512 / 64),
        ("qwen3.5:27b", 64 * 4 * 512 / 64),
        ("granite4:tiny-h", 40 * 4 * 256 / 64),
    ],
)
def test_the_catalogue_for_comparison_gives_every_layer_the_whole_context(model: str, mib: float) -> None:
    full = CATALOGS["full-attention"][model]

    assert full.kv_bytes(8192, 1, 512) == mib * MIB
    assert full.load().kv_bytes * 8192 == mib * MIB
    assert full.kv_bytes(1024, 1, 512) * 8 == mib * MIB


def test_both_catalogues_hold_the_same_models() -> None:
    full = CATALOGS["full-attention"]

    assert full.keys() == KNOWN.keys()
    assert all(full[name].serial == KNOWN[name].serial for name in KNOWN)
    assert full["llama3.1:8b"] == KNOWN["llama3.1:8b"]
