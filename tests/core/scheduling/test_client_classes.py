"""The classes that the user lays down for clients."""

from msgspec.structs import replace

from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.client_classes import REQUESTS_PER_STEP
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import Script, embed, job

INTERACTIVE, BATCH = RequestClass.INTERACTIVE, RequestClass.BATCH
FLOOD = "flood (pid 7)"


def started(parallel: int = 2, **classes: RequestClass) -> Script:
    script = Script(Policy(classes=classes))
    script.warm(parallel=parallel)
    return script


def lay_down(script: Script, **classes: RequestClass) -> list[say.Action]:
    return script.tell(say.Reconfigured(replace(script.scheduler.policy, classes=classes)))


def classed(actions: list[say.Action]) -> dict[str, RequestClass]:
    return {one.id: one.request_class for one in actions if isinstance(one, say.Classed)}


def test_the_class_of_a_client_replaces_that_of_its_requests() -> None:
    script = started(flood=BATCH)
    assert classed(script.tell(say.Arrived(job("a", FLOOD)))) == {"a": BATCH}
    assert classed(script.tell(say.Arrived(embed("b", FLOOD)))) == {"b": BATCH}
    assert classed(script.tell(say.Arrived(job("c", FLOOD, request_class=BATCH)))) == {}
    assert classed(script.tell(say.Arrived(job("d", "ann")))) == {}


def test_waiting_requests_of_a_client_let_others_go_first_at_once() -> None:
    script = started(parallel=1)
    script.arrive(*(job(f"flood{number}", FLOOD) for number in range(4)))
    script.arrive(job("chat", "ann"), job("slow", "bulk", request_class=BATCH))
    assert script.position("chat") == 4
    actions = lay_down(script, flood=BATCH)
    assert classed(actions) == dict.fromkeys(("flood0", "flood1", "flood2", "flood3"), BATCH)
    assert script.position("chat") == 1
    script.first_byte("flood0")
    script.finish("flood0")
    assert list(script.sent) == ["chat"]


def test_without_the_rule_each_request_has_the_class_that_it_asked_for() -> None:
    script = started(parallel=1, flood=BATCH)
    script.arrive(job("first", "ann"), job("a", FLOOD), job("b", FLOOD, request_class=BATCH))
    assert classed(lay_down(script)) == {"a": INTERACTIVE}
    assert classed(lay_down(script, flood=INTERACTIVE)) == {"b": INTERACTIVE}


def test_running_requests_count_as_batch_work_at_once() -> None:
    script = started(parallel=2)
    script.arrive(job("chat", "ann"))
    script.first_byte("chat")
    script.finish("chat")
    script.arrive(job("a", FLOOD), job("b", FLOOD))
    script.first_byte("a")
    lay_down(script, flood=BATCH)
    script.arrive(job("again", "ann"))
    assert script.aborts == ["b"]
    script.requeue("b")
    assert "again" in script.sent


def test_a_request_that_waits_again_has_its_new_class() -> None:
    script = started(parallel=1)
    script.arrive(job("a", FLOOD), job("chat", "ann"))
    lay_down(script, flood=BATCH)
    script.fail("a")
    script.wait(1)
    assert list(script.sent) == ["chat"]
    assert script.position("a") == 1


def test_a_client_of_the_class_interactive_holds_batch_work_back() -> None:
    script = started(parallel=1, flood=INTERACTIVE)
    script.arrive(
        job("first", "ann"), job("other", "bulk", request_class=BATCH), job("mine", FLOOD, request_class=BATCH)
    )
    assert script.position("mine") == 1


def test_a_batch_client_that_was_moved_to_the_front_stays_there() -> None:
    script = started(parallel=1)
    script.arrive(job("first", "ann"), job("a", FLOOD), job("b", FLOOD))
    script.tell(say.MovedToFront(RequestId("b")))
    lay_down(script, flood=BATCH)
    assert (script.position("b"), script.position("a")) == (1, 2)


def test_the_same_rules_again_change_nothing() -> None:
    script = started(parallel=1, flood=BATCH)
    script.arrive(job("first", "ann"), job("a", FLOOD))
    assert classed(lay_down(script, flood=BATCH, other=INTERACTIVE)) == {}


def test_ten_thousand_requests_get_another_class_in_many_short_steps() -> None:
    script = started(parallel=1)
    script.arrive(*(job(f"flood{number}", FLOOD) for number in range(1000)))
    script.arrive(job("chat", "ann"))
    assert len(classed(lay_down(script, flood=BATCH))) == REQUESTS_PER_STEP
    script.cancel("flood999")
    script.wait(0)
    tickets = script.scheduler.state.queue.tickets
    assert [one.job.id for one in tickets.values() if not one.batch] == ["chat"]
    assert script.scheduler.waiting(1)[0].id == "chat"


def identify(script: Script, **clients: str) -> list[say.Action]:
    named = {RequestId(name): ClientId(client) for name, client in clients.items()}
    return script.tell(say.Identified({}, named))


def test_a_client_that_becomes_known_after_its_requests_came_has_its_class_for_them() -> None:
    script = started(parallel=1, flood=BATCH)
    script.arrive(job("first", "127.0.0.1"), job("a", "127.0.0.1"), job("chat", "127.0.0.1"))
    assert classed(identify(script, first=FLOOD, a=FLOOD, unknown=FLOOD)) == {"first": BATCH, "a": BATCH}
    assert script.position("chat") == 1


def test_it_takes_turns_with_others_by_itself_from_then_on() -> None:
    script = started(parallel=1)
    script.arrive(job("first", "127.0.0.1"), job("a", "127.0.0.1"), job("b", "127.0.0.1"), job("chat", "127.0.0.1"))
    identify(script, first=FLOOD, a=FLOOD, b=FLOOD)
    script.drain()
    assert script.order() == ["first", "chat", "a", "b"]


def test_its_limit_holds_too() -> None:
    script = Script(Policy(limits={"flood": 1}))
    script.warm(parallel=3)
    script.arrive(*(job(name, "127.0.0.1") for name in "abcde"))
    identify(script, a=FLOOD, b=FLOOD, d=FLOOD)
    script.finish("a")
    script.finish("c")
    assert sorted(script.sent) == ["b", "e"]
    assert script.why("d") == "flood already runs as many requests as it may at once: 1."
