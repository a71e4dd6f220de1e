"""What may be unknown of a loaded model, by the program that runs it and by what the panel can read."""

from pathlib import Path

import pytest

from ollama_panel.core.effective import effective_values, with_values
from ollama_panel.core.effective.evidence import Evidence, ServerEvidence
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.effective_value import EffectiveValue, Source, Unit, ValueName
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource, RunnerRegistry, loaded_models
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import RunnerStarting
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from tests.cases import check
from tests.cases import effective as cases

LOGS = Path(__file__).parents[2] / "data" / "ollama"
VERSIONS = {"0.9": "0.9.6", "0.24": "0.24.0", "0.32": "0.32.15"}
GENERATIONS = pytest.mark.parametrize("generation", VERSIONS)

MODEL = ModelFacts(
    ModelName("small:latest"), digest="d", blob="m", capabilities=("completion",), layers=8, architecture="llama"
)
ENTRY = LoadedEntry(MODEL.name, "d", 900, 600, 2048)
ARGUMENTS = {
    "0.9": "/usr/bin/ollama runner --model m --ctx-size 8192 --n-gpu-layers 5 --threads 2 --parallel 4 --port 1",
    "0.24": "/usr/bin/ollama runner --model m --port 1",
    "0.32": "/usr/lib/ollama/llama-server --model m --port 1 -c 8192 -np 4 --flash-attn auto -b 512 -ub 512",
    "MLX": "/usr/bin/ollama runner --mlx-engine --model small --port 1",
}

LOG_READ = {
    "0.9.6": {"prompt_cache"},
    "0.19.0": {"prompt_cache"},
    "0.32.5": set[str](),
    "MLX": {value.value for value in ValueName} - {"engine", "parallel", "context"},
}
"""What may be unknown where the panel reads the server's log: nothing but what that generation does not have."""

BYTES = {"kv_bytes", "weights", "compute"}
LOG_UNREAD = {
    "0.9": {*BYTES, "devices", "prompt_cache"},
    "0.24": {*BYTES, "devices", "prompt_cache", "layers", "parallel", "kv_type", "flash_attention", "threads"},
    "0.32": {*BYTES, "devices", "prompt_cache", "layers", "flash_attention", "threads"},
    "MLX": {*BYTES, "devices", "prompt_cache", "layers", "kv_type", "flash_attention", "threads"},
}
"""What may be unknown of a model that is partly on a GPU, where neither log nor environment can be read."""


def logged(generation: str, name: str) -> RunnerRegistry:
    registry = RunnerRegistry()
    for line in (LOGS / f"log-{generation}" / f"{name}.log").read_text(encoding="utf-8").splitlines():
        fact = parse(line)
        registry = registry if fact is None else registry.after(fact)
    return registry


def of_log(generation: str, name: str, facts: ModelFacts = MODEL, **environment: str) -> dict[str, EffectiveValue]:
    registry = logged(generation, name)
    model = LoadedModel(facts.name, 900, 0, 2048, registry.runners[registry.last].parallel, ParallelSource.LOG)
    runner = registry.runners[registry.last]
    evidence = Evidence(model, facts, runner, environment=environment, version=VERSIONS[generation])
    return by_name(effective_values(evidence))


def of_command(generation: str, facts: ModelFacts = MODEL) -> dict[str, EffectiveValue]:
    """What is known of a server of somebody else, of which only the processes can be seen."""
    running = runner_arguments(ARGUMENTS[generation].split())
    assert running is not None
    seen = {running.model: running}
    models = loaded_models([ENTRY], {"d": facts}, RunnerRegistry(), seen, None)
    server = ServerEvidence(seen=seen, version=VERSIONS.get(generation, ""), complete=False, log_read=False)
    (model,) = with_values(models, [ENTRY], {"d": facts}, server)
    return by_name(model.values)


def by_name(values: tuple[EffectiveValue, ...]) -> dict[str, EffectiveValue]:
    assert {one.name for one in values} == {*ValueName}
    return {one.name.value: one for one in values}


def unknown(values: dict[str, EffectiveValue]) -> set[str]:
    found = {name for name, one in values.items() if one.effective is None}
    assert all(values[name].why_not is not None and values[name].source is None for name in found)
    assert all(one.source is not None for name, one in values.items() if name not in found)
    return found


@pytest.mark.parametrize("version", LOG_READ)
def test_with_the_log_of_a_load_only_what_does_not_exist_is_unknown(version):
    row = next(one for one in check.rows(check.HERE, "effective") if version in (one["ollama"], one["name"]))
    assert unknown(by_name(cases.values(row))) == LOG_READ[version]


@pytest.mark.parametrize("generation", LOG_UNREAD)
def test_without_log_and_environment_the_rest_says_why(generation):
    facts = ModelFacts(MODEL.name, "d", format="safetensors") if generation == "MLX" else MODEL
    assert unknown(of_command(generation, facts)) == LOG_UNREAD[generation]


