import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.residency import MANY_WAITING
from tests.core.scheduling.models import GEMMA_27B, LLAMA_8B
from tests.core.scheduling.script import Script, job

GB = 10**9
A, B = ModelName("a:8b"), ModelName("b:14b")
CATALOG = (
    ModelFacts(A, size=8 * GB, capabilities=("completion",)),
    ModelFacts(B, size=9 * GB, capabilities=("completion",)),
)


@pytest.fixture
def script() -> Script:
    script = Script()
    script.tell(say.CatalogRead(CATALOG))
    script.tell(say.MemoryMeasured(16 * GB, 16 * GB))
    script.warm(model=A)
    return script


def ask(script: Script, name: str, model: ModelName, **more) -> None:
    script.arrive(job(name, model=model, **more))


def unloads(script: Script) -> list[str]:
    return [one.model for one in script.loads]


def test_a_model_that_fits_is_loaded_beside_the_others(script):
    script.tell(say.MemoryMeasured(40 * GB, 40 * GB))
    ask(script, "b1", B)
    assert script.sent == {"b1": "chat-1"}
    assert script.loads == []


def test_an_instance_without_other_models_may_use_nearly_all_free_memory(script):
    script.tell(say.MemoryMeasured(20 * GB, 20 * GB))
    ask(script, "b1", B)
    assert script.sent == {}
    script.up("chat-2")
    ask(script, "b2", B, client="bob")
    assert "chat-2" in script.sent.values()


def test_an_idle_model_is_unloaded_before_another_is_loaded(script):
    script.wait(9)
    ask(script, "b1", B)
    assert unloads(script) == [A]
    assert script.sent == {}
    script.tell(say.Unloaded("chat-1", A))
    assert script.sent == {"b1": "chat-1"}


def test_a_busy_model_is_drained_first(script):
    script.wait(9)
    ask(script, "a1", A)
    ask(script, "b1", B)
    script.wait(60)
    assert unloads(script) == []
    ask(script, "a2", A)
    assert "a2" not in script.sent
    script.first_byte("a1")
    script.finish("a1")
    assert unloads(script) == [A]


def test_a_model_in_use_stays_for_its_dwell_time(script):
    ask(script, "b1", B)
    for number in range(7):
        ask(script, f"a{number}", A)
        script.first_byte(f"a{number}")
        script.finish(f"a{number}")
        script.wait(1)
    assert unloads(script) == []
    script.wait(2)
    assert unloads(script) == [A]


def test_an_idle_model_may_be_unloaded_after_two_seconds_within_its_dwell_time(script):
    ask(script, "b1", B)
    script.wait(1)
    assert unloads(script) == []
    script.wait(2)
    assert unloads(script) == [A]


def test_an_idle_model_is_unloaded_at_once_when_many_requests_wait(script):
    ask(script, "a1", A)
    script.first_byte("a1")
    for number in range(MANY_WAITING):
        ask(script, f"b{number}", B)
    assert unloads(script) == []
    script.finish("a1")
    assert unloads(script) == [A]


def test_one_request_does_not_evict_a_model_with_a_queue_at_once(script):
    script.wait(9)
    for number in range(4):
        ask(script, f"a{number}", A)
    ask(script, "b1", B)
    script.wait(5)
    for number in range(2):
        script.first_byte(f"a{number}")
        script.finish(f"a{number}")
    assert unloads(script) == []
    assert script.at("chat-1") == 2


def test_no_request_starves_behind_a_busy_model(script):
    script.wait(9)
    ask(script, "b1", B)
    ask(script, "b2", B, request_class=RequestClass.BATCH)
    for number in range(400):
        ask(script, f"a{number}", A)
        script.wait(0.5)
        running = [name for name in script.sent if name.startswith("a")]
        if len(running) > 1:
            script.first_byte(running[0])
            script.finish(running[0])
        if unloads(script):
            break
    assert script.now < 120_000_000


def test_an_unconfirmed_unload_is_taken_to_be_done_after_its_timeout(script):
    script.wait(9)
    ask(script, "b1", B)
    script.wait(11)
    assert script.sent == {"b1": "chat-1"}


