"""A new process takes the place of an instance that is up, and memory is kept for it: requests go on at the old one."""

import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, Role
from ollama_panel.core.scheduling import messages as say
from tests.core.scheduling.script import LLAMA, SECOND, Script, job

GB = 10**9
CHAT = InstanceId("chat-1")
OTHER = ModelName("other:8b")
CATALOG = tuple(ModelFacts(name, size=8 * GB, capabilities=("completion",)) for name in (LLAMA, OTHER))


@pytest.fixture
def script() -> Script:
    """An instance of two slots that has a model of 8 GB in a memory of 40 GB."""
    script = Script()
    script.tell(say.CatalogRead(CATALOG))
    script.up()
    script.loaded(bytes=8 * GB)
    script.tell(say.MemoryMeasured(40 * GB, 32 * GB))
    return script


def succeed(script: Script, parallel: int = 2, *, loaded: bool = True) -> None:
    """Let a process with other slots take the place of the instance, which has loaded the same model or none."""
    script.tell(say.InstanceUp(CHAT, PoolName("chat"), Role.CHAT, "http://new", parallel))
    if loaded:
        script.loaded(parallel=parallel, bytes=8 * GB)


def urls(script: Script) -> list[str]:
    return [placement.url for placement in script.placements.values()]


@pytest.mark.parametrize(("before", "after"), [(2, 4), (4, 2), (2, 2)])
def test_old_and_new_requests_together_are_never_more_than_the_slots(script: Script, before: int, after: int) -> None:
    script.up(parallel=before)
    script.loaded(parallel=before)
    script.burst(10)
    assert urls(script) == ["http://chat-1"] * before
    succeed(script, after)
    assert script.at(CHAT) == max(before, after)
    for name in list(script.sent):
        script.first_byte(name)
        script.finish(name)
        assert script.at(CHAT) <= max(after, before)
    assert script.at(CHAT) == after
    assert set(urls(script)[max(before, after) :]) == {"http://new"}


def test_a_model_that_the_new_process_has_not_loaded_is_loaded_there_by_the_next_request(script: Script) -> None:
    script.arrive(job("old"))
    script.first_byte("old")
    succeed(script, loaded=False)
    script.arrive(job("new", "bob"))
    assert "new" not in script.sent, "the old one would have to share the only slot of a load"
    script.finish("old")
    assert script.placements["new"].url == "http://new"
    assert script.scheduler.loads(CHAT)


def test_the_first_byte_of_an_old_request_does_not_load_the_model_at_the_new_process(script: Script) -> None:
    script.arrive(job("old"))
    succeed(script, loaded=False)
    script.first_byte("old")
    assert not script.scheduler.holds(LLAMA)


def test_an_old_request_that_fails_says_nothing_of_the_new_process(script: Script) -> None:
    script.burst(2)
    succeed(script)
    for name in ("ann0", "ann1"):
        script.fail(name, FailureKind.RUNNER)
    assert script.scheduler.holds(LLAMA), "the runner of the old one has died"
    script.wait(1)
    assert [script.placements[name].url for name in ("ann0", "ann1")] == ["http://new"] * 2


def test_a_model_may_be_unloaded_at_the_new_process_while_an_old_request_streams(script: Script) -> None:
    script.arrive(job("old"))
    script.first_byte("old")
    succeed(script)
    script.tell(say.Unloaded(CHAT, LLAMA))
    assert not script.scheduler.holds(LLAMA)


def test_a_long_load_at_the_new_process_takes_back_no_request_of_the_old_one(script: Script) -> None:
    script.down()
    script.up()
    script.arrive(job("old"))
    assert script.scheduler.loads(CHAT)
    succeed(script)
    script.arrive(job("new", "bob"))
    script.tell(say.Unloaded(CHAT, LLAMA))
    assert script.scheduler.loads(CHAT), "for the new request"
    script.wait(400)
    assert script.aborts == []
    script.cancel("new")
    assert not script.scheduler.loads()


