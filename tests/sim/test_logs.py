"""The lines of llama.cpp about caches, in the form of recorded servers."""

import re

import pytest

from ollama_panel.core.effective import effective_values
from ollama_panel.core.effective.evidence import Evidence
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource, RunnerRegistry
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.sim.logs import describe
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.work import InstanceOptions, Loaded, Loading
from tests.sim.machine.worlds import machine, only, run, work


def cache_lines(model: str, kv_type: str = "", parallel: int = 1) -> list[str]:
    world = machine()
    options = InstanceOptions(context_length=8192, parallel=parallel, kv_type=kv_type)
    world.add_instance("a", options)
    world.submit("a", work("r", model), 0)
    (loaded,) = only(Loaded, run(world))
    lines = describe(loaded, KNOWN[model], world.gpu.profile, options, 0)
    return [line for line in lines if line.startswith(("llama_kv_cache", "llama_memory"))]


def test_the_cache_of_a_model_that_sees_everything() -> None:
    assert cache_lines("llama3.1:8b", parallel=2) == [
        "llama_kv_cache:      CUDA0 KV buffer size =  2048.00 MiB",
        "llama_kv_cache: size = 2048.00 MiB (  8192 cells,  32 layers,  2/2 seqs), "
        "K (f16): 1024.00 MiB, V (f16): 1024.00 MiB",
    ]


def test_the_caches_of_a_model_with_sliding_windows_and_a_quantised_cache() -> None:
    assert cache_lines("gemma3:27b", "q8_0") == [
        "llama_kv_cache_iswa: creating non-SWA KV cache, size = 8192 cells",
        "llama_kv_cache:      CUDA0 KV buffer size =   340.00 MiB",
        "llama_kv_cache: size =  340.00 MiB (  8192 cells,  10 layers,  1/1 seqs), "
        "K (q8_0):  170.00 MiB, V (q8_0):  170.00 MiB",
        "llama_kv_cache_iswa: creating     SWA KV cache, size = 2048 cells",
        "llama_kv_cache:      CUDA0 KV buffer size =   442.00 MiB",
        "llama_kv_cache: size =  442.00 MiB (  2048 cells,  52 layers,  1/1 seqs), "
        "K (q8_0):  221.00 MiB, V (q8_0):  221.00 MiB",
    ]


def test_the_state_of_a_hybrid_model_is_told_beside_its_cache() -> None:
    assert cache_lines("granite4:tiny-h", parallel=2)[1:] == [
        "llama_kv_cache: size =  128.00 MiB (  8192 cells,   4 layers,  2/2 seqs), "
        "K (f16):   64.00 MiB, V (f16):   64.00 MiB",
        "llama_memory_recurrent: size =  110.74 MiB (     2 cells,  40 layers,  2 seqs)",
    ]


def test_keys_and_values_may_differ_and_an_embedding_model_keeps_nothing() -> None:
    assert cache_lines("deepseek-coder-v2:16b")[1].endswith("K (f16): 1296.00 MiB, V (f16):  864.00 MiB")
    assert cache_lines("nomic-embed-text:latest") == []


@pytest.mark.parametrize("model", list(KNOWN))
def test_the_lines_add_up_to_what_the_simulation_took(model: str) -> None:
    world = machine(context_length=8192)
    world.submit("a", work("r", model), 0)
    (loading,) = only(Loading, run(world))

    said = sum(float(found[1]) for line in cache_lines(model) if (found := re.search(r"size = +([\d.]+) MiB \(", line)))
    assert said == pytest.approx(loading.kv_bytes / 1024**2, abs=0.02)


def test_the_lines_of_a_load_tell_all_that_is_in_force() -> None:
    world, options = machine(), InstanceOptions(context_length=4096, parallel=2, kv_type="q8_0", threads=3)
    world.add_instance("a", options)
    world.submit("a", work("r", "llama3.1:8b"), 0)
    events = [one for one in run(world) if isinstance(one, Loading | Loaded)]
    registry, model = RunnerRegistry(), KNOWN["llama3.1:8b"]
    for line in (line for one in events for line in describe(one, model, world.gpu.profile, options, 1)):
        fact = parse(line)
        registry = registry if fact is None else registry.after(fact)
    loaded = LoadedModel(ModelName("llama3.1:8b"), 1, 1, 4096, 2, ParallelSource.LOG)
    evidence = Evidence(loaded, model.facts(), registry.runners[registry.last], environment={})
    found = {one.name.value: one.effective for one in effective_values(evidence)}
    assert None not in found.values()
    assert (found["context"], found["kv_type"], found["threads"], found["layers"]) == (4096, "q8_0", 3, 33)
