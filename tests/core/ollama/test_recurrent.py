import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.models import ModelFacts, StateSpace
from ollama_panel.core.ollama.recurrent import drafted_tokens, is_recurrent, state_bytes

STATE = StateSpace(conv_kernel=4, inner_size=1024, state_size=64, group_count=2)
HYBRID = ModelFacts(ModelName("x:1"), layers=5, draft_layers=1, kv_heads=(2,), full_attention_interval=4, state=STATE)
ONE = 4 * (3 * (1024 + 2 * 2 * 64) + 64 * 1024)


def recurrent(facts: ModelFacts) -> list[bool]:
    return [is_recurrent(facts, layer) for layer in range(facts.layers or 0)]


def test_the_interval_tells_which_layers_are_recurrent_and_the_last_ones_only_draft() -> None:
    assert recurrent(HYBRID) == [True, True, True, False, False]


def test_layers_without_heads_are_recurrent_where_the_model_has_a_state() -> None:
    facts = ModelFacts(ModelName("x:1"), layers=2, kv_heads=(0, 4), state=STATE)
    assert recurrent(facts) == [True, False]
    assert recurrent(msgspec.structs.replace(facts, state=None)) == [False, False]


@pytest.mark.parametrize(
    ("architecture", "found"),
    [
        ("nemotron_h", [True, False, False]),
        ("nemotron_h_moe", [True, False, False]),
        ("granitehybrid", [True, False, True]),
    ],
)
def test_a_layer_of_nemotron_may_be_a_feed_forward_network_alone(architecture: str, found: list[bool]) -> None:
    facts = ModelFacts(
        ModelName("x:1"),
        architecture=architecture,
        layers=3,
        kv_heads=(0, 4, 0),
        feed_forward_layers=(0, 0, 64),
        state=STATE,
    )
    assert recurrent(facts) == found


@pytest.mark.parametrize(
    ("engine", "drafted", "copies"),
    [
        (Engine.LLAMA_SERVER, None, 1),
        (Engine.LLAMA_SERVER, 0, 1),
        (Engine.LLAMA_SERVER, 2, 3),
        (Engine.LLAMA_RUNNER, 2, 1),
        (Engine.OLLAMA, 2, 25),
    ],
)
def test_a_slot_keeps_as_many_states_as_the_engine_may_go_back_to(
    engine: Engine, drafted: int | None, copies: int
) -> None:
    facts = msgspec.structs.replace(HYBRID, draft_num_predict=drafted)
    assert state_bytes(facts, 1, engine) == 3 * ONE * copies
    assert state_bytes(facts, 4, engine) == 3 * ONE * copies * 4


def test_a_model_without_layers_for_it_does_not_draft() -> None:
    facts = ModelFacts(ModelName("x:1"), layers=4, kv_heads=(2,), draft_num_predict=4)
    assert drafted_tokens(facts, Engine.LLAMA_SERVER) == 0
    assert state_bytes(facts, 1, Engine.LLAMA_SERVER) == 0
