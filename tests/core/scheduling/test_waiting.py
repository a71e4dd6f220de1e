from ollama_panel.core.records import FailureKind
from ollama_panel.core.scheduling import messages as say
from tests.core.scheduling.script import LLAMA, Script, job


def test_every_wait_has_a_reason():
    script = Script()
    script.arrive(job("one"))
    assert script.why("one") == "No Ollama instance is running."
    script.up(parallel=1)
    script.arrive(job("two"))
    assert script.why("two") == f"{LLAMA} is being loaded at chat-1."
    script.loaded()
    assert script.why("two") == f"The one slot of {LLAMA} is taken."
    script.tell(say.Reconfigured(say.Policy(paused=True)))
    assert script.why("two") == "Paused by the user."


def test_a_failed_attempt_is_told_with_the_time_of_the_next():
    script = Script()
    script.warm()
    script.arrive(job("one"))
    script.fail("one", FailureKind.RUNNER, message="the runner died")
    assert script.why("one").startswith("Tried again in 0.")
    assert script.why("one").endswith("the runner died")


def test_an_instance_that_is_spared_is_named():
    script = Script()
    script.warm(parallel=1)
    for number in range(5):
        script.arrive(job(f"r{number}"))
        script.fail(f"r{number}", FailureKind.CLOSED)
    script.arrive(job("one"))
    assert script.why("one") == "chat-1 failed several times and is spared for a moment."


def test_the_list_can_be_cut():
    script = Script()
    script.warm(parallel=1)
    script.burst(20)
    assert len(script.brain.waiting(limit=5)) == 5
    assert script.brain.queued() == 19
