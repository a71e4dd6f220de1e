"""A runner that does not answer while its server does: what is dispatched there stands still."""

import pytest

from ollama_panel.core.scheduling import messages as say
from tests.core.scheduling.script import LLAMA, Script, job

GB = 10**9


@pytest.fixture
def script() -> Script:
    """Two workers with two slots; the first has the model in memory."""
    script = Script()
    script.tell(say.MemoryMeasured(20 * GB, 20 * GB))
    script.warm("chat-1")
    script.up("chat-2")
    return script


def test_requests_go_to_another_worker_which_loads_the_model(script):
    script.up("chat-1", silent=(LLAMA,))
    script.arrive(job("one"))
    assert script.sent == {"one": "chat-2"}


def test_a_conversation_leaves_a_home_that_does_not_answer(script):
    script.loaded("chat-2")
    script.arrive(job("one"))
    home = script.sent["one"]
    script.finish("one")
    script.up(home, silent=(LLAMA,))
    script.arrive(job("two"))
    assert {home, script.sent["two"]} == {"chat-1", "chat-2"}


def test_requests_wait_with_the_reason_until_it_answers(script):
    script.down("chat-2", removed=True)
    script.up("chat-1", silent=(LLAMA,))
    script.arrive(job("one"))
    assert script.sent == {}
    assert script.why("one") == "The process of chat-1 for llama3.1:8b does not answer: restart chat-1."
    script.up("chat-1")
    assert script.sent == {"one": "chat-1"}


def test_all_that_are_silent_are_named(script):
    script.loaded("chat-2")
    for name in ("chat-1", "chat-2"):
        script.up(name, silent=(LLAMA,))
    script.arrive(job("one"))
    assert script.why("one") == (
        "The processes of chat-1 and chat-2 for llama3.1:8b do not answer: restart these instances."
    )


def test_other_models_are_served_there(script):
    script.down("chat-2", removed=True)
    script.up("chat-1", silent=(LLAMA,))
    script.arrive(job("one", model="other:8b"))
    assert script.sent == {"one": "chat-1"}


def test_a_restart_ends_it(script):
    script.down("chat-2", removed=True)
    script.up("chat-1", silent=(LLAMA,))
    script.arrive(job("one"))
    script.down("chat-1")
    script.up("chat-1")
    assert script.sent == {"one": "chat-1"}
