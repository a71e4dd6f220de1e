"""The pool, the model, the goal and the workload of a tuning whose caller leaves them open."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.tuning.choice import Choice, NewTuning, choose
from ollama_panel.core.tuning.task import Bounds, Goal, TuningTask, WorkloadKind

CHAT, CODE, EMBEDDING = PoolName("chat"), PoolName("code"), PoolName("embedding")
SMALL, LARGE, EMBEDS = ModelName("llama3.2:3b"), ModelName("llama3.1:8b"), ModelName("nomic-embed-text:latest")
STORE = (
    ModelFacts(SMALL, size=2, capabilities=("completion",)),
    ModelFacts(LARGE, size=5, capabilities=("completion",)),
    ModelFacts(EMBEDS, size=1, capabilities=("embedding",)),
    ModelFacts(ModelName("big:cloud"), size=9, capabilities=("completion",), remote=True),
)


def chosen(wanted: NewTuning, *pools: PoolSettings, loaded: tuple[ModelName, ...] = ()) -> Choice:
    """Return the choice among pools, by default those of a fresh installation."""
    settings = Settings(pools=pools) if pools else Settings()
    return choose(wanted, settings, STORE, {CHAT: loaded})


def test_a_goal_with_bounds_needs_one() -> None:
    with pytest.raises(PanelError, match="needs a bound"):
        chosen(NewTuning(goal=Goal.LATENCY))
    assert chosen(NewTuning(goal=Goal.LATENCY, token_s=0.1)).task.bounds == Bounds(token_s=0.1)


def test_a_pool_of_embeddings_has_but_their_goal() -> None:
    assert chosen(NewTuning(pool="embedding", goal=Goal.LATENCY)).task.goal is Goal.EMBEDDING


def codes(choice: Choice) -> list[str]:
    return [why.code for why in choice.why]


def refused(wanted: NewTuning, *pools: PoolSettings) -> str:
    with pytest.raises(PanelError) as error:
        chosen(wanted, *pools)
    return error.value.notice.code


def test_a_fresh_installation_tunes_its_chat_pool_with_the_largest_model_that_is_here() -> None:
    choice = chosen(NewTuning())
    assert choice.task == TuningTask(CHAT, LARGE, Goal.BALANCED, workload=WorkloadKind.CHAT)
    assert codes(choice) == ["tuning_choice.pool", "tuning_choice.largest_model"]


def test_what_is_named_is_taken_and_needs_no_reason() -> None:
    choice = chosen(NewTuning(pool="chat", model="Llama3.2:3b", goal=Goal.THROUGHPUT, workload=WorkloadKind.RAG))
    assert (choice.task, choice.why) == (TuningTask(CHAT, SMALL, Goal.THROUGHPUT, workload=WorkloadKind.RAG), ())


def test_the_models_of_a_pool_come_before_those_that_are_loaded_and_these_before_the_store() -> None:
    own = PoolSettings(CHAT, models=("llama3.2:3b", "not-here"))
    assert chosen(NewTuning(), own, loaded=(LARGE,)).task.model == SMALL
    assert chosen(NewTuning(), loaded=(SMALL, EMBEDS)).task.model == SMALL
    assert codes(chosen(NewTuning(), loaded=(SMALL, EMBEDS)))[1] == "tuning_choice.only_model"


@pytest.mark.parametrize("wanted", [NewTuning(goal=Goal.EMBEDDING), NewTuning(model="nomic-embed-text")])
def test_embeddings_are_tuned_in_the_pool_that_makes_them(wanted: NewTuning) -> None:
    assert chosen(wanted).task == TuningTask(EMBEDDING, EMBEDS, Goal.EMBEDDING, workload=WorkloadKind.EMBEDDINGS)


def test_a_model_chooses_the_pool_that_is_meant_for_it() -> None:
    pools = (PoolSettings(CHAT), PoolSettings(CODE, Role.CODE, models=(LARGE,)))
    choice = chosen(NewTuning(model=LARGE), *pools)
    assert (choice.task.pool, choice.task.workload) == (CODE, WorkloadKind.CODING)


def test_bounds_alone_mean_that_latency_is_the_goal() -> None:
    choice = chosen(NewTuning(first_token_s=2.0, token_s=0.1))
    assert (choice.task.goal, choice.task.bounds) == (Goal.LATENCY, Bounds(2.0, 0.1))


def test_of_several_pools_one_must_be_named() -> None:
    assert refused(NewTuning(), PoolSettings(CHAT), PoolSettings(CODE, Role.CODE)) == "tuning_choice.several_pools"
    assert chosen(NewTuning(), PoolSettings(CHAT), PoolSettings(CODE, workers=0)).task.pool == CHAT


def test_without_a_pool_or_a_model_nothing_is_chosen() -> None:
    assert refused(NewTuning(), PoolSettings(CHAT, workers=0)) == "tuning_choice.no_pool"
    assert refused(NewTuning(pool="no-such")) == "pool.unknown"
    with pytest.raises(PanelError) as error:
        choose(NewTuning(), Settings(), (), {})
    assert error.value.notice.code == "tuning_choice.no_model"