def test_requests_at_the_old_process_are_known_by_its_generation(script: Script) -> None:
    script.burst(2)
    before = script.scheduler.generation(CHAT)
    assert script.scheduler.models_of(CHAT, before) == (LLAMA, LLAMA)
    succeed(script, 4)
    script.arrive(job("new", "bob"))
    assert script.scheduler.models_of(CHAT, before) == (LLAMA, LLAMA)
    script.fail("ann0", FailureKind.CLOSED)
    script.wait(1)
    assert script.sent["ann0"] == CHAT, "it was sent again, to the new one"
    assert script.scheduler.models_of(CHAT, before) == (LLAMA,)
    script.cancel("ann1")
    assert script.scheduler.models_of(CHAT, before) == ()


def test_a_conversation_has_no_cache_at_the_new_process(script: Script) -> None:
    script.arrive(job("one", turns=(1, 2), prompt_tokens=900, opening_tokens=10))
    script.first_byte("one")
    script.finish("one")
    follow_up = job("two", turns=(1, 2, 3), prompt_tokens=950, opening_tokens=10)
    assert script.scheduler.state.affinity.cached(follow_up, CHAT) > 0
    succeed(script)
    assert script.scheduler.state.affinity.cached(follow_up, CHAT) == 0


# Memory that the panel fills itself


def test_what_is_reserved_is_not_used_for_another_model(script: Script) -> None:
    script.tell(say.Reserved(28 * GB))
    script.arrive(job("other", model=OTHER))
    assert script.sent == {}
    assert script.loads == [], "no model leaves for it: it would not be enough"
    script.tell(say.Reserved())
    assert script.sent == {"other": CHAT}


def test_no_other_load_begins_while_the_panel_loads(script: Script) -> None:
    script.tell(say.Reserved(8 * GB, loading=True))
    script.burst(2)
    script.arrive(job("other", "bob", model=OTHER))
    assert script.order() == ["ann0", "ann1"], "what is loaded is used"
    script.tell(say.Reserved(8 * GB))
    assert script.order() == ["ann0", "ann1", "other"]


def test_what_fills_the_reserved_memory_is_no_other_program(script: Script) -> None:
    script.tell(say.Reserved(8 * GB))
    script.tell(say.MemoryMeasured(40 * GB, 24 * GB))
    assert script.scheduler.others() == 0
    script.tell(say.Reserved())
    script.tell(say.MemoryMeasured(40 * GB, 24 * GB))
    assert script.scheduler.others() == 0, "it may be in use for a moment longer"
    script.now += 6 * SECOND
    script.tell(say.MemoryMeasured(40 * GB, 24 * GB))
    assert script.scheduler.others() > 7 * GB


def test_the_room_is_what_known_sizes_and_the_measurement_leave(script: Script) -> None:
    assert script.scheduler.room() == 32 * GB
    script.tell(say.MemoryMeasured(40 * GB, 20 * GB))
    assert script.scheduler.room() == 20 * GB, "something else holds the rest"
    script.tell(say.Reserved(5 * GB))
    assert script.scheduler.room() == 15 * GB


def test_a_model_that_is_being_loaded_leaves_no_room_for_its_bytes(script: Script) -> None:
    before = script.scheduler.room()
    script.up("chat-2")
    script.arrive(job("other", model=OTHER))
    assert script.scheduler.loads()
    assert before is not None
    assert (script.scheduler.room() or 0) < before - 8 * GB


def test_the_room_is_unknown_while_a_size_or_the_memory_is(script: Script) -> None:
    assert Script().scheduler.room() is None
    script.loaded(model=ModelName("strange:latest"))
    assert script.scheduler.room() is None


def test_a_model_whose_settings_have_changed_is_not_taken_to_be_as_large_as_before(script: Script) -> None:
    facts = ModelFacts(
        LLAMA, size=8 * GB, layers=32, heads=32, kv_heads=(32,), embedding_length=4096, key_length=128, value_length=128
    )
    script.tell(say.CatalogRead((facts, *CATALOG[1:])))
    script.up(context_length=4096)
    script.loaded(bytes=9 * GB)
    script.down()
    script.up(context_length=65_536)
    fleet = script.scheduler.state.fleet
    assert (fleet.bytes(fleet.instances[CHAT].copy(LLAMA)) or 0) > 40 * GB
