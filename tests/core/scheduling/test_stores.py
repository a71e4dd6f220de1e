"""Instances with different stores: a model that one does not have is looked for in the others."""

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind
from ollama_panel.core.scheduling.messages import CatalogRead
from tests.core.scheduling.script import LLAMA, NOMIC, Script, job

NEW = ModelName("new:latest")
SAID = "model 'new' not found"


@pytest.fixture
def script() -> Script:
    """Two managed instances with one store, and an adopted one with its own; none of them lists the new model."""
    script = Script()
    script.up("chat-1", store=(LLAMA,))
    script.up("chat-2", store=(LLAMA,))
    script.up("adopted-1", store=(NOMIC,), own_store=True)
    return script


def miss(script: Script, name: str) -> None:
    script.fail(name, FailureKind.NOT_FOUND, error=SAID)


def test_a_model_that_is_not_found_in_one_store_is_looked_for_in_the_others_at_once(script):
    script.arrive(job("one", model=NEW))
    assert script.placements["one"].elsewhere
    miss(script, "one")
    assert script.dispatches == [("one", "chat-1"), ("one", "adopted-1")]
    assert not script.placements["one"].elsewhere
    assert script.replies == {}


def test_the_next_requests_know_where_the_model_is_not(script):
    script.arrive(job("one", model=NEW))
    miss(script, "one")
    script.first_byte("one")
    script.arrive(job("two", model=NEW))
    assert script.sent == {"one": "adopted-1", "two": "adopted-1"}


def test_a_model_that_no_store_has_is_looked_for_everywhere_once_and_may_appear_anywhere(script):
    script.arrive(job("one", model=NEW))
    miss(script, "one")
    script.finish("one", status=404)
    script.arrive(job("two", model=NEW))
    assert script.dispatches[2:] == [("two", "chat-1")]
    assert script.placements["two"].elsewhere


def test_a_store_that_was_read_again_is_asked_again(script):
    script.arrive(job("one", model=NEW))
    miss(script, "one")
    script.first_byte("one")
    script.finish("one")
    script.up("chat-1", store=(LLAMA, NEW))
    script.up("chat-2", store=(LLAMA, NEW))
    script.arrive(job("two", model=NEW))
    assert script.sent["two"] in ("chat-1", "chat-2")


def test_a_model_that_was_moved_to_another_store_is_found(script):
    script.arrive(job("one", model=NOMIC))
    assert script.sent == {"one": "adopted-1"}
    assert script.placements["one"].elsewhere
    miss(script, "one")
    assert script.sent == {"one": "chat-1"}


def test_stores_with_equal_lists_are_different_stores():
    script = Script()
    script.up("chat-1", store=(LLAMA,))
    script.up("adopted-1", store=(LLAMA,), own_store=True)
    script.arrive(job("one", model=NEW))
    miss(script, "one")
    assert script.dispatches == [("one", "chat-1"), ("one", "adopted-1")]


def test_with_one_store_there_is_nowhere_else_to_look():
    script = Script()
    script.up("chat-1")
    script.up("chat-2")
    script.arrive(job("one", model=NEW))
    assert not script.placements["one"].elsewhere


def test_a_store_whose_instance_is_down_or_drains_is_not_waited_for(script):
    script.down("adopted-1")
    script.arrive(job("one", model=NEW))
    assert not script.placements["one"].elsewhere


def test_when_the_other_store_goes_away_the_first_answers(script):
    script.arrive(job("one", model=NEW), job("two", "bob", NEW))
    script.down("adopted-1", removed=True)
    miss(script, "one")
    assert script.sent["one"].startswith("chat")
    assert not script.placements["one"].elsewhere


def test_a_search_ends_even_if_other_requests_begin_it_anew_each_time(script):
    """Each 404 that a client gets lets the next request look everywhere again."""
    script.arrive(job("one", model=NEW))
    for number in range(5):
        if script.placements["one"].elsewhere:
            miss(script, "one")
        script.arrive(job(f"other{number}", "bob", NEW))
        for name in [name for name in script.sent if name != "one"]:
            script.finish(name, status=404)
    assert "one" in script.sent
    assert not script.placements["one"].elsewhere
    assert len([name for name in script.order() if name == "one"]) <= 3


def test_looking_elsewhere_is_no_failure_of_the_instance(script):
    for number in range(8):
        script.arrive(job(f"r{number}", model=ModelName(f"new{number}")))
        miss(script, f"r{number}")
        script.finish(f"r{number}", status=404)
    breakers = [one.breaker for one in script.scheduler.state.fleet.instances.values()]
    assert not any(breaker.tripped or breaker.failures for breaker in breakers)


def test_another_users_server_with_the_same_store_is_asked_what_a_worker_cannot_read():
    script = Script()
    script.up("chat-1")
    script.up("adopted-1", managed=False)
    script.arrive(job("one", model=LLAMA), job("two", "bob", model=LLAMA))
    assert script.sent == {"one": "chat-1"}
    miss(script, "one")
    assert script.sent == {"one": "adopted-1"}
    assert not script.placements["one"].elsewhere
    script.first_byte("one")
    script.finish("one")
    assert script.sent == {"two": "adopted-1"}


def test_a_worker_whose_store_has_no_models_has_no_slots():
    script = Script()
    script.up("chat-1", store=())
    assert script.scheduler.slots("chat-1") == 2, "nobody has any yet"
    script.up("adopted-1", parallel=1, store=(LLAMA,), own_store=True, managed=False)
    script.tell(CatalogRead((ModelFacts(LLAMA, "1"),)))
    assert [script.scheduler.slots(name) for name in ("chat-1", "adopted-1")] == [0, 1]
    script.up("chat-1", store=(LLAMA,))
    assert script.scheduler.slots("chat-1") == 2
