import pytest

from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import RefusalReason, RequestClass, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, NOMIC, SECOND, Script, embed, job


@pytest.fixture
def script() -> Script:
    return Script()


def test_five_requests_for_a_cold_model_cause_one_load(script):
    script.up(parallel=4)
    script.burst(5)
    assert script.order() == ["ann0"]
    assert script.scheduler.state.fleet.instances["chat-1"].copies[LLAMA].state is ModelState.LOADING
    script.first_byte("ann0")
    assert script.order() == ["ann0", "ann1", "ann2", "ann3"]
    script.drain()
    assert len(script.dispatches) == 5


def test_a_load_that_the_instance_reports_opens_the_other_slots(script):
    script.up(parallel=2)
    script.burst(2)
    script.loaded(parallel=2)
    assert script.order() == ["ann0", "ann1"]


def test_the_next_in_the_queue_loads_when_the_loading_client_leaves(script):
    script.up()
    script.burst(2)
    script.cancel("ann0")
    assert script.order() == ["ann0", "ann1"]


def test_no_more_than_parallel_run_at_once_and_all_slots_are_used(script):
    script.warm("chat-1", parallel=2)
    script.warm("chat-2", parallel=3)
    script.burst(20)
    assert (script.at("chat-1"), script.at("chat-2")) == (2, 3)
    script.drain()
    assert script.peaks == {"chat-1": 2, "chat-2": 3}
    assert len(script.dispatches) == 20


def test_one_client_is_served_in_the_order_of_arrival(script):
    script.warm(parallel=1)
    script.burst(6)
    script.drain()
    assert script.order() == [f"ann{number}" for number in range(6)]


def test_clients_take_turns(script):
    script.warm(parallel=1)
    script.burst(6, "ann")
    script.burst(2, "bob")
    script.drain()
    assert script.order().index("bob1") <= 5


def test_interactive_goes_before_batch(script):
    script.warm(parallel=1)
    script.arrive(job("running"))
    script.burst(3, "bulk", request_class=RequestClass.BATCH)
    script.arrive(job("chat", "eve"))
    script.drain()
    assert script.order()[:2] == ["running", "chat"]


def test_embeddings_go_to_the_embedding_pool(script):
    script.warm("chat-1")
    script.warm("embedding-1", 1, NOMIC, Role.EMBEDDING)
    script.arrive(embed("vector"), job("chat"))
    assert script.sent == {"vector": "embedding-1", "chat": "chat-1"}


def test_a_model_whose_pool_does_not_exist_is_still_served(script):
    script.warm("chat-1")
    script.arrive(embed("vector"), job("picture", role=Role.VISION))
    assert set(script.sent) == {"vector", "picture"}


def test_a_pool_that_names_the_model_is_preferred(script):
    script.up("any-1")
    script.up("named-1", models=(LLAMA,))
    script.arrive(job("chat"))
    assert script.sent == {"chat": "named-1"}


def test_a_pool_for_other_models_serves_one_that_nobody_named(script):
    script.up("named-1", models=(NOMIC,))
    script.arrive(job("chat"))
    assert script.sent == {"chat": "named-1"}


@pytest.mark.parametrize(
    "facts",
    [
        ModelFacts(LLAMA, family="qwen3next", capabilities=("completion",)),
        ModelFacts(LLAMA, capabilities=("embedding",)),
        ModelFacts(LLAMA, format="safetensors"),
    ],
)
def test_models_that_ollama_runs_serially_get_one_request_at_a_time(script, facts):
    script.tell(say.CatalogRead((facts,)))
    script.warm(parallel=4)
    script.burst(4)
    assert script.at("chat-1") == 1


def test_an_effective_parallel_below_the_wanted_one_holds(script):
    script.up(parallel=4)
    script.loaded(parallel=2)
    script.burst(4)
    assert script.at("chat-1") == 2


def test_bodies_that_wait_take_only_so_much_memory():
    script = Script(Policy(queue_bytes=1000))
    script.warm(parallel=1)
    script.arrive(*(job(f"r{number}", body_bytes=400) for number in range(5)))
    assert set(script.replies) == {"r3", "r4"}
    assert script.replies["r3"].reason is RefusalReason.QUEUE_FULL
    assert script.replies["r3"].retry_after_s
    script.drain()
    script.arrive(*(job(f"s{number}", body_bytes=4000) for number in range(2)))
    assert "s1" not in script.replies, "a request longer than that waits alone"


