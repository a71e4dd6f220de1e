"""The panel loads models for nobody's request: one at a time, after the requests that wait, within the memory."""

import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import LoadOptions, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.residency import UNLOAD_TIMEOUT_US
from tests.core.scheduling.script import Script, job

GB = 10**9
A, B, C = ModelName("a:8b"), ModelName("b:14b"), ModelName("c:3b")
CATALOG = (
    ModelFacts(A, size=8 * GB, capabilities=("completion",)),
    ModelFacts(B, size=9 * GB, capabilities=("completion",)),
    ModelFacts(C, size=3 * GB, capabilities=("completion",)),
)


def scripted(memory: int = 100 * GB, spill: int = 0, policy: Policy | None = None, **facts: object) -> Script:
    script = Script(policy)
    script.tell(say.CatalogRead(CATALOG))
    script.tell(say.MemoryMeasured(memory, memory, spill=spill))
    script.up(**facts)  # type: ignore[arg-type]
    return script


def begun(script: Script) -> list[tuple[str, str]]:
    return [(one.instance, one.model) for one in script.own_loads]


def outcomes(script: Script) -> list[tuple[str, str]]:
    return [(one.model, render(one.why) if one.why else "loaded") for one in script.over]


def test_loads_are_made_one_after_the_other_over_all_instances():
    script = scripted()
    script.up("chat-2")
    for name in ("chat-1", "chat-2"):
        script.want(A, name)
        script.want(C, name)
    assert begun(script) == [("chat-1", A)]
    assert script.scheduler.loading(InstanceId("chat-1")) == (A, C)
    script.load_ended(A)
    script.load_ended(C)
    script.load_ended(A, "chat-2")
    assert begun(script) == [("chat-1", A), ("chat-1", C), ("chat-2", A), ("chat-2", C)]
    script.load_ended(C, "chat-2")
    assert outcomes(script) == [(A, "loaded"), (C, "loaded")] * 2
    assert script.scheduler.loading(InstanceId("chat-1")) == ()
    assert script.scheduler.holds_at(InstanceId("chat-2"), C)


def test_a_request_for_the_model_waits_for_the_load_and_is_dispatched_at_its_end():
    script = scripted()
    script.want(A)
    script.arrive(job("a1", model=A))
    assert script.sent == {}
    assert script.why("a1") == "a:8b is being loaded at chat-1."
    script.load_ended(A)
    assert script.sent == {"a1": "chat-1"}
    assert not any(isinstance(one, say.Load) for one in script.own_loads[1:])


def test_requests_that_wait_for_a_load_come_before_the_panels_own():
    script = scripted()
    script.want(A)
    script.want(C)
    script.arrive(job("b1", model=B))
    script.load_ended(A)
    assert script.sent == {"b1": "chat-1"}
    assert begun(script) == [("chat-1", A)]
    script.first_byte("b1")
    assert begun(script) == [("chat-1", A), ("chat-1", C)]


def test_none_begins_while_a_request_loads_a_model_and_while_dispatching_is_paused():
    script = scripted(policy=Policy(paused=True))
    script.want(A)
    assert begun(script) == []
    script.tell(say.Reconfigured(Policy()))
    assert begun(script) == [("chat-1", A)]
    script.load_ended(A)
    script.arrive(job("b1", model=B))
    script.want(C)
    assert len(script.own_loads) == 1
    script.first_byte("b1")
    assert begun(script)[1:] == [("chat-1", C)]


def test_a_model_that_is_in_memory_already_is_none_to_load():
    script = scripted()
    script.loaded(model=A)
    script.want(A)
    assert outcomes(script) == [(A, "loaded")]
    assert script.own_loads == []


def test_a_load_that_fails_leaves_the_turn_to_the_next():
    script = scripted()
    script.want(A)
    script.want(C)
    script.load_ended(A, error="no such model")
    assert begun(script) == [("chat-1", A), ("chat-1", C)]
    assert outcomes(script) == [(A, 'The instance answered with the error "no such model".')]
    script.arrive(job("a1", model=A))
    script.load_ended(C)
    assert script.sent == {"a1": "chat-1"}


