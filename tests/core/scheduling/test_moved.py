"""Requests that the user moves to the front of the queue, and back."""

from ollama_panel.core.ids import ModelName, RequestId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, RequestClass
from ollama_panel.core.scheduling import messages as say
from tests.core.scheduling.script import LLAMA, Script, job

BATCH = RequestClass.BATCH


def front(script: Script, *names: str) -> None:
    for name in names:
        script.tell(say.MovedToFront(RequestId(name)))


def back(script: Script, name: str) -> None:
    script.tell(say.MovedBack(RequestId(name)))


def order(script: Script) -> list[str]:
    """Return the waiting requests by their positions."""
    return [one.id for one in sorted(script.scheduler.waiting(), key=lambda one: one.position)]


def busy(parallel: int = 1) -> Script:
    script = Script()
    script.warm(parallel=parallel)
    script.burst(parallel, "first")
    return script


def test_it_is_next_whatever_its_class_and_its_client() -> None:
    script = busy()
    script.burst(2, "chat")
    script.burst(3, "bulk", request_class=BATCH)
    front(script, "bulk2")
    assert order(script) == ["bulk2", "chat0", "chat1", "bulk0", "bulk1"]
    script.drain()
    assert script.order() == ["first0", "bulk2", "chat0", "chat1", "bulk0", "bulk1"]


def test_the_last_one_moved_goes_first() -> None:
    script = busy()
    script.burst(4, "ann")
    front(script, "ann2", "ann3", "ann2")
    assert order(script) == ["ann2", "ann3", "ann0", "ann1"]


def test_moved_back_it_is_at_its_former_place() -> None:
    script = busy()
    script.burst(4, "ann")
    front(script, "ann2", "ann3")
    back(script, "ann2")
    assert order(script) == ["ann3", "ann0", "ann1", "ann2"]
    back(script, "ann3")
    back(script, "ann3")
    assert order(script) == ["ann0", "ann1", "ann2", "ann3"]


def test_a_moved_request_takes_the_slot_that_is_kept_for_chats() -> None:
    script = Script()
    script.warm(parallel=2)
    script.arrive(job("chat", "eve"), job("bulk0", "bulk", request_class=BATCH))
    script.arrive(job("bulk1", "bulk", request_class=BATCH))
    script.first_byte("chat")
    script.finish("chat")
    script.first_byte("bulk0")
    assert "bulk1" not in script.sent
    front(script, "bulk1")
    assert "bulk1" in script.sent


def test_a_chat_does_not_take_the_slot_of_a_moved_request() -> None:
    script = busy()
    script.burst(1, "bulk", request_class=BATCH)
    front(script, "bulk0")
    script.arrive(job("chat", "eve"))
    script.finish("first0")
    assert script.sent == {"bulk0": "chat-1"}
    assert script.aborts == []


def test_it_goes_first_again_after_a_failure() -> None:
    script = busy()
    script.burst(3, "ann")
    front(script, "ann2")
    script.finish("first0")
    script.fail("ann2", FailureKind.CONNECT)
    assert "ann0" in script.sent
    script.wait(1)
    assert order(script) == ["ann2", "ann1"]


def test_one_that_is_tried_again_later_can_be_moved() -> None:
    script = busy(parallel=2)
    script.burst(2, "ann")
    script.fail("first1", FailureKind.CONNECT)
    script.arrive(job("later"))
    front(script, "first1")
    script.wait(1)
    assert order(script)[0] == "first1"


def test_its_model_is_loaded_first() -> None:
    other, third = ModelName("other:latest"), ModelName("third:latest")
    script = Script()
    script.up()
    script.tell(say.CatalogRead(tuple(ModelFacts(name, size=10) for name in (LLAMA, other, third))))
    script.arrive(job("now"), job("old", model=other), job("new", model=third))
    front(script, "new")
    script.first_byte("now")
    assert [name for name in script.order() if name != "now"] == ["new"]


def test_nothing_happens_to_requests_that_do_not_wait() -> None:
    script = busy()
    front(script, "first0", "unknown")
    back(script, "first0")
    assert script.sent == {"first0": "chat-1"}