def test_an_unload_has_its_whole_time_however_long_the_model_was_idle_before(script):
    script.wait(60)
    ask(script, "b1", B)
    script.wait(9)
    ask(script, "b2", B)
    assert script.sent == {}
    script.wait(2)
    assert script.sent == {"b1": "chat-1"}


def test_an_unconfirmed_unload_times_out_although_its_swap_was_cancelled(script):
    script.wait(9)
    ask(script, "b1", B)
    script.cancel("b1")
    ask(script, "a1", A)
    assert script.sent == {}
    script.wait(11)
    assert script.sent == {"a1": "chat-1"}


def test_a_swap_is_cancelled_when_its_client_leaves(script):
    script.wait(9)
    ask(script, "a1", A)
    ask(script, "b1", B)
    script.wait(60)
    ask(script, "a2", A)
    script.cancel("b1")
    assert "a2" in script.sent
    assert unloads(script) == []


def test_all_models_that_were_to_leave_are_open_again_when_a_swap_is_given_up(script):
    c, big = ModelName("c:4b"), ModelName("d:70b")
    more = [ModelFacts(name, size=size * GB, capabilities=("completion",)) for name, size in ((c, 4), (big, 13))]
    script.tell(say.CatalogRead((*CATALOG, *more)))
    script.loaded(model=c)
    for model in (A, c):
        ask(script, f"{model}1", model)
        script.first_byte(f"{model}1")
    ask(script, "big", big)
    script.wait(60)
    for model in (A, c):
        ask(script, f"{model}2", model)
    assert len(script.sent) == 2, "both are to leave, so nothing new is sent there"
    script.cancel("big")
    assert {f"{model}2" for model in (A, c)} <= script.sent.keys()


def test_swaps_can_be_switched_off(script):
    script.tell(say.Reconfigured(Policy(swaps=False)))
    script.wait(9)
    ask(script, "b1", B)
    script.wait(60)
    assert unloads(script) == []


def test_without_known_memory_ollama_decides():
    script = Script()
    script.tell(say.CatalogRead(CATALOG))
    script.warm(model=A)
    ask(script, "b1", B)
    assert script.sent == {"b1": "chat-1"}


def test_a_model_larger_than_the_memory_is_loaded_alone(script):
    script.tell(say.MemoryMeasured(4 * GB, 4 * GB))
    script.tell(say.Unloaded("chat-1", A))
    ask(script, "b1", B)
    assert script.sent == {"b1": "chat-1"}


def test_reported_memory_overrides_predicted_memory(script):
    script.loaded(model=A, bytes=2 * GB)
    ask(script, "b1", B)
    assert script.sent == {"b1": "chat-1"}


def script_on_48_gib(cache_type: str = "f16") -> Script:
    script = Script()
    script.tell(say.CatalogRead((LLAMA_8B, GEMMA_27B)))
    script.tell(say.MemoryMeasured(48 * GIB, 48 * GIB))
    script.up(parallel=2, context_length=65_536, cache_type=cache_type)
    script.loaded(model=LLAMA_8B.name, bytes=9 * GB)
    return script


def test_a_model_with_a_sliding_window_is_loaded_beside_another_where_it_fits():
    """With full attention it would take 84 GB, and the other model would be unloaded without need."""
    script = script_on_48_gib()
    ask(script, "g1", GEMMA_27B.name)
    assert script.sent == {"g1": "chat-1"}
    assert script.loads == []


def test_a_quantised_cache_leaves_room_for_the_other_model():
    script = script_on_48_gib("q8_0")
    script.tell(say.MemoryMeasured(40 * GIB, 40 * GIB))
    ask(script, "g1", GEMMA_27B.name)
    assert script.sent == {"g1": "chat-1"}
    script = script_on_48_gib("f16")
    script.tell(say.MemoryMeasured(40 * GIB, 40 * GIB))
    ask(script, "g1", GEMMA_27B.name)
    assert script.sent == {}