@GENERATIONS
def test_the_values_equal_the_recorded_log(generation):
    found = of_log(generation, "np4_five_at_once", OLLAMA_NUM_PARALLEL="4", OLLAMA_CONTEXT_LENGTH="1024")
    assert (found["parallel"].effective, found["parallel"].wanted) == (4, 4)
    assert (found["context"].effective, found["context"].wanted, found["context"].source) == (2048, 1024, Source.LOG)
    assert found["kv_type"].effective == "f16"
    assert found["kv_bytes"].effective == 256 * 1024**2
    assert found["kv_bytes"].unit is Unit.BYTES
    assert found["threads"].effective == 2
    engines = {"0.9": Engine.LLAMA_RUNNER, "0.24": Engine.LLAMA_RUNNER, "0.32": Engine.LLAMA_SERVER}
    assert found["engine"].effective == engines[generation].value


@pytest.mark.parametrize(
    ("generation", "flash", "effective", "reason"),
    [("0.9", "1", "f16", "needs flash attention"), ("0.24", "1", "q8_0", ""), ("0.32", "1", "q8_0", "")],
)
def test_a_quantised_cache_that_was_wanted_is_there_or_says_why_not(generation, flash, effective, reason):
    found = of_log(generation, "kv_q8_flash", OLLAMA_KV_CACHE_TYPE="q8_0", OLLAMA_FLASH_ATTENTION=flash)
    assert (found["kv_type"].wanted, found["kv_type"].effective) == ("q8_0", effective)
    told = found["kv_type"].why_not
    assert reason in (render(told) if told else "")
    assert found["flash_attention"].effective == ("off" if generation == "0.9" else "on")


def test_a_type_that_an_old_ollama_does_not_know_is_named_with_those_that_it_knows():
    found = of_log("0.24", "np4_five_at_once", OLLAMA_KV_CACHE_TYPE="q5_1", OLLAMA_FLASH_ATTENTION="1")
    told = found["kv_type"].why_not
    assert told is not None
    assert render(told) == "Ollama knows these types: f16, q8_0 and q4_0."


def test_a_context_that_is_no_multiple_is_rounded_up_by_llama_server():
    runner = RunnerRegistry().after(RunnerStarting("m", 1, 1000)).runners["m"]
    model = LoadedModel(MODEL.name, 900, 0, 1000, 1, ParallelSource.LOG)
    fact = parse("llama_context: n_ctx_seq = 1024")
    assert fact is not None
    runner = RunnerRegistry({"m": runner}, "m").after(fact).runners["m"]
    environment = {"OLLAMA_CONTEXT_LENGTH": "1000"}
    found = by_name(effective_values(Evidence(model, MODEL, runner, environment=environment)))["context"]
    assert (found.wanted, found.effective) == (1000, 1024)
    assert found.why_not is not None
    assert found.why_not.code == "value.context_rounded"


def test_a_context_of_the_models_own_file_counts_before_that_of_the_instance():
    facts = ModelFacts(MODEL.name, "d", num_ctx=2048, layers=8)
    model = LoadedModel(MODEL.name, 900, 0, 2048, 1, ParallelSource.LOG)
    found = by_name(effective_values(Evidence(model, facts, environment={"OLLAMA_CONTEXT_LENGTH": "512"})))["context"]
    assert (found.wanted, found.effective) == (512, 2048)
    assert found.why_not is not None
    assert found.why_not.code == "value.context_modelfile"
    assert by_name(effective_values(Evidence(model, facts, environment={})))["context"].wanted == 2048


def test_only_a_request_makes_a_context_longer_than_the_instance_gives():
    model = LoadedModel(MODEL.name, 900, 600, 8192, 2, ParallelSource.LOG)
    facts = ModelFacts(MODEL.name, blob="m", context_trained=8192)
    found = by_name(effective_values(Evidence(model, facts, environment={"OLLAMA_CONTEXT_LENGTH": "4096"})))["context"]
    assert found.why_not is not None
    assert found.why_not.code == "value.context_request"
    found = by_name(effective_values(Evidence(model, facts, environment={"OLLAMA_CONTEXT_LENGTH": "9000"})))["context"]
    assert found.why_not is not None
    assert found.why_not.code == "value.context_trained"


def test_a_model_that_sees_pictures_has_the_least_context_for_that():
    facts = ModelFacts(MODEL.name, "d", vision=True, layers=8)
    model = LoadedModel(MODEL.name, 900, 0, 2048, 1, ParallelSource.LOG)
    found = by_name(effective_values(Evidence(model, facts, environment={"OLLAMA_CONTEXT_LENGTH": "512"})))["context"]
    assert (found.effective, found.source) == (2048, Source.PS)
    assert found.why_not is not None
    assert found.why_not.code == "value.context_vision"


def test_a_disagreement_that_nothing_explains_says_so():
    model = LoadedModel(MODEL.name, 900, 0, 2048, 2, ParallelSource.COMMAND)
    found = by_name(effective_values(Evidence(model, MODEL, environment={"OLLAMA_NUM_PARALLEL": "4"})))["parallel"]
    assert found.why_not is not None
    assert found.why_not.code == "value.unexplained"
