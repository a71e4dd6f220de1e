import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, LoadOptions, RefusalReason, Role
from ollama_panel.core.scheduling import messages as say
from tests.core.scheduling.script import LLAMA, NOMIC, Script, embed, job


@pytest.fixture
def script() -> Script:
    return Script()


def test_a_request_whose_instance_dies_before_the_first_byte_runs_elsewhere(script):
    script.warm("chat-1", 1)
    script.warm("chat-2", 1)
    script.burst(2)
    script.down("chat-1")
    script.fail("ann0", FailureKind.CLOSED)
    script.first_byte("ann1")
    script.finish("ann1")
    script.wait(1)
    assert script.sent == {"ann0": "chat-2"}


@pytest.mark.parametrize(
    "kind", [kind for kind in FailureKind if kind not in (FailureKind.TIMEOUT, FailureKind.NOT_FOUND)]
)
@pytest.mark.parametrize("loaded", [False, True])
def test_a_failed_request_is_retried_first_where_it_has_not_failed(script, kind, loaded):
    for name in ("chat-1", "chat-2"):
        script.up(name)
        if loaded:
            script.loaded(name)
    script.arrive(job("chat"))
    first = script.sent["chat"]
    script.fail("chat", kind)
    script.wait(1)
    assert {first, script.sent["chat"]} == {"chat-1", "chat-2"}


def test_a_request_that_failed_everywhere_is_still_retried(script):
    script.warm("chat-1", 1)
    script.warm("chat-2", 1)
    script.arrive(job("chat"))
    for _ in range(6):
        script.fail("chat", FailureKind.BUSY)
        script.wait(11)
    assert len(script.dispatches) == 7
    assert {where for _, where in script.dispatches} == {"chat-1", "chat-2"}


def test_a_failed_request_is_retried_at_the_same_instance_if_no_other_takes_work(script):
    script.warm("chat-1")
    script.warm("chat-2")
    script.tell(say.Draining(InstanceId("chat-2"), on=True))
    script.arrive(job("chat"))
    script.fail("chat", FailureKind.UPSTREAM)
    script.wait(1)
    assert script.dispatches == [("chat", "chat-1")] * 2


def test_requests_whose_home_died_are_not_overtaken_by_those_without_a_home(script):
    script.warm("chat-1", 1)
    script.warm("chat-2", 1)
    script.arrive(job("eve0", "eve"), job("ann0", turns=(1, 2), prompt_tokens=500))
    home = script.sent["ann0"]
    script.arrive(job("ann1", turns=(1, 2, 3), prompt_tokens=500))
    script.arrive(*(job(f"eve{number}", "eve") for number in range(1, 9)))
    script.down(home)
    script.fail("ann0", sent=True)
    script.finish("eve0", output_tokens=100)
    assert set(script.sent) == {"ann1"}


def test_an_instance_that_comes_up_with_fewer_slots_is_not_sent_what_its_models_could_hold_before(script):
    script.up(parallel=4)
    script.loaded(parallel=4)
    script.down()
    script.up(parallel=1)
    script.burst(3)
    script.first_byte("ann0")
    assert script.sent == {"ann0": "chat-1"}


def test_a_request_that_has_sent_a_byte_is_never_retried(script):
    script.warm()
    script.arrive(job("chat"))
    script.first_byte("chat")
    script.fail("chat", FailureKind.CLOSED, sent=True)
    script.wait(60)
    assert script.order() == ["chat"]
    assert not script.replies


def test_failures_are_retried_a_few_times_and_then_reported(script):
    script.warm()
    script.arrive(job("chat"))
    for _ in range(4):
        script.fail("chat", FailureKind.RUNNER, error="model runner has unexpectedly stopped")
        script.wait(15)
    assert script.replies["chat"].reason is RefusalReason.FAILED
    said = 'The instance answered with the error "model runner has unexpectedly stopped".'
    assert script.refused("chat") == f"Ollama could not answer in 4 attempts: {said}"
    assert script.replies["chat"].retry_after_s == 1


def test_a_failure_says_when_the_queue_will_have_drained(script):
    script.warm(parallel=1)
    script.burst(3)
    script.drain(hold_s=8)
    script.arrive(job("chat"))
    script.burst(4, "bob")
    script.fail("chat", FailureKind.TIMEOUT)
    assert 20 <= script.replies["chat"].retry_after_s <= 40


def test_a_failure_says_when_the_circuit_breaker_is_half_open(script):
    script.warm(parallel=6)
    script.burst(6)
    for number in range(5):
        script.fail(f"ann{number}", FailureKind.CLOSED, sent=True)
    script.fail("ann5", FailureKind.TIMEOUT)
    assert script.replies["ann5"].retry_after_s == 10


def test_a_request_rejected_by_a_busy_server_does_not_get_its_503(script):
    script.warm()
    script.arrive(job("chat"))
    for _ in range(10):
        script.fail("chat", FailureKind.BUSY)
        script.wait(11)
    assert script.sent == {"chat": "chat-1"}


def test_a_retried_request_goes_to_the_front(script):
    script.warm(parallel=1)
    script.burst(3)
    script.fail("ann0")
    script.wait(11)
    script.drain()
    assert script.order()[-2:] == ["ann0", "ann2"]


def test_requests_lost_with_an_instance_are_requeued_even_without_a_failed_event(script):
    script.warm("chat-1", 1)
    script.arrive(job("chat"))
    script.down("chat-1")
    script.warm("chat-2", 1)
    script.wait(6)
    assert script.aborts == ["chat"]
    script.requeue("chat")
    assert script.sent == {"chat": "chat-2"}


