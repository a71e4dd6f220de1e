"""What other programs take of the memory, and that it keeps no request waiting for ever."""

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import Script, job

GB = 10**9
A, B, BIG = ModelName("a:3b"), ModelName("b:3b"), ModelName("big:14b")
TOTAL = 8 * GB


@pytest.fixture
def script() -> Script:
    script = Script()
    sizes = {A: 2 * GB, B: 2 * GB, BIG: 9 * GB}
    script.tell(say.CatalogRead(tuple(ModelFacts(name, size=size) for name, size in sizes.items())))
    script.up("chat-1")
    script.up("chat-2")
    return script


def used(script: Script, gigabytes: float, gpu: bool = True) -> None:
    script.tell(say.MemoryMeasured(TOTAL, TOTAL - round(gigabytes * GB), gpu))


def others(script: Script) -> float:
    return script.scheduler.state.fleet.others.bytes / GB


def test_what_is_in_use_while_no_model_is_loaded_belongs_to_others(script):
    used(script, 6)
    assert others(script) == 6


def test_two_models_are_not_loaded_at_once_beside_a_game(script):
    used(script, 0.3)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 8)
    script.wait(60)
    script.arrive(job("b", model=B))
    assert script.loads == [say.Unload("chat-1", A, for_another=True)]


def test_without_the_game_they_are(script):
    used(script, 0.3)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 2.3)
    script.arrive(job("b", model=B))
    assert script.loads == []
    assert script.sent == {"b": "chat-2"}


@pytest.mark.parametrize("model", [A, BIG])
def test_a_model_alone_is_always_tried_whatever_others_take(script, model):
    used(script, 7.9)
    script.arrive(job("one", model=model))
    assert script.sent == {"one": "chat-1"}


def test_no_measurement_keeps_a_model_waiting_for_ever(script):
    used(script, 8)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 8)
    script.wait(60)
    script.arrive(job("big", model=BIG))
    script.tell(say.Unloaded("chat-1", A))
    script.wait(20)
    assert "big" in script.sent


def test_it_is_left_out_of_the_fit_where_nothing_may_be_unloaded(script):
    script.tell(say.Reconfigured(Policy(swaps=False)))
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 8)
    script.arrive(job("b", model=B))
    assert script.sent == {"b": "chat-2"}


def test_a_forecast_that_is_a_tenth_too_low_makes_no_other_program(script):
    used(script, 0)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 2.2)
    assert others(script) == 0


def test_a_load_under_way_changes_nothing(script):
    used(script, 3)
    script.arrive(job("a", model=A))
    for gigabytes in (3, 3.5, 4.9, 5.4):
        used(script, gigabytes)
        assert others(script) == 3
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 5.2)
    assert others(script) == 3


def test_memory_that_ollama_has_not_freed_yet_is_no_other_program(script):
    used(script, 1)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 3)
    script.tell(say.Unloaded("chat-1", A))
    used(script, 3)
    assert others(script) == 1
    script.wait(1)
    used(script, 1)
    assert others(script) == 1


def test_memory_that_is_still_in_use_long_after_belongs_to_others(script):
    used(script, 1)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 3)
    script.tell(say.Unloaded("chat-1", A))
    script.wait(6)
    used(script, 3)
    assert others(script) == 3


def test_a_game_that_ends_gives_its_memory_back_while_a_model_is_loaded(script):
    used(script, 5)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 7)
    assert others(script) == 5
    used(script, 2)
    assert others(script) == 0


def test_weights_in_the_file_cache_of_the_main_memory_do_not_hide_other_programs(script):
    """Mapped weights count as free there: after a load as much is in use as before."""
    used(script, 3, gpu=False)
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 3.2, gpu=False)
    assert others(script) == 3


def test_the_value_is_never_negative(script):
    script.loaded("chat-1", A, bytes=2 * GB)
    used(script, 0.5)
    assert others(script) == 0
