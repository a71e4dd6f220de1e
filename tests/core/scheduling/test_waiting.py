from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import FailureKind, RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
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
    script.tell(say.Reconfigured(Policy(paused=True)))
    assert script.why("two") == "Paused by the user."


def test_a_failed_attempt_is_shown_with_the_time_of_the_next():
    script = Script()
    script.warm()
    script.arrive(job("one"))
    script.fail("one", FailureKind.RUNNER, error="the runner died")
    assert script.why("one").startswith("Tried again in 0.")
    assert script.why("one").endswith(' s: The instance answered with the error "the runner died".')


def test_what_is_shown_of_a_waiting_request_stays_the_same_between_two_tenths_of_a_second():
    script = Script()
    script.warm()
    script.burst(4)
    script.fail("ann0", FailureKind.RUNNER)
    seen = script.scheduler.waiting()
    script.now += 1000
    script.tell(say.Progressed(RequestId("ann1"), 1))
    assert script.scheduler.waiting() == seen


def test_several_instances_that_are_away_are_named_together():
    script = Script()
    script.warm("chat-1")
    script.warm("chat-2")
    for name in ("chat-1", "chat-2"):
        script.tell(say.Draining(InstanceId(name), on=True))
    script.arrive(job("one"))
    assert script.why("one") == "chat-1 and chat-2 take no new requests before their restarts."


def test_an_instance_with_an_open_circuit_breaker_is_named():
    script = Script()
    script.warm(parallel=1)
    for number in range(5):
        script.arrive(job(f"r{number}"))
        script.fail(f"r{number}", FailureKind.CLOSED)
    script.arrive(job("one"))
    assert script.why("one") == "chat-1 failed several times; no requests go there until it is tried again."


def test_a_worker_that_stays_idle_for_lack_of_memory_is_explained():
    script = Script()
    script.tell(say.CatalogRead((ModelFacts(LLAMA, size=8_000_000_000, capabilities=("completion",)),)))
    script.tell(say.MemoryMeasured(12_000_000_000, 12_000_000_000))
    script.warm("chat-1", parallel=1)
    script.up("chat-2", parallel=1)
    script.arrive(job("one"), job("two"))
    assert script.why("two") == f"The one slot of {LLAMA} is taken. There is no memory left for it at chat-2."


def test_the_list_can_be_cut():
    script = Script()
    script.warm(parallel=1)
    script.burst(20)
    assert len(script.scheduler.waiting(limit=5)) == 5
    assert script.scheduler.queued() == 19


def test_batch_work_is_told_that_a_free_slot_is_kept_for_chats():
    script = Script()
    script.warm(parallel=2)
    script.arrive(job("chat", "eve"))
    script.first_byte("chat")
    script.finish("chat")
    script.burst(3, "bulk", request_class=RequestClass.BATCH)
    script.first_byte("bulk0")
    assert script.why("bulk1") == "The free slot of llama3.1:8b is kept for chats: batch work waits."


def test_a_request_is_told_that_more_urgent_ones_go_first():
    script = Script()
    script.warm(parallel=1)
    script.arrive(job("first", "eve"))
    script.burst(3, "bulk", request_class=RequestClass.BATCH)
    assert script.why("bulk1") == "The one slot of llama3.1:8b is taken."
    script.burst(2, "ann")
    assert script.why("bulk1") == "The one slot of llama3.1:8b is taken. More urgent requests go first: 2."
    assert script.why("ann1") == "The one slot of llama3.1:8b is taken."
    script.tell(say.MovedToFront(RequestId("bulk2")))
    assert script.why("bulk2") == "The one slot of llama3.1:8b is taken."
