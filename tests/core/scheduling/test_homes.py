"""An adopted server beside managed workers: the panel loads no model in both."""

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, NOMIC, Script, embed, job, options

GB = 10**9
OTHER = ModelName("other:8b")
ADOPTED = "adopted-11434"


@pytest.fixture
def script() -> Script:
    """Two chat workers with four slots, and an adopted server with one; all have one store."""
    script = Script()
    script.tell(say.CatalogRead((ModelFacts(LLAMA, size=5 * GB), ModelFacts(OTHER, size=5 * GB))))
    script.tell(say.MemoryMeasured(20 * GB, 20 * GB))
    adopted(script)
    script.up("chat-1", 4)
    script.up("chat-2", 4)
    return script


def adopted(script: Script, **more: object) -> None:
    script.up(ADOPTED, 1, managed=False, **more)


def test_a_managed_worker_gets_a_model_that_both_could_load(script):
    script.arrive(job("one"))
    assert script.sent == {"one": "chat-1"}


def test_an_adopted_server_gets_what_no_managed_worker_has():
    script = Script()
    script.up("chat-1", store=(LLAMA,))
    adopted(script, store=(LLAMA, OTHER), own_store=True)
    script.arrive(job("one", model=OTHER))
    script.arrive(job("two"))
    script.first_byte("one")
    assert script.sent == {"one": ADOPTED, "two": "chat-1"}


def test_an_adopted_server_gets_what_no_managed_worker_has_whatever_its_role():
    script = Script()
    script.up("chat-1", store=())
    adopted(script, store=(NOMIC,), own_store=True)
    script.arrive(embed("one"))
    assert script.sent == {"one": ADOPTED}


def test_a_copy_that_is_loaded_already_is_used_and_no_second_one_is_loaded(script):
    script.loaded(ADOPTED)
    script.arrive(job("one"), job("two", "bob"))
    assert script.sent == {"one": ADOPTED}
    assert script.why("two") == "The one slot of llama3.1:8b is taken."
    script.first_byte("one")
    script.finish("one")
    assert script.sent == {"two": ADOPTED}


def test_a_loaded_copy_is_not_used_if_its_store_has_not_the_model_that_the_workers_have():
    """Another one of the same name: an older download, or one that somebody made."""
    script = Script()
    script.up("chat-1", store=(LLAMA,))
    adopted(script, store=(OTHER,), own_store=True)
    script.loaded(ADOPTED)
    script.arrive(job("one"))
    assert script.sent == {"one": "chat-1"}


def test_a_managed_copy_is_used_rather_than_the_adopted_one(script):
    script.loaded("chat-2")
    script.loaded(ADOPTED)
    script.burst(4)
    assert set(script.sent.values()) == {"chat-2"}


def test_the_home_moves_if_requests_wait_that_the_adopted_slots_do_not_hold(script):
    script.loaded(ADOPTED)
    script.wait(10)
    script.burst(3)
    script.wait(16)
    assert script.loads == []
    script.first_byte("ann0")
    script.finish("ann0")
    assert script.loads == [say.Unload(ADOPTED, LLAMA)]
    assert script.sent == {}
    script.tell(say.Unloaded(ADOPTED, LLAMA))
    assert script.sent == {"ann1": "chat-1"}
    script.first_byte("ann1")
    assert script.sent == {"ann1": "chat-1", "ann2": "chat-1"}


def test_the_more_requests_wait_the_sooner_the_home_moves(script):
    script.loaded(ADOPTED)
    script.wait(10)
    script.burst(60)
    script.wait(1)
    script.first_byte("ann0")
    script.finish("ann0")
    assert script.loads == [say.Unload(ADOPTED, LLAMA)]


def test_the_home_does_not_move_while_a_request_runs_there(script):
    script.loaded(ADOPTED)
    script.wait(10)
    script.burst(3)
    script.first_byte("ann0")
    script.wait(600)
    assert script.loads == []
    assert script.sent == {"ann0": ADOPTED}


def test_the_home_does_not_move_within_the_dwell_time_of_the_copy(script):
    script.loaded(ADOPTED)
    script.burst(60)
    script.wait(7)
    script.first_byte("ann0")
    script.finish("ann0")
    assert script.loads == []
    assert script.sent == {"ann1": ADOPTED}


def test_the_home_does_not_move_to_workers_without_more_slots():
    script = Script()
    script.up("chat-1", 1)
    adopted(script)
    script.loaded(ADOPTED)
    script.burst(20)
    script.wait(60)
    script.first_byte("ann0")
    script.finish("ann0")
    assert script.loads == []


def test_the_home_does_not_move_when_models_are_not_to_be_swapped(script):
    script.tell(say.Reconfigured(Policy(swaps=False)))
    script.loaded(ADOPTED)
    script.burst(20)
    script.wait(60)
    script.first_byte("ann0")
    script.finish("ann0")
    assert script.loads == []


