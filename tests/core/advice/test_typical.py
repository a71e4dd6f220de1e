import pytest

from ollama_panel.core.advice.typical import (
    CHAT_MODELS,
    CODE_MODELS,
    EMBEDDING_MODEL,
    find,
    like,
    typical_for,
    with_layout_of,
)
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.ollama.memory import forecast
from ollama_panel.core.ollama.models import ModelFacts, is_embedding
from ollama_panel.core.settings.tree import PoolSettings
from tests.core.advice.golden import QWEN35


@pytest.mark.parametrize("facts", [*CHAT_MODELS, *CODE_MODELS, EMBEDDING_MODEL], ids=lambda one: one.name)
def test_the_layout_of_each_is_complete(facts: ModelFacts) -> None:
    assert forecast(PoolSettings(PoolName("any")), [facts]).total.total is not None
    assert find(facts.name) is facts


def test_they_are_in_the_order_of_their_sizes() -> None:
    for use in Use:
        sizes = [one.size for one in typical_for(use)]
        assert sizes == sorted(sizes)


def test_an_unknown_layout_is_that_of_a_model_as_large() -> None:
    assert like(QWEN35).name == "qwen2.5:14b"
    assert like(ModelFacts(ModelName("huge"), size=10**12)).name == "llama3.3:70b"
    assert like(ModelFacts(ModelName("vectors"), size=10**9, family="new-bert")) is EMBEDDING_MODEL
    likened = with_layout_of(QWEN35, like(QWEN35))
    assert (likened.name, likened.size, likened.family) == (QWEN35.name, QWEN35.size, "qwen35")
    assert (likened.layers, likened.context_trained, likened.parameter_size) == (48, 262144, "9.7B")
    assert not is_embedding(likened)
