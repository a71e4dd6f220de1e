"""What becomes of the requests at a process that is ended because models of it hang."""

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import RefusalReason, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.watchdog_told import broken_off
from tests.core.scheduling.script import LLAMA, Script, job

CHAT = InstanceId("chat-1")
WHY = broken_off(CHAT, (LLAMA,))


def test_begun_answers_end_and_say_that_their_model_hung() -> None:
    script = Script()
    script.warm(parallel=2)
    script.arrive(job("begun"), job("silent"))
    script.first_byte("begun")
    script.tell(say.BrokenOff(CHAT, (LLAMA,), WHY))
    del script.sent["begun"]
    assert (script.aborts, list(script.replies)) == ([], ["begun"])
    assert script.replies["begun"].reason is RefusalReason.FAILED
    assert "hung in the middle" in render(WHY)
    assert script.refused("begun") == render(WHY)
    script.fail("silent")
    script.drain()
    assert script.replies.keys() == {"begun"}


def test_those_of_other_models_and_of_the_process_that_is_there_now_go_on() -> None:
    script = Script()
    script.warm(parallel=2)
    script.arrive(job("old"))
    script.first_byte("old")
    before = script.scheduler.generation(CHAT)
    script.tell(say.InstanceUp(CHAT, PoolName("chat"), Role.CHAT, "http://chat-1-again", 2))
    script.loaded(parallel=2)
    script.arrive(job("new"))
    script.first_byte("new")
    script.tell(say.BrokenOff(CHAT, (), WHY))
    script.tell(say.BrokenOff(InstanceId("chat-2"), (LLAMA,), WHY))
    assert script.replies == {}
    script.tell(say.BrokenOff(CHAT, (LLAMA,), WHY, before))
    assert list(script.replies) == ["old"]