def test_a_client_that_leaves_before_the_next_try_leaves_no_bytes_behind():
    script = Script(Policy(queue_bytes=1000))
    script.warm(parallel=1)
    for number in range(3):
        script.arrive(job(f"r{number}", body_bytes=600))
        script.fail(f"r{number}")
        script.cancel(f"r{number}")
    assert not script.replies


def test_a_full_queue_answers_at_once_and_says_when_to_come_back():
    script = Script(Policy(queue_limit=3))
    script.warm(parallel=1)
    script.burst(1, "eve")
    script.wait(8)
    script.finish("eve0")
    script.burst(5)
    refusal = script.replies["ann4"]
    assert refusal.reason is RefusalReason.QUEUE_FULL
    assert refusal.retry_after_s == 3
    assert "3 waiting" in script.refused("ann4")
    script.drain()
    assert "ann3" in script.order()


def test_a_request_that_waits_too_long_is_refused():
    script = Script(Policy(queue_timeout_us=30 * SECOND))
    script.warm(parallel=1)
    script.burst(2)
    script.wait(29)
    assert not script.replies
    script.wait(2)
    assert script.replies["ann1"].reason is RefusalReason.QUEUE_TIMEOUT
    assert script.replies["ann1"].retry_after_s
    assert script.sent == {"ann0": "chat-1"}


def test_a_deadline_of_the_request_itself_counts_too(script):
    script.warm(parallel=1)
    script.burst(1)
    script.arrive(job("urgent", deadline_us=5 * SECOND))
    script.wait(6)
    assert script.replies["urgent"].reason is RefusalReason.QUEUE_TIMEOUT


def test_a_cancelled_request_leaves_the_queue(script):
    script.warm(parallel=1)
    script.burst(3)
    script.cancel("ann1")
    script.drain()
    assert script.order() == ["ann0", "ann2"]


def test_a_cancelled_request_frees_its_slot_at_once(script):
    script.warm(parallel=1)
    script.burst(2)
    script.cancel("ann0")
    assert script.sent == {"ann1": "chat-1"}


def test_a_draining_instance_gets_nothing_new_and_its_requests_wait(script):
    script.warm(parallel=1)
    script.burst(2)
    script.tell(say.Draining("chat-1", on=True))
    script.finish("ann0")
    assert script.sent == {}
    assert script.why("ann1") == "chat-1 takes no new requests before its restart."
    script.tell(say.Draining("chat-1", on=False))
    assert script.sent == {"ann1": "chat-1"}


def test_only_one_model_loads_at_a_time(script):
    script.up("chat-1")
    script.up("embedding-1", 1, Role.EMBEDDING)
    script.arrive(job("chat"), embed("vector"))
    assert script.sent == {"chat": "chat-1"}
    assert script.why("vector") == f"{LLAMA} is being loaded; {NOMIC} comes next."
    script.first_byte("chat")
    assert script.sent["vector"] == "embedding-1"


def test_a_model_that_was_unloaded_is_cold_again(script):
    script.warm(parallel=4)
    script.tell(say.Unloaded("chat-1", LLAMA))
    script.burst(3)
    assert script.at("chat-1") == 1


def test_an_outdated_unload_does_not_make_a_streaming_model_cold(script):
    script.warm(parallel=2)
    script.burst(3)
    script.first_byte("ann0")
    script.tell(say.Unloaded("chat-1", LLAMA))
    script.finish("ann0")
    assert script.at("chat-1") == 2


def test_slots_beside_a_stream_stay_usable_after_an_outdated_unload(script):
    script.warm(parallel=2)
    script.burst(4)
    script.first_byte("ann0")
    script.tell(say.Unloaded("chat-1", LLAMA))
    script.cancel("ann1")
    assert script.sent == {"ann0": "chat-1", "ann2": "chat-1"}
    assert script.scheduler.slots("chat-1") == 2


def test_pause_holds_everything_and_says_so(script):
    script.tell(say.Reconfigured(Policy(paused=True)))
    script.warm()
    script.burst(1)
    assert script.sent == {}
    assert script.why("ann0") == "Paused by the user."
    script.tell(say.Reconfigured(Policy()))
    assert script.sent == {"ann0": "chat-1"}


def test_waiting_clients_get_heartbeats_with_their_position(script):
    script.warm(parallel=1)
    script.arrive(job("first"), job("second", heartbeat=True), job("third"))
    script.wait(21)
    assert [(heartbeat.id, heartbeat.position) for heartbeat in script.heartbeats] == [("second", 1)] * 6


