"""A stop of a model (`ollama stop`) reaches every copy, as soon as it is idle."""

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, NOMIC, Script, job


def unloaded_at(script: Script) -> list[str]:
    return [one.instance for one in script.loads if isinstance(one, say.Unload)]


def stop(script: Script, model: ModelName = LLAMA) -> None:
    script.tell(say.Stopped(model))


def confirm(script: Script, *names: str) -> None:
    for name in names:
        script.tell(say.Unloaded(name, LLAMA))


@pytest.fixture
def script() -> Script:
    script = Script()
    for name in ("chat-1", "chat-2", "chat-3"):
        script.warm(name, parallel=1)
    return script


def test_every_idle_copy_is_unloaded_at_once(script):
    script.loaded("chat-1", NOMIC)
    stop(script)
    assert [(one.instance, one.model) for one in script.loads] == [(f"chat-{number}", LLAMA) for number in (1, 2, 3)]
    confirm(script, "chat-1", "chat-2")
    assert script.scheduler.holds(LLAMA)
    confirm(script, "chat-3")
    assert not script.scheduler.holds(LLAMA)
    assert script.scheduler.holds(NOMIC)


def test_a_busy_copy_is_unloaded_when_its_requests_have_ended(script):
    script.arrive(job("one"))
    stop(script)
    assert unloaded_at(script) == ["chat-2", "chat-3"]
    script.first_byte("one")
    assert unloaded_at(script) == ["chat-2", "chat-3"]
    script.finish("one")
    assert unloaded_at(script) == ["chat-2", "chat-3", "chat-1"]


@pytest.mark.parametrize("end", ["finish", "fail", "cancel"])
def test_however_its_last_request_ends(script, end):
    script.arrive(job("one"))
    stop(script)
    {
        "finish": lambda: script.finish("one", status=400),
        "fail": lambda: script.fail("one", sent=True),
        "cancel": lambda: script.cancel("one"),
    }[end]()
    assert unloaded_at(script)[-1] == "chat-1"


def test_requests_that_wait_are_answered_before_their_model_goes(script):
    script.burst(5)
    stop(script)
    assert unloaded_at(script) == []
    for number in range(3):
        script.finish(f"ann{number}")
    assert set(script.sent) == {"ann3", "ann4"}
    script.drain()
    assert sorted(unloaded_at(script)) == ["chat-1", "chat-2", "chat-3"]


def test_a_model_that_is_being_loaded_goes_after_the_request_that_loads_it():
    script = Script()
    script.up()
    script.arrive(job("one"))
    stop(script)
    assert unloaded_at(script) == []
    script.loaded()
    assert unloaded_at(script) == []
    script.finish("one")
    assert unloaded_at(script) == ["chat-1"]


def test_a_later_request_with_a_wish_of_its_own_keeps_the_model_as_in_ollama(script):
    script.down("chat-2")
    script.down("chat-3")
    script.up("chat-1", parallel=3)
    script.loaded(parallel=3)
    script.arrive(job("old"))
    stop(script)
    script.arrive(job("none", "bob"), job("zero", "eve", keep_alive_s=0))
    script.finish("zero")
    script.finish("none")
    assert script.scheduler.state.stopping
    script.arrive(job("wish", "bob", keep_alive_s=600))
    script.finish("old")
    script.finish("wish")
    assert unloaded_at(script) == []


def test_the_wish_of_a_request_that_waited_before_the_stop_is_stopped_too(script):
    script.down("chat-2")
    script.down("chat-3")
    script.arrive(job("runs"), job("waits", "bob", keep_alive_s=-1))
    stop(script)
    script.finish("runs")
    assert script.sent == {"waits": "chat-1"}
    script.finish("waits")
    assert unloaded_at(script) == ["chat-1"]
    confirm(script, "chat-1")
    script.arrive(job("later", keep_alive_s=60))
    assert script.placements["later"].keep_alive is None


