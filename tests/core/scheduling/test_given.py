"""While the GPU is given to others: nothing is dispatched, nothing is refused, and what is cut loses nothing."""

from msgspec.structs import replace

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import RefusalReason
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, SECOND, Script, job

GIVEN = notice("waiting.given_program", program="blender", seconds=30.0)
CUT = say.Cut(notice("preempted.given"))


def give(script: Script) -> None:
    script.tell(say.Reconfigured(replace(script.scheduler.policy, given=GIVEN)))


def take_back(script: Script) -> None:
    script.tell(say.Reconfigured(replace(script.scheduler.policy, given=None)))


def test_requests_wait_say_why_and_go_on_in_their_order() -> None:
    script = Script()
    script.warm(parallel=1)
    give(script)
    script.burst(3)
    assert script.sent == {}
    assert script.why("ann0") == render(GIVEN)
    take_back(script)
    script.drain()
    assert script.order() == ["ann0", "ann1", "ann2"]


def test_heartbeats_come_without_a_time_that_nobody_knows() -> None:
    script = Script()
    script.warm(parallel=1)
    script.burst(1)
    script.drain()
    give(script)
    script.arrive(job("next", heartbeat=True), job("last", heartbeat=True))
    script.wait(8)
    assert [(one.id, one.position, one.eta_s) for one in script.heartbeats[-2:]] == [
        ("next", 1, None),
        ("last", 2, None),
    ]
    assert [one.eta_s for one in script.scheduler.waiting()] == [None, None]
    take_back(script)
    assert script.scheduler.waiting()[0].eta_s is not None


def test_it_says_so_also_where_a_context_would_keep_a_request_waiting() -> None:
    script = Script()
    script.up(parallel=1, context_length=2048)
    script.arrive(job("short"))
    script.loaded(context=2048)
    give(script)
    script.arrive(job("other", model=LLAMA))
    assert script.why("other") == render(GIVEN)


def test_the_pause_of_the_user_stays_when_the_gpu_comes_back() -> None:
    script = Script(Policy(paused=True))
    script.warm()
    give(script)
    script.burst(1)
    assert script.why("ann0") == "Paused by the user."
    take_back(script)
    assert script.sent == {}
    give(script)
    script.tell(say.Reconfigured(replace(script.scheduler.policy, paused=False)))
    assert script.sent == {}
    assert script.why("ann0") == render(GIVEN)


def test_a_cut_ends_begun_answers_and_lets_all_others_wait_again() -> None:
    script = Script()
    script.warm(parallel=3)
    script.arrive(job("begun"), job("silent"), job("plain", stream=False))
    script.first_byte("begun")
    give(script)
    script.tell(CUT)
    del script.sent["begun"]
    assert (script.aborts, list(script.replies)) == (["silent", "plain"], ["begun"])
    assert script.replies["begun"].reason is RefusalReason.CANCELLED
    assert script.refused("begun") == "The models make room for other programs."
    script.requeue("silent")
    script.requeue("plain")
    assert script.sent == {}
    assert script.scheduler.in_flight() == 0
    take_back(script)
    assert list(script.sent) == ["silent", "plain"]


def test_an_answer_that_begins_before_it_is_cut_goes_on() -> None:
    script = Script()
    script.warm()
    script.burst(1)
    script.tell(CUT)
    script.first_byte("ann0")
    script.finish("ann0")
    assert script.replies == {}


def test_the_longest_wait_does_not_count_meanwhile() -> None:
    script = Script(Policy(queue_timeout_us=60 * SECOND))
    script.warm(parallel=1)
    script.arrive(job("runs"), job("before"))
    script.wait(50)
    give(script)
    script.arrive(job("meanwhile"))
    script.wait(3600)
    assert script.replies == {}
    take_back(script)
    script.wait(9)
    assert script.replies == {}
    script.wait(2)
    assert list(script.replies) == ["before"]
    script.wait(48)
    assert list(script.replies) == ["before"]
    script.wait(3)
    assert list(script.replies) == ["before", "meanwhile"]


def test_the_time_that_a_client_has_set_counts() -> None:
    script = Script()
    script.warm(parallel=1)
    give(script)
    script.arrive(job("hasty", deadline_us=10 * SECOND))
    script.wait(11)
    assert list(script.replies) == ["hasty"]


def test_a_recorded_run_tells_of_it() -> None:
    for event in (CUT, say.Reconfigured(Policy(given=GIVEN))):
        (step,) = event_log.read([event_log.line(0, event, ())])
        assert step.event == event