def test_the_first_heartbeat_of_a_stream_comes_before_httpx_gives_up(script):
    script.warm(parallel=1)
    script.arrive(job("first"), job("second", heartbeat=True))
    script.wait(4)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["second"]


def test_the_heartbeats_of_an_answer_that_is_no_stream_begin_after_twenty_seconds(script):
    script.warm(parallel=1)
    script.arrive(job("first"), job("second", stream=False, heartbeat=True))
    script.wait(19.9)
    assert script.heartbeats == []
    script.wait(0.2)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["second"]
    script.wait(7)
    assert len(script.heartbeats) == 3


def test_heartbeats_can_be_switched_off_and_on(script):
    script.tell(say.Reconfigured(Policy(heartbeat_after_us=0)))
    script.warm(parallel=1)
    script.arrive(job("first"), job("second", heartbeat=True))
    script.wait(30)
    assert script.heartbeats == []
    script.tell(say.Reconfigured(Policy()))
    script.wait(11)
    assert [heartbeat.id for heartbeat in script.heartbeats] == ["second"] * 3


def test_a_second_request_with_an_id_in_use_is_refused(script):
    script.warm()
    script.arrive(job("same"), job("same"))
    assert script.replies["same"].reason is RefusalReason.FAILED
    assert script.at("chat-1") == 1


def test_position_counts_more_urgent_classes_first(script):
    script.warm(parallel=1)
    script.arrive(job("running"))
    script.burst(2, "bulk", request_class=RequestClass.BATCH)
    script.burst(3, "bob")
    assert script.position("bulk1") == 5
    assert script.position("bob0") == 1


def test_the_estimated_wait_is_learned(script):
    script.warm(parallel=2)
    script.burst(1)
    script.wait(10)
    script.finish("ann0")
    script.burst(6, "bob")
    assert [one.eta_s for one in script.scheduler.waiting()] == [5, 10, 15, 20]


def test_parallel_raised_in_place_is_used_at_once(script):
    script.warm(parallel=1)
    script.burst(4)
    script.up(parallel=3)
    assert script.at("chat-1") == 3


def test_an_instance_has_slots_only_while_it_takes_work(script):
    script.up("chat-1", 2)
    script.up("chat-2", 2)
    script.tell(say.Draining("chat-2", on=True))
    script.down("chat-1")
    assert [script.scheduler.slots(name) for name in ("chat-1", "chat-2", "chat-3")] == [0, 0, 0]
    script.tell(say.Draining("chat-2", on=False))
    assert script.scheduler.slots("chat-2") == 2


def test_the_slots_of_an_instance_are_those_of_its_loaded_models(script):
    """An embedding model takes one request at a time, whatever the environment asks for."""
    script.tell(say.CatalogRead((ModelFacts(NOMIC, capabilities=("embedding",)), ModelFacts(LLAMA))))
    script.up("chat-1", 4)
    assert script.scheduler.slots("chat-1") == 4
    script.loaded("chat-1", NOMIC)
    assert script.scheduler.slots("chat-1") == 1
    script.loaded("chat-1", LLAMA)
    assert script.scheduler.slots("chat-1") == 5
    script.loaded("chat-1", LLAMA, parallel=2)
    assert script.scheduler.slots("chat-1") == 3
    script.tell(say.Unloaded("chat-1", NOMIC))
    assert script.scheduler.slots("chat-1") == 2


def test_a_wrong_model_name_that_an_instance_answers_with_an_error_adds_no_slots(script):
    script.tell(say.CatalogRead((ModelFacts(LLAMA),)))
    script.up("chat-1", 4)
    for name in ("lama", "llama31"):
        script.arrive(job(name, model=name))
        script.finish(name)
    assert script.scheduler.slots("chat-1") == 4
    script.loaded("chat-1", LLAMA)
    assert script.scheduler.slots("chat-1") == 4


def test_before_anything_is_loaded_the_slots_are_those_that_the_pools_models_get(script):
    script.tell(say.CatalogRead((ModelFacts(NOMIC, capabilities=("embedding",)), ModelFacts(LLAMA))))
    script.up("embedding-1", 4, Role.EMBEDDING)
    script.up("any-1", 4, models=(NOMIC,))
    script.up("mixed-1", 4, models=(NOMIC, LLAMA))
    assert [script.scheduler.slots(name) for name in ("embedding-1", "any-1", "mixed-1")] == [1, 1, 4]


def test_events_about_unknown_requests_are_ignored(script):
    script.warm()
    for event in (say.Cancelled("x"), say.FirstByte("x"), say.Progressed("x", 1), say.Preempted("x")):
        assert script.tell(event) == []