def test_an_instance_that_goes_down_ends_its_loads_and_frees_the_turn():
    script = scripted()
    script.up("chat-2")
    script.want(A)
    script.want(C)
    script.want(A, "chat-2")
    script.down()
    assert [model for model, _ in outcomes(script)] == [A, C]
    assert begun(script) == [("chat-1", A), ("chat-2", A)]
    script.load_ended(A)  # the outcome of the first comes late
    assert script.scheduler.loading(InstanceId("chat-2")) == (A,)
    script.load_ended(A, "chat-2")
    assert outcomes(script)[-1] == (A, "loaded")


def test_a_process_that_takes_the_place_of_another_gets_the_load_anew():
    script = scripted()
    script.want(A)
    first = script.own_loads[0]
    script.tell(say.InstanceUp(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, "http://chat-1:2", 2))
    assert begun(script) == [("chat-1", A)] * 2
    script.tell(say.LoadEnded(first.instance, A, generation=first.generation))
    assert script.over == []
    script.load_ended(A)
    assert outcomes(script) == [(A, "loaded")]


def test_a_load_waits_while_something_else_is_loaded_for_the_panel():
    script = scripted()
    script.tell(say.Reserved(4 * GB, loading=True))
    script.want(A)
    assert script.own_loads == []
    script.tell(say.Reserved(4 * GB))
    assert begun(script) == [("chat-1", A)]


def test_a_load_waits_for_an_instance_that_drains():
    script = scripted()
    script.tell(say.Draining(InstanceId("chat-1"), on=True))
    script.want(A)
    assert script.own_loads == []
    script.tell(say.Draining(InstanceId("chat-1"), on=False))
    assert begun(script) == [("chat-1", A)]


def test_an_idle_model_leaves_for_it_first():
    script = scripted(16 * GB)
    script.loaded(model=B)
    script.wait(30)
    script.want(A)
    assert [one.model for one in script.loads] == [B]
    assert script.own_loads == []
    script.tell(say.Unloaded(InstanceId("chat-1"), B))
    script.tell(say.MemoryMeasured(16 * GB, 16 * GB))
    assert begun(script) == [("chat-1", A)]


def test_a_busy_model_gets_a_quarter_of_a_minute():
    script = scripted(16 * GB)
    script.loaded(model=B)
    script.arrive(job("b1", model=B))
    script.want(A)
    script.wait(14)
    script.arrive(job("b2", model=B))
    assert "b2" in script.sent
    script.wait(5)
    script.arrive(job("b3", model=B))
    assert "b3" not in script.sent
    for name in ("b1", "b2"):
        script.first_byte(name)
        script.finish(name)
    assert [one.model for one in script.loads] == [B]


def test_pinned_models_never_leave_for_it_and_it_is_refused():
    script = scripted(16 * GB, pinned=(B,))
    script.loaded(model=B)
    script.wait(60)
    script.want(A)
    assert script.loads == []
    model, why = outcomes(script)[0]
    assert (model, "does not fit" in why, B in why) == (A, True, True)


def test_a_request_that_does_not_fit_beside_pinned_models_is_refused_in_a_sentence_that_names_them():
    script = scripted(16 * GB, pinned=(B,))
    script.loaded(model=B)
    script.wait(60)
    script.arrive(job("a1", model=A))
    assert script.refused("a1").startswith("a:8b needs ")
    assert "beside b:14b." in script.refused("a1")
    script.arrive(job("b1", model=B))
    assert script.sent == {"b1": "chat-1"}


def test_a_request_for_a_pinned_model_that_does_not_fit_beside_the_others_is_refused_as_well():
    script = scripted(16 * GB, pinned=(B, A))
    script.loaded(model=B)
    script.wait(60)
    script.arrive(job("a1", model=A))
    assert script.refused("a1").startswith("a:8b needs ")


def test_a_request_waits_for_memory_beside_pinned_models_that_a_successor_has_for_a_while():
    script = scripted(16 * GB, pinned=(B,))
    script.loaded(model=B)
    script.wait(60)
    script.tell(say.Reserved(10 * GB))
    script.arrive(job("c1", model=C))
    assert (script.sent, script.replies) == ({}, {})
    script.tell(say.Reserved())
    assert script.sent == {"c1": "chat-1"}


def test_it_spills_to_the_main_memory_where_another_instance_may():
    script = scripted(16 * GB, spill=64 * GB, pinned=(B,))
    script.loaded(model=B)
    script.arrive(job("a1", model=A))
    assert "does not fit" in script.refused("a1")  # Ollama itself would unload the pinned one for it there
    script.up("chat-2", pinned=(B,))
    script.arrive(job("a2", model=A))
    assert script.sent == {"a2": "chat-2"}