def test_a_byte_that_arrives_during_the_preemption_wins(script):
    script.warm("chat-1", 1)
    script.arrive(job("chat"))
    script.down("chat-1")
    script.wait(6)
    script.first_byte("chat")
    script.finish("chat")
    assert script.order() == ["chat"]


def test_requests_wait_while_no_instance_runs_and_then_get_an_answer(script):
    script.burst(2)
    assert script.why("ann0") == "No Ollama instance is running."
    script.wait(59)
    assert not script.replies
    script.wait(2)
    assert script.replies["ann0"].reason is RefusalReason.NO_INSTANCE
    assert script.replies["ann1"].reason is RefusalReason.NO_INSTANCE


def test_requests_outlive_a_restart_of_the_only_instance(script):
    script.warm()
    script.down()
    script.burst(2)
    script.wait(50)
    script.warm()
    assert set(script.sent) == {"ann0", "ann1"}
    script.wait(60)
    assert not script.replies


def test_an_embedding_waits_for_its_restarting_pool_rather_than_load_into_the_chat_pool(script):
    script.warm("chat-1")
    script.warm("embedding-1", 1, NOMIC, Role.EMBEDDING)
    script.down("embedding-1")
    script.arrive(embed("vector"))
    script.wait(30)
    assert script.sent == {}
    assert script.why("vector") == "embedding-1 is not answering yet."
    script.wait(31)
    assert script.sent == {"vector": "chat-1"}


def test_a_removed_pool_is_replaced_at_once(script):
    script.warm("chat-1")
    script.up("embedding-1", 1, Role.EMBEDDING)
    script.down("embedding-1", removed=True)
    script.arrive(embed("vector"))
    assert script.sent == {"vector": "chat-1"}


def test_the_circuit_breaker_opens_and_then_allows_one_request(script):
    script.warm("chat-1", 4)
    script.burst(5)
    for name in ("ann0", "ann1", "ann2", "ann3", "ann4"):
        script.fail(name, FailureKind.RUNNER)
    script.wait(9)
    assert script.sent == {}
    script.wait(2)
    assert script.at("chat-1") == 1
    script.first_byte(next(iter(script.sent)))
    assert script.at("chat-1") == 4


WHOLE = st.sampled_from(
    (0, 1, 2**31, 2**53)
)  # what the proxy lets in at most: proxy/request_fields.py, core/ollama/stream.py


@given(
    numbers=st.lists(WHOLE, min_size=5, max_size=5), usage=st.lists(WHOLE, min_size=6, max_size=6), stream=st.booleans()
)
def test_the_greatest_numbers_that_can_come_in_do_no_harm(numbers, usage, stream):
    tokens, limit, items, context, opening = numbers
    script = Script()
    script.up("chat-1", 1, context_length=4096)
    script.loaded("chat-1")
    wild = {"prompt_tokens": tokens, "max_tokens": limit, "items": items, "opening_tokens": opening, "stream": stream}
    options = LoadOptions(num_ctx=context, num_gpu=-context)
    for name in ("one", "two"):
        script.arrive(job(name, turns=(1, 2), options=options, keep_alive_s=9_223_372_036.0, **wild))
    if context > 4096:
        script.tell(say.Unloaded(InstanceId("chat-1"), LLAMA))  # it is loaded again with the longer context
    names = ("prompt_tokens", "output_tokens", "total_ns", "load_ns", "prompt_ns", "output_ns")
    script.finish("one", **dict(zip(names, usage, strict=True)))
    script.wait(100)
    script.finish("two", **dict(zip(names, usage, strict=True)))
    script.arrive(job("innocent", "bob"))
    assert script.placements["two"].keep_alive is None
    assert "innocent" in script.sent


def test_a_rerouted_request_is_served_elsewhere_when_its_new_home_takes_no_work(script):
    script.warm("gen-1")
    script.up("gen-2")
    script.arrive(job("chat"))
    script.fail("chat", FailureKind.CLOSED)
    script.up("own-1", models=(LLAMA,))
    script.loaded("own-1")
    script.wait(1)
    assert script.sent == {"chat": "own-1"}


def test_a_rerouted_request_does_not_wait_for_a_load_that_cannot_begin(script):
    script.warm("chat-1")
    script.up("chat-2")
    script.arrive(job("other", model=NOMIC))
    assert script.sent["other"] == "chat-2", "another model is being loaded there"
    script.arrive(job("chat"))
    script.fail("chat", FailureKind.CLOSED)
    script.wait(1)
    assert script.sent["chat"] == "chat-1"


def test_a_rerouted_request_does_not_wait_for_an_open_circuit_breaker(script):
    script.warm("chat-1")
    script.up("chat-2")
    script.arrive(job("chat"))
    script.fail("chat", FailureKind.CLOSED)
    breaker = script.scheduler.state.fleet.instances[InstanceId("chat-2")].breaker
    for _ in range(5):
        breaker.failed(script.now)
    script.wait(1)
    assert script.sent["chat"] == "chat-1"


def test_a_load_goes_where_it_fits_although_another_instance_comes_first(script):
    gib = 2**30
    script.tell(
        say.CatalogRead((ModelFacts(LLAMA, size=5 * gib, layers=32, kv_heads=(8,), key_length=128, value_length=128),))
    )
    script.warm("chat-1", 1)
    script.tell(say.MemoryMeasured(total=20 * gib, free=12 * gib))
    script.up("chat-2", 16)
    script.up("chat-3", 1)
    script.arrive(job("chat"))
    script.fail("chat", FailureKind.CLOSED)
    script.wait(1)
    assert script.sent == {"chat": "chat-3"}