def test_the_home_does_not_move_to_workers_that_take_no_work(script):
    script.down("chat-1")
    script.down("chat-2")
    script.loaded(ADOPTED)
    script.burst(20)
    script.wait(30)
    script.first_byte("ann0")
    script.finish("ann0")
    assert script.loads == []
    assert script.sent == {"ann1": ADOPTED}


def moved(script: Script) -> None:
    """Let the home of the model move to chat-1, where two requests run."""
    script.loaded(ADOPTED)
    script.wait(10)
    script.burst(3)
    script.wait(16)
    script.first_byte("ann0")
    script.finish("ann0")
    script.tell(say.Unloaded(ADOPTED, LLAMA))
    script.first_byte("ann1")


def test_a_copy_that_somebody_else_loads_again_is_left_alone(script):
    moved(script)
    script.loaded(ADOPTED)
    script.drain()
    script.tell(say.Unloaded("chat-1", LLAMA))
    script.wait(100)
    script.arrive(job("late"))
    assert script.sent == {"late": "chat-1"}


def test_a_copy_that_somebody_else_loads_again_is_not_unloaded_for_another_model(script):
    moved(script)
    script.drain()
    script.loaded(ADOPTED, bytes=14 * GB)
    script.tell(say.Unloaded("chat-1", LLAMA))
    script.wait(100)
    before = len(script.loads)
    script.arrive(job("other", model=OTHER))
    assert script.sent == {"other": "chat-1"}, "nothing of the panel's could make room: Ollama decides"
    assert len(script.loads) == before


def test_once_others_have_let_it_go_it_is_used_again_when_they_load_it(script):
    moved(script)
    script.drain()
    script.loaded(ADOPTED)
    script.tell(say.Unloaded(ADOPTED, LLAMA))
    script.tell(say.Unloaded("chat-1", LLAMA))
    script.loaded(ADOPTED)
    script.arrive(job("late"))
    assert script.sent == {"late": ADOPTED}


def test_other_models_make_room_for_the_move_if_they_are_idle(script):
    script.loaded(ADOPTED, bytes=5 * GB)
    script.loaded("chat-2", OTHER, bytes=14 * GB)
    script.wait(10)
    script.burst(3)
    script.wait(16)
    script.first_byte("ann0")
    script.finish("ann0")
    assert {one.model for one in script.loads} == {LLAMA, OTHER}


def test_a_request_with_a_longer_context_is_served_by_a_managed_worker_instead_of_a_reload_in_the_adopted_server(
    script,
):
    script.loaded(ADOPTED, context=4096)
    script.wait(60)
    script.arrive(job("long", options=options(16_384)))
    assert script.loads == [say.Unload(ADOPTED, LLAMA)]
    script.tell(say.Unloaded(ADOPTED, LLAMA))
    assert script.sent == {"long": "chat-1"}


def test_the_load_waits_until_the_adopted_server_has_given_its_memory_back(script):
    script.loaded(ADOPTED, bytes=5 * GB)
    script.wait(10)
    script.burst(3)
    script.wait(16)
    script.tell(say.MemoryMeasured(20 * GB, 4 * GB))
    script.first_byte("ann0")
    script.finish("ann0")
    script.tell(say.Unloaded(ADOPTED, LLAMA))
    assert script.sent == {}
    script.tell(say.MemoryMeasured(20 * GB, 19 * GB))
    assert script.sent == {"ann1": "chat-1"}


def test_memory_that_is_never_given_back_delays_the_load_by_some_seconds_only(script):
    script.loaded(ADOPTED, bytes=5 * GB)
    script.wait(10)
    script.burst(3)
    script.wait(16)
    script.tell(say.MemoryMeasured(20 * GB, 4 * GB))
    script.first_byte("ann0")
    script.finish("ann0")
    script.tell(say.Unloaded(ADOPTED, LLAMA))
    script.wait(4)
    assert script.sent == {}
    script.wait(2)
    assert script.sent == {"ann1": "chat-1"}


def test_when_the_managed_workers_stop_the_adopted_server_serves(script):
    script.down("chat-1", removed=True)
    script.down("chat-2", removed=True)
    script.arrive(job("one"))
    assert script.sent == {"one": ADOPTED}


def test_a_conversation_follows_its_model_to_the_new_home(script):
    script.loaded(ADOPTED)
    script.arrive(job("first", turns=(1, 2)))
    script.drain()
    script.loaded("chat-1")
    script.arrive(job("second", turns=(1, 2, 3)))
    assert script.sent == {"second": "chat-1"}


def test_models_at_an_adopted_server_that_no_request_of_ours_asked_for_count_in_the_memory(script):
    script.loaded(ADOPTED, OTHER, bytes=18 * GB)
    script.arrive(job("one"))
    assert script.sent == {}
    assert script.why("one") == "llama3.1:8b waits for other models to make room in memory."