def test_models_that_are_not_pinned_leave_before_a_request_is_refused():
    script = scripted(16 * GB, pinned=(C,))
    script.loaded(model=C)
    script.loaded(model=B)
    script.wait(60)
    script.arrive(job("a1", model=A))
    assert [one.model for one in script.loads] == [B]
    assert script.replies == {}


def test_a_pinned_model_does_not_leave_for_one_that_no_place_is_left_for():
    script = scripted(pinned=(B,), most_loaded=1)
    script.loaded(model=B)
    script.wait(60)
    script.arrive(job("a1", model=A))
    assert script.refused("a1").startswith("a:8b is not loaded beside b:14b: a worker has 1 in memory at once")
    script.want(A)
    assert [model for model, why in outcomes(script) if "at once" in why] == [A]
    script.up("chat-2", pinned=(B,), most_loaded=2)
    script.arrive(job("a2", model=A))
    assert script.sent == {"a2": "chat-2"}


def test_one_that_is_not_pinned_leaves_if_no_place_is_left():
    script = scripted(pinned=(B,), most_loaded=2)
    script.up("chat-2")
    script.loaded("chat-2", C)
    script.wait(1)
    for model in (B, C):
        script.loaded(model=model)
    script.wait(60)
    script.tell(say.Draining(InstanceId("chat-2"), True))
    script.arrive(job("a1", model=A))
    assert [(one.instance, one.model) for one in script.loads] == [("chat-1", C)]
    assert (script.sent, script.replies) == ({}, {})


def test_clients_do_not_stop_pinned_models():
    script = scripted(pinned=(A,))
    script.loaded(model=A)
    script.loaded(model=C)
    script.tell(say.Stopped(A))
    script.tell(say.Stopped(C))
    assert [one.model for one in script.loads] == [C]


def test_the_user_does_once_the_requests_there_have_ended():
    script = scripted(pinned=(A,))
    script.up("chat-2")
    script.loaded(model=A)
    script.arrive(job("a1", model=A))
    script.tell(say.UnloadWanted(InstanceId("chat-1"), A))
    script.arrive(job("a2", model=A))
    assert script.loads == []
    assert script.sent == {"a1": "chat-1", "a2": "chat-2"}
    script.first_byte("a1")
    script.finish("a1")
    assert [(one.instance, one.model) for one in script.loads] == [("chat-1", A)]
    assert script.left == []
    script.tell(say.Unloaded(InstanceId("chat-1"), A))
    assert script.left == [say.UnloadOver(InstanceId("chat-1"), A)]


def test_an_unload_that_its_server_never_confirms_is_over_in_time_also_while_nothing_else_happens():
    for policy in (Policy(), Policy(paused=True)):
        script = scripted(policy=policy)
        script.loaded(model=A)
        script.tell(say.UnloadWanted(InstanceId("chat-1"), A))
        script.wait(UNLOAD_TIMEOUT_US / 1e6)
        assert script.left == [say.UnloadOver(InstanceId("chat-1"), A)]


def test_what_is_not_in_memory_has_left_it():
    script = scripted()
    for name in ("chat-1", "chat-9"):
        script.tell(say.UnloadWanted(InstanceId(name), A))
    script.loaded(model=C)
    script.arrive(job("c1", model=C))
    script.tell(say.UnloadWanted(InstanceId("chat-1"), C))
    script.down()
    assert [(one.instance, one.model) for one in script.left] == [("chat-1", A), ("chat-9", A), ("chat-1", C)]


def test_a_load_that_has_not_begun_is_given_up_for_an_unload():
    script = scripted()
    script.want(A)
    script.want(C)
    script.tell(say.UnloadWanted(InstanceId("chat-1"), C))
    assert [model for model, _ in outcomes(script)] == [C]


@pytest.mark.parametrize("batch", [None, 1024])
def test_the_runner_gets_the_options_that_requests_will_have(batch):
    script = scripted(num_batch=batch)
    script.want(A)
    script.load_ended(A)
    script.arrive(job("a1", model=A))
    assert script.own_loads[0].options == (script.placements["a1"].options or LoadOptions())
