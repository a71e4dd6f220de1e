"""Where the layers are, as far as the sources tell."""

import pytest

from ollama_panel.core.effective import effective_values
from ollama_panel.core.effective.evidence import Evidence
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.effective_value import Source
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource, Runner, RunnerRegistry
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import RunnerStarting
from ollama_panel.core.ollama.serverlog_server import runner_arguments

FACTS = ModelFacts(ModelName("m:latest"), blob="m", layers=8)


def model(size: int, size_vram: int) -> LoadedModel:
    return LoadedModel(FACTS.name, size, size_vram, 2048, 1, ParallelSource.COMMAND)


def runner(*lines: str) -> Runner:
    registry = RunnerRegistry().after(RunnerStarting("m", 1, 2048))
    for fact in filter(None, map(parse, lines)):
        registry = registry.after(fact)
    return registry.runners["m"]


def values(evidence: Evidence) -> dict:
    return {one.name.value: one for one in effective_values(evidence)}


@pytest.mark.parametrize(
    ("size_vram", "effective", "reason"), [(900, 9, None), (0, 0, None), (500, None, "value.layers_partly")]
)
def test_without_the_log_the_list_of_loaded_models_tells_all_or_none(size_vram, effective, reason):
    layers = values(Evidence(model(900, size_vram), FACTS, log_read=False))["layers"]
    assert (layers.effective, layers.whole, layers.source) == (
        effective,
        9,
        Source.PS if effective is not None else None,
    )
    assert (layers.why_not.code if layers.why_not else None) == reason


def test_an_encoder_has_no_cache_also_where_nothing_says_so():
    facts = ModelFacts(FACTS.name, architecture="bert", layers=6)
    cache = values(Evidence(model(900, 0), facts, log_read=False))["kv_bytes"]
    assert (cache.effective, cache.source, cache.why_not) == (0, Source.OLLAMA, None)


def test_layers_that_were_asked_for_are_told_as_that():
    running = runner_arguments(["/x/llama-server", "--model", "m", "-c", "2048", "-np", "1", "-ngl", "4"])
    found = runner("load_tensors: offloaded 4/9 layers to GPU")
    layers = values(Evidence(model(900, 500), FACTS, found, running))["layers"]
    assert (layers.wanted, layers.effective, layers.why_not.code) == (9, 4, "value.layers_asked")


def test_devices_have_the_names_that_the_runner_gives_them():
    found = runner(
        "llama_prepare_model_devices: using device CUDA1 (NVIDIA RTX 9) (0000:02:00.0) - 2000 MiB free",
        "load_tensors: offloaded 9/9 layers to GPU",
        "load_tensors:   CPU_Mapped model buffer size =    20.00 MiB",
        "load_tensors:        CUDA1 model buffer size =   300.00 MiB",
    )
    devices = values(Evidence(model(900, 900), FACTS, found, environment={"CUDA_VISIBLE_DEVICES": "1"}))["devices"]
    assert (devices.wanted, devices.effective) == ("CUDA_VISIBLE_DEVICES=1", ("CUDA1 (NVIDIA RTX 9)",))


def test_ollamas_own_engine_names_cards_by_their_numbers():
    found = runner(
        "  Device 0: NVIDIA RTX 9, compute capability 8.6, VMM: yes, ID: GPU-1",
        "  Device 1: AMD Radeon, gfx1151 (0x1151), VMM: no, Wave Size: 32, ID: 0",
        'time=t level=INFO msg="offloaded 9/9 layers to GPU"',
        'time=t level=INFO msg="model weights" device=CUDA0 size="1.0 GiB"',
        'time=t level=INFO msg="model weights" device=ROCm1 size="1.0 GiB"',
    )
    devices = values(Evidence(model(900, 900), FACTS, found))["devices"]
    assert devices.effective == ("CUDA0 (NVIDIA RTX 9)", "ROCm1 (AMD Radeon)")


def test_a_mapped_file_that_holds_less_than_the_whole_is_no_double_count():
    found = runner(
        "print_info: file size   = 1.00 GiB (4.50 BPW) ",
        "load_tensors:   CPU_Mapped model buffer size =   224.00 MiB",
        "load_tensors: MTL0_Mapped model buffer size =   800.00 MiB",
    )
    weights = values(Evidence(model(900, 900), FACTS, found))["weights"]
    assert (weights.effective, weights.why_not) == (1024**3, None)
    assert values(Evidence(model(900, 900), FACTS, found))["devices"].effective == ("MTL0",)


def test_what_encodes_pictures_is_beside_the_devices():
    found = runner(
        "load_tensors:          CPU model buffer size =   600.00 MiB",
        "sched_reserve:        CPU compute buffer size =    60.00 MiB",
        "clip_ctx: CLIP using CPU backend",
        "load_hparams: model size:         200.00 MiB",
        "reserve_compute_meta:        CPU compute buffer size =    30.00 MiB",
    )
    told = values(Evidence(model(900, 0), FACTS, found))
    assert {name: size >> 20 for name, size in told["weights"].parts.items()} == {"CPU": 600, "projector": 200}
    assert {name: size >> 20 for name, size in told["compute"].parts.items()} == {"CPU": 60, "projector": 30}
    assert told["weights"].effective == 800 << 20