def test_an_instance_that_goes_down_needs_no_stop(script):
    script.arrive(job("one"))
    stop(script)
    script.down("chat-1")
    script.fail("one", sent=True)
    assert unloaded_at(script) == ["chat-2", "chat-3"]
    assert script.scheduler.state.stopping == {}
    script.up("chat-1", parallel=1)
    script.loaded()
    assert unloaded_at(script) == ["chat-2", "chat-3"]


def test_nothing_is_sent_to_an_instance_that_is_down(script):
    script.down("chat-2")
    stop(script)
    assert unloaded_at(script) == ["chat-1", "chat-3"]


def test_an_instance_may_hold_what_the_scheduler_has_not_heard_of():
    script = Script()
    script.tell(say.CatalogRead((ModelFacts(LLAMA), ModelFacts(NOMIC))))
    script.up("chat-1", store=(LLAMA,))
    script.up("other-1", store=(NOMIC,))
    assert not script.scheduler.holds(LLAMA)
    stop(script)
    assert unloaded_at(script) == ["chat-1"]


def test_an_unknown_model_is_stopped_nowhere(script):
    stop(script, ModelName("misspelt:latest"))
    assert script.loads == []
    assert not script.scheduler.holds(ModelName("misspelt:latest"))


def test_a_request_after_the_stop_loads_the_model_again(script):
    stop(script)
    script.arrive(job("one"))
    assert script.sent == {}
    confirm(script, "chat-1", "chat-2", "chat-3")
    assert script.at("chat-1") == 1
    script.finish("one")
    assert script.scheduler.holds(LLAMA)


def test_an_unload_that_is_never_confirmed_is_taken_to_be_done(script):
    stop(script)
    script.arrive(job("one"))
    script.wait(11)
    assert script.at("chat-1") == 1


def test_a_second_stop_changes_nothing(script):
    script.arrive(job("one"))
    stop(script)
    stop(script)
    script.finish("one")
    stop(script)
    assert sorted(unloaded_at(script)) == ["chat-1", "chat-2", "chat-3"]


def test_a_paused_queue_does_not_hinder_a_stop(script):
    script.tell(say.Reconfigured(Policy(paused=True)))
    stop(script)
    assert unloaded_at(script) == ["chat-1", "chat-2", "chat-3"]


def test_a_draining_instance_is_stopped_too(script):
    script.tell(say.Draining("chat-2", on=True))
    stop(script)
    assert unloaded_at(script) == ["chat-1", "chat-2", "chat-3"]


def test_a_swap_that_waits_for_the_same_copy_unloads_it_once():
    small, large = ModelName("small:4b"), ModelName("large:30b")
    script = Script()
    script.tell(say.CatalogRead((ModelFacts(small, size=7 * 10**9), ModelFacts(large, size=12 * 10**9))))
    script.tell(say.MemoryMeasured(16 * 10**9, 16 * 10**9))
    script.warm(model=small)
    script.wait(20)
    script.arrive(job("one", model=small), job("two", "bob", large))
    script.wait(30)
    stop(script, small)
    script.finish("one")
    assert script.loads == [say.Unload("chat-1", small, for_another=True)]
    script.tell(say.Unloaded("chat-1", small))
    assert script.sent == {"two": "chat-1"}


def test_a_stop_is_replayed_from_the_log_of_events(script):
    recorded = Dispatcher(Policy())
    events = [
        say.InstanceUp("chat-1", "chat", job("x").role, "http://one", 1),
        say.Loaded("chat-1", LLAMA),
        say.Arrived(job("one")),
        say.Stopped(LLAMA),
        say.Finished("one", say.Usage(), 404),
    ]
    lines = [event_log.line(at, event, recorded.step(event, at)) for at, event in enumerate(events)]
    again = Dispatcher(Policy())
    steps = list(event_log.read(lines))
    assert [tuple(again.step(step.event, step.at)) for step in steps if step.event] == [step.actions for step in steps]
    assert say.Unload("chat-1", LLAMA) in steps[-1].actions
    assert recorded.state.fleet.instances["chat-1"].copies[LLAMA].state is ModelState.UNLOADING
