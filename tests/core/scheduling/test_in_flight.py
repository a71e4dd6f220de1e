from copy import deepcopy

import pytest

from ollama_panel.core.records import FailureKind, RefusalReason, RequestClass, Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.model_state import ModelState
from tests.core.scheduling.script import LLAMA, Script, job


@pytest.fixture
def script() -> Script:
    script = Script()
    script.warm(parallel=2)
    return script


def test_a_placement_says_where_the_request_stood_in_the_queue(script):
    script.burst(4)
    script.finish("ann0")
    script.finish("ann1")
    assert [script.placements[f"ann{number}"].position for number in range(4)] == [0, 0, 1, 2]


def test_a_client_is_charged_what_its_request_took(script):
    script.arrive(job("one", prompt_tokens=100))
    script.wait(3)
    script.first_byte("one")
    script.finish("one", prompt_tokens=100, output_tokens=100, prompt_ns=10**9, output_ns=2 * 10**9, total_ns=3 * 10**9)
    counter = script.scheduler.state.ledger.counters["ann", RequestClass.INTERACTIVE]
    assert counter == pytest.approx(3_000_000, rel=0.05)


def test_a_failed_attempt_costs_nothing(script):
    script.arrive(job("one", prompt_tokens=100))
    script.fail("one")
    assert script.scheduler.state.ledger.counters["ann", RequestClass.INTERACTIVE] == 0


def test_a_preempted_request_is_charged_nothing_however_often(script):
    ledger = script.scheduler.state.ledger
    script.arrive(job("bulk0", "bulk", request_class=RequestClass.BATCH, prompt_tokens=100))
    for number in range(2):
        script.arrive(job(f"chat{number}", "eve"))
        assert script.aborts == ["bulk0"] * (number + 1)
        script.requeue("bulk0")
        assert ledger.counters["bulk", RequestClass.BATCH] == 0
        script.first_byte(f"chat{number}")
        script.finish(f"chat{number}")
    script.drain()
    assert ledger.pending == ledger.active == {}


def test_a_timeout_is_final(script):
    script.arrive(job("one"))
    script.fail("one", FailureKind.TIMEOUT)
    assert script.refused("one") == "Ollama failed: The attempt failed (timeout)."


def test_an_answer_from_before_a_restart_does_not_make_a_model_warm(script):
    script.arrive(job("old"))
    script.wait(1)
    script.down()
    script.wait(1)
    script.up(parallel=2)
    script.first_byte("old")
    script.finish("old")
    script.burst(2)
    assert script.scheduler.state.fleet.instances["chat-1"].copies[LLAMA].state.name == "LOADING"
    assert script.at("chat-1") == 1


def test_a_crashed_runner_makes_the_model_cold(script):
    script.arrive(job("one"))
    script.fail("one", FailureKind.RUNNER)
    script.burst(3, "bob")
    assert script.at("chat-1") == 1


def test_progress_moves_nothing_but_is_counted(script):
    script.arrive(job("one"))
    assert script.tell(say.Progressed("one", 5)) == []
    assert script.scheduler.state.in_flight["one"][0].tokens == 5


def test_an_answer_in_one_piece_is_learned_from_like_one_with_a_first_byte_event(script):
    whole, with_first_byte = script, Script()
    with_first_byte.warm(parallel=2)
    for one in (whole, with_first_byte):
        one.arrive(job("one", prompt_tokens=500, stream=False))
        one.wait(3)
    with_first_byte.first_byte("one")
    for one in (whole, with_first_byte):
        one.finish("one", prompt_tokens=500, output_tokens=80)
        one.arrive(job("two", prompt_tokens=500))
    assert whole.scheduler.state.estimates == with_first_byte.scheduler.state.estimates
    assert whole.scheduler.state.ledger == with_first_byte.scheduler.state.ledger
    assert whole.placements == with_first_byte.placements


def test_an_answer_in_one_piece_proves_that_the_model_is_loaded():
    script = Script()
    script.up(parallel=3)
    script.burst(3)
    assert script.at("chat-1") == 1
    script.finish("ann0")
    assert script.at("chat-1") == 2


@pytest.mark.parametrize("status", [400, 404, 500])
def test_an_error_is_no_proof_that_the_model_is_loaded(status):
    script = Script()
    script.up(parallel=3)
    script.burst(3)
    script.finish("ann0", status=status)
    assert script.scheduler.state.fleet.instances["chat-1"].copies[LLAMA].state is ModelState.LOADING
    assert script.at("chat-1") == 1
    script.finish("ann1", status=status)
    script.finish("ann2", status=status)
    assert script.scheduler.state.fleet.instances["chat-1"].copies[LLAMA].state is ModelState.COLD


def test_an_error_leaves_a_loaded_model_loaded(script):
    script.burst(3)
    script.finish("ann0", status=400)
    assert script.scheduler.state.fleet.instances["chat-1"].copies[LLAMA].state is ModelState.WARM
    assert script.at("chat-1") == 2


def test_nothing_is_learned_from_an_error(script):
    script.arrive(job("one", prompt_tokens=500))
    script.wait(3)
    script.first_byte("one")
    script.finish("one", prompt_tokens=500, output_tokens=80)
    before = deepcopy(script.scheduler.state.estimates)
    script.arrive(job("two", prompt_tokens=500))
    script.finish("two", status=400)
    after = script.scheduler.state.estimates
    assert (after.models, after.outputs, after.loads) == (before.models, before.outputs, before.loads)
    assert script.scheduler.state.ledger.pending == {}


def loading(actions: list[say.Action]) -> list[tuple[str, bool]]:
    return [(action.id, action.loading) for action in actions if isinstance(action, say.Dispatch)]


def test_a_dispatch_says_whether_the_instance_must_load_the_model_first():
    script = Script()
    script.up(parallel=1)
    assert loading(script.tell(say.Arrived(job("cold")))) == [("cold", True)]
    script.arrive(job("warm"))
    script.sent.pop("cold")
    assert loading(script.tell(say.Finished("cold", Usage()))) == [("warm", False)]
    script.finish("warm")
    script.tell(say.Unloaded("chat-1", LLAMA))
    assert loading(script.tell(say.Arrived(job("cold again")))) == [("cold again", True)]


@pytest.mark.parametrize("state", ["waits", "runs", "is preempted", "is parked"])
def test_a_request_that_the_user_cancels_is_answered_and_one_whose_client_left_is_not(state):
    for by_user in (True, False):
        script = Script()
        script.warm(parallel=1)
        if state == "waits":
            script.arrive(job("first"))
        script.arrive(job("one", request_class=RequestClass.BATCH))
        if state == "is parked":
            script.fail("one")
        script.arrive(job("next"))
        assert script.aborts == (["one"] if state in ("runs", "is preempted") else [])
        if state == "runs":
            script.first_byte("one")
        actions = script.tell(say.Cancelled("one", by_user))
        assert [action.refusal.reason for action in actions if isinstance(action, say.Reply)] == (
            [RefusalReason.CANCELLED] if by_user else []
        )
        assert loading(actions) == ([("next", False)] if state in ("runs", "is preempted") else [])
        assert not any(isinstance(action, say.Reply) for action in script.tell(say.Cancelled("one", by_user)))
