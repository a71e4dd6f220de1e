from pathlib import Path

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts
from ollama_panel.core.ollama.runners import (
    ParallelSource,
    RunnerRegistry,
    is_on_gpu,
    loaded_models,
)
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import (
    Batch,
    Buffer,
    BufferKind,
    BuffersListed,
    Offloaded,
    RunnerConfigured,
    RunnerStarted,
    RunnerStarting,
)
from ollama_panel.core.ollama.sizes import MIB

LOGS = Path(__file__).parents[2] / "data" / "ollama"

CHAT = ModelFacts(ModelName("chat:1"), digest="d1", blob="/blobs/chat", capabilities=("completion",))
EMBEDDING = ModelFacts(ModelName("embed:1"), digest="d2", blob="/blobs/embed", capabilities=("embedding",))
FACTS = {facts.digest: facts for facts in (CHAT, EMBEDDING)}


def effective(
    facts: ModelFacts,
    known: RunnerRegistry | None = None,
    seen: dict[str, RunnerStarting] | None = None,
    wanted: int | None = None,
) -> tuple[int | None, str]:
    entry = LoadedEntry(facts.name, facts.digest, 100, 60, 2048)
    (model,) = loaded_models([entry], FACTS, known or RunnerRegistry(), seen or {}, wanted)
    assert (model.name, model.size, model.size_vram, model.context_length) == (facts.name, 100, 60, 2048)
    return model.parallel, model.parallel_source


def test_the_log_comes_first_then_the_command_line_then_the_environment():
    known = RunnerRegistry().after(RunnerStarting("/blobs/chat", 4, 8192))
    seen = {"/blobs/chat": RunnerStarting("/blobs/chat", 3)}
    assert effective(CHAT, known, seen, 2) == (4, ParallelSource.LOG)
    assert effective(CHAT, None, seen, 2) == (3, ParallelSource.COMMAND)
    assert effective(CHAT, None, None, 2) == (2, ParallelSource.ENVIRONMENT)
    assert effective(CHAT) == (1, ParallelSource.UNKNOWN)


def test_an_embedding_model_has_one_slot_whatever_the_environment_asks_for():
    assert effective(EMBEDDING, wanted=4) == (1, ParallelSource.OLLAMA)


def test_an_unknown_model_has_the_parallel_of_the_environment():
    assert effective(ModelFacts(ModelName("new:1"), digest="d9"), wanted=4) == (4, ParallelSource.ENVIRONMENT)


def test_what_follows_a_start_belongs_to_that_runner():
    known = RunnerRegistry().after(Offloaded(1, 2)).after(RunnerStarting("/a")).after(RunnerConfigured(4, 8192))
    known = known.after(RunnerStarting("/b")).after(RunnerConfigured(1, 512)).after(Offloaded(3, 7))
    assert (known.runners["/a"].parallel, known.runners["/a"].layers) == (4, None)
    assert (known.runners["/b"].parallel, known.runners["/b"].context, known.runners["/b"].layers_on_gpu) == (1, 512, 3)


def test_a_model_loaded_again_with_other_options_forgets_the_old_ones():
    known = RunnerRegistry().after(RunnerStarting("/a", 4, 8192)).after(RunnerStarting("/a"))
    assert known.runners["/a"].parallel is None


def test_a_runner_has_loaded_once_the_server_says_so_and_a_new_one_has_not():
    known = RunnerRegistry().after(RunnerStarting("/a")).after(Batch(1024))
    assert (known.runners["/a"].batch, known.runners["/a"].loaded) == (1024, False)
    known = known.after(RunnerStarted(0.5))
    assert known.runners["/a"].loaded
    assert not known.after(RunnerStarting("/a")).runners["/a"].loaded


@pytest.mark.parametrize("generation", ["0.9", "0.24", "0.32"])
def test_recorded_logs_give_each_model_its_own_parallel(generation):
    known = RunnerRegistry()
    for name in ("np4_five_at_once", "np4_embedding_forced_1"):
        for line in (LOGS / f"log-{generation}" / f"{name}.log").read_text(encoding="utf-8").splitlines():
            fact = parse(line)
            known = known if fact is None else known.after(fact)
    assert {blob[-64:-56]: runner.parallel for blob, runner in known.runners.items()} == {"02174867": 4, "33043751": 1}


def test_buffers_are_summed_by_kind_and_device_and_replaced_by_those_of_the_next_start():
    known = RunnerRegistry().after(RunnerStarting("/a"))
    for size in (5, 6):
        known = known.after(Buffer(BufferKind.WEIGHTS, "CPU", size)).after(Buffer(BufferKind.CACHE, "CUDA0", size))
    runner = known.runners["/a"]
    assert runner.buffers == {BufferKind.WEIGHTS: {"CPU": 11}, BufferKind.CACHE: {"CUDA0": 11}}
    assert (runner.kv_bytes, runner.gpu_bytes) == (11, 11)
    assert known.after(RunnerStarting("/a")).runners["/a"].buffers == {}


def test_the_size_of_the_cache_is_unknown_until_the_log_has_told_all_buffers():
    known = RunnerRegistry().after(RunnerStarting("/a")).after(Buffer(BufferKind.WEIGHTS, "CPU", 5, by_server=True))
    assert known.runners["/a"].kv_bytes is None
    assert known.after(BuffersListed()).runners["/a"].kv_bytes == 0
    assert known.after(Buffer(BufferKind.COMPUTE, "CPU", 5)).runners["/a"].kv_bytes == 0


@pytest.mark.parametrize("device", ["CUDA0", "ROCm1", "Vulkan0", "Metal", "MTL0_Mapped", "SYCL0"])
def test_memory_of_a_card(device):
    assert is_on_gpu(device)


@pytest.mark.parametrize("device", ["CPU", "CPU_Mapped", "CPU_REPACK", "CUDA_Host", "ROCm_Host", "BLAS", ""])
def test_main_memory(device):
    assert not is_on_gpu(device)


@pytest.mark.parametrize("generation", ["0.9", "0.24", "0.32"])
def test_recorded_loads_have_their_cache(generation):
    known = RunnerRegistry()
    for line in (LOGS / f"log-{generation}" / "np4_five_at_once.log").read_text(encoding="utf-8").splitlines():
        fact = parse(line)
        known = known if fact is None else known.after(fact)
    assert known.runners[known.last].kv_bytes == 256 * MIB
