"""The limits of clients: how many of their requests run at once."""

from msgspec.structs import replace

from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, RefusalReason, RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, Script, job

BATCH = RequestClass.BATCH
FLOOD = "flood"


def limited(limit: int = 2, parallel: int = 4, **more: object) -> Script:
    script = Script(Policy(limits={FLOOD: limit}, **more))  # type: ignore[arg-type]
    script.warm(parallel=parallel)
    return script


def limit_to(script: Script, limit: int | None) -> None:
    limits = {} if limit is None else {FLOOD: limit}
    script.tell(say.Reconfigured(replace(script.scheduler.policy, limits=limits)))


def running(script: Script, client: str = FLOOD) -> int:
    return sum(name.startswith(client) for name in script.sent)


def test_a_client_runs_no_more_at_once_than_its_limit() -> None:
    script = limited(2)
    script.burst(5, FLOOD)
    assert running(script) == 2
    script.finish("flood0")
    assert list(script.sent) == ["flood1", "flood2"]
    script.drain()
    assert script.order() == ["flood0", "flood1", "flood2", "flood3", "flood4"]


def test_others_take_the_slots_that_it_leaves() -> None:
    script = limited(1)
    script.burst(3, FLOOD)
    script.burst(3, "ann")
    assert running(script, "ann") == 3


def test_all_processes_of_a_name_share_its_limit() -> None:
    script = limited(2)
    script.arrive(job("a", f"{FLOOD} (pid 1)"), job("b", f"{FLOOD} (pid 2)"), job("c", f"{FLOOD} (pid 3)"))
    assert list(script.sent) == ["a", "b"]


def test_it_says_that_the_limit_holds_a_request_back() -> None:
    script = limited(1)
    script.burst(2, FLOOD)
    assert script.why("flood1") == "flood already runs as many requests as it may at once: 1."


def test_something_else_is_the_reason_as_long_as_fewer_run() -> None:
    script = limited(1, parallel=1)
    script.arrive(job("x", "ann"))
    script.burst(2, FLOOD)
    assert script.why("flood0") == script.why("flood1") == "The one slot of llama3.1:8b is taken."
    script.tell(say.Reconfigured(replace(script.scheduler.policy, paused=True)))
    assert script.why("flood1") == "Paused by the user."


def test_a_new_limit_holds_for_requests_that_wait_already() -> None:
    script = Script()
    script.warm(parallel=2)
    script.burst(6, FLOOD)
    limit_to(script, 1)
    script.finish("flood0")
    assert running(script) == 1
    script.finish("flood1")
    assert list(script.sent) == ["flood2"]


def test_a_higher_limit_and_none_let_waiting_requests_run_at_once() -> None:
    script = limited(1)
    script.burst(6, FLOOD)
    limit_to(script, 2)
    assert running(script) == 2
    limit_to(script, None)
    assert running(script) == 4
    script.drain()
    assert len(script.order()) == 6


def test_the_end_of_a_request_lets_one_for_another_model_run() -> None:
    other = ModelName("other:latest")
    script = limited(1)
    script.loaded(model=other)
    script.arrive(job("a", FLOOD), job("b", FLOOD, other))
    script.first_byte("a")
    script.finish("a")
    assert "b" in script.sent


def test_what_is_held_back_loads_and_unloads_no_model() -> None:
    other = ModelName("other:latest")
    script = limited(1)
    script.tell(say.CatalogRead((ModelFacts(LLAMA, size=8 << 30), ModelFacts(other, size=8 << 30))))
    script.tell(say.MemoryMeasured(10 << 30, 1 << 30))
    script.arrive(job("a", FLOOD), job("b", FLOOD, other))
    script.wait(600)
    assert script.loads == []
    assert list(script.sent) == ["a"]


def test_what_is_held_back_preempts_no_batch_work() -> None:
    script = limited(1, parallel=2)
    script.arrive(job("chat", FLOOD))
    script.first_byte("chat")
    script.arrive(job("bulk", "bulk", request_class=BATCH))
    script.burst(3, FLOOD)
    assert script.aborts == []


def test_the_most_urgent_request_of_a_client_goes_first() -> None:
    script = limited(1, parallel=1)
    script.arrive(job("x", "ann"))
    script.arrive(job("bulk", FLOOD, request_class=BATCH), job("chat", FLOOD))
    script.drain()
    assert script.order() == ["x", "chat", "bulk"]


def test_a_moved_request_waits_for_the_limit_and_for_nothing_else() -> None:
    script = limited(1)
    script.burst(3, FLOOD)
    script.tell(say.MovedToFront(RequestId("flood2")))
    assert running(script) == 1
    script.finish("flood0")
    assert list(script.sent) == ["flood2"]


def test_failed_preempted_and_cancelled_requests_count_no_more() -> None:
    script = limited(1)
    script.burst(4, FLOOD)
    script.fail("flood0", FailureKind.CONNECT)
    assert list(script.sent) == ["flood1"]
    script.cancel("flood1")
    assert list(script.sent) == ["flood2"]
    script.wait(1)
    script.cancel("flood3")
    script.finish("flood2")
    assert list(script.sent) == ["flood0"]


def test_a_held_request_has_its_position_and_its_wait() -> None:
    script = limited(1)
    script.arrive(job("first", "ann"))
    script.wait(10)
    script.first_byte("first")
    script.finish("first", prompt_tokens=100, output_tokens=50)
    script.burst(4, FLOOD)
    waiting = {one.id: one for one in script.scheduler.waiting()}
    assert [waiting[f"flood{number}"].position for number in (1, 2, 3)] == [1, 2, 3]
    etas = [waiting[f"flood{number}"].eta_s for number in (1, 2, 3)]
    assert etas == sorted(etas, key=lambda eta: eta or 0)
    assert etas[2] is not None
    assert etas[2] >= 20


def test_a_held_request_expires_and_keeps_its_sign_of_life() -> None:
    script = limited(1, queue_timeout_us=60_000_000)
    script.burst(1, FLOOD)
    script.arrive(job("waits", FLOOD, heartbeat=True))
    script.wait(10)
    assert {one.id for one in script.heartbeats} == {"waits"}
    script.wait(60)
    assert script.replies["waits"].reason is RefusalReason.QUEUE_TIMEOUT


def test_requests_that_nobody_may_answer_are_refused_though_they_are_held_back() -> None:
    script = limited(1)
    script.down(removed=True)
    script.burst(3, FLOOD)
    script.wait(200)
    assert script.replies.keys() == {"flood0", "flood1", "flood2"}
