"""What the panel knows of the models of one instance, from answers, log and environment."""

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.effective_value import EffectiveValue, Source
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts
from ollama_panel.core.ollama.runners import ParallelSource, RunnerRegistry
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import RunnerStarting
from ollama_panel.core.ollama.serverlog_server import runner_arguments
from ollama_panel.engine.instances.health_check import Answered
from ollama_panel.engine.instances.loaded import LoadedModels
from ollama_panel.engine.instances.probe import ProcessTree

FACTS = {"d": ModelFacts(ModelName("small:latest"), "d", blob="/m/blob", layers=8, architecture="llama")}
ENTRY = LoadedEntry(ModelName("small:latest"), "d", 900, 0, 2048)
COMMAND = "/x/llama-server --model /m/blob --port 1 -c 4096 -np 2 --flash-attn auto"


def answered(runners: dict[str, RunnerStarting] | None = None, environment: dict[str, str] | None = None) -> Answered:
    return Answered("0.32.1", (ENTRY,), ProcessTree(runners=runners or {}, environment=environment), 1)


def running() -> dict[str, RunnerStarting]:
    found = runner_arguments(COMMAND.split())
    assert found is not None
    return {found.model: found}


def values(loaded: LoadedModels, answer: Answered) -> dict[str, EffectiveValue]:
    (model,) = loaded.answered(answer, FACTS)
    return {one.name.value: one for one in model.values}


def heard(loaded: LoadedModels, *lines: str) -> None:
    for fact in filter(None, map(parse, lines)):
        loaded.heard(fact)


def test_the_log_of_a_worker_and_its_environment_tell_its_values():
    loaded = LoadedModels()
    loaded.started({"OLLAMA_NUM_PARALLEL": "4", "LLAMA_ARG_THREADS": "3"})
    heard(
        loaded,
        f'time=t level=INFO msg="starting llama-server" cmd="{COMMAND}"',
        "cmn  common_param: system_info: n_threads = 3 (n_threads_batch = 3) / 4 | ",
    )
    found = values(loaded, answered())
    assert (found["parallel"].wanted, found["parallel"].effective, found["parallel"].source) == (4, 2, Source.LOG)
    assert (found["threads"].wanted, found["threads"].effective, found["threads"].why_not) == (3, 3, None)
    assert loaded.parallel == (4, ParallelSource.ENVIRONMENT)


def test_while_nothing_changes_the_records_stay_the_same_objects():
    loaded = LoadedModels()
    loaded.started({})
    first = loaded.answered(answered(), FACTS)
    assert loaded.answered(answered(), FACTS) is first
    heard(loaded, f'time=t level=INFO msg="starting llama-server" cmd="{COMMAND}"')
    assert loaded.answered(answered(), FACTS) is not first


def test_another_start_forgets_the_log_of_the_one_before():
    loaded = LoadedModels()
    loaded.started({})
    heard(loaded, f'time=t level=INFO msg="starting llama-server" cmd="{COMMAND}"')
    assert values(loaded, answered())["parallel"].source is Source.LOG
    loaded.started({"OLLAMA_NUM_PARALLEL": "1"})
    assert values(loaded, answered())["parallel"].source is Source.ENVIRONMENT


def test_of_an_adopted_server_the_command_line_of_its_runner_tells_and_the_rest_says_why_not():
    found = values(LoadedModels(), answered(running()))
    assert (found["parallel"].effective, found["parallel"].source) == (2, Source.COMMAND)
    assert found["prompt_cache"].why_not is not None
    assert found["prompt_cache"].why_not.code == "value.environment_unread"
    assert found["weights"].why_not is not None
    assert found["weights"].why_not.code == "value.log_unread"


def test_the_environment_of_an_adopted_server_counts_whole_if_its_process_tells_it():
    loaded = LoadedModels()
    loaded.known = {"OLLAMA_NUM_PARALLEL": "1"}
    found = values(loaded, answered(running(), {"OLLAMA_CONTEXT_LENGTH": "2048"}))
    assert (found["prompt_cache"].effective, found["prompt_cache"].source) == (8 << 30, Source.DEFAULT)
    assert (found["context"].wanted, found["context"].effective) == (2048, 2048)
    assert found["parallel"].wanted == 1


def test_what_a_log_prints_of_a_variable_that_is_off_is_not_taken_for_a_wish():
    loaded = LoadedModels()
    loaded.known = {"OLLAMA_FLASH_ATTENTION": "false", "OLLAMA_CONTEXT_LENGTH": "0", "OLLAMA_NUM_PARALLEL": "3"}
    found = values(loaded, answered(running()))
    assert (found["flash_attention"].wanted, found["context"].wanted, found["parallel"].wanted) == (None, None, 3)


def test_the_log_of_an_adopted_server_counts_where_it_is_about_the_runner_that_runs():
    loaded, registry = LoadedModels(), RunnerRegistry()
    for line in (f'msg="starting llama-server" cmd="{COMMAND}"', "resolve_fused_ops: Flash Attention enabled"):
        fact = parse(line)
        assert fact is not None
        registry = registry.after(fact)
    loaded.read_log(registry)
    assert values(loaded, answered(running()))["flash_attention"].effective == "on"
    other = {"/m/blob": msgspec.structs.replace(running()["/m/blob"], context=1024, parallel=1)}
    found = values(loaded, answered(other))
    assert (found["parallel"].effective, found["parallel"].source) == (1, Source.COMMAND)
    assert found["flash_attention"].effective is None
