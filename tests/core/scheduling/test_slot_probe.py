from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Usage
from ollama_panel.core.scheduling.slot_probe import SlotProbe, hidden_wait, queued_inside
from tests.core.scheduling.script import LLAMA, Script

MS = 1_000_000
QUICK = Usage(10, 50, 1000 * MS, 0, 100 * MS, 895 * MS)
QUEUED = Usage(10, 50, 2000 * MS, 0, 100 * MS, 895 * MS)


def test_time_that_no_counter_accounts_for_is_hidden_waiting():
    assert hidden_wait(QUEUED) == 1_005_000
    assert queued_inside(QUEUED)
    assert not queued_inside(QUICK)


def test_the_openai_dialect_has_no_durations():
    assert queued_inside(Usage(10, 50)) is None


def test_slots_are_tried_until_something_waits_inside():
    slot_probe = SlotProbe()
    for concurrency in (2, 3, 4):
        slot_probe.observe(concurrency, waited=False)
    assert slot_probe.allowed() == 5
    for _ in range(3):
        slot_probe.observe(5, waited=True)
    assert slot_probe.allowed() == 4


def test_one_request_that_did_not_wait_clears_the_suspicion():
    slot_probe = SlotProbe()
    for waited in (True, True, False):
        slot_probe.observe(2, waited)
    slot_probe.observe(3, waited=True)
    assert slot_probe.allowed() == 3


def finish_all(script: Script, usage: dict[str, int]) -> None:
    for name in list(script.sent):
        script.first_byte(name)
        script.finish(name, **usage)


def fields(usage: Usage) -> dict[str, int]:
    return {name: getattr(usage, name) for name in usage.__struct_fields__}


def test_an_adopted_server_with_unknown_parallel_is_probed_with_more_and_more():
    script = Script()
    script.up("adopted-11434", parallel=1, parallel_known=False)
    script.loaded("adopted-11434")
    script.burst(20)
    assert script.at("adopted-11434") == 2
    for _ in range(3):
        finish_all(script, fields(QUICK))
    assert script.at("adopted-11434") > 3


def test_a_server_with_fewer_slots_than_configured_is_detected():
    script = Script()
    script.warm(parallel=2)
    script.burst(12)
    script.finish("ann0", **fields(QUICK))
    for number in range(1, 4):
        script.finish(f"ann{number}", **fields(QUEUED))
    assert script.at("chat-1") == 1


def test_a_forced_serial_model_is_known_from_its_facts():
    script = Script()
    script.scheduler.state.fleet.set_catalog((ModelFacts(LLAMA, family="qwen3vl", capabilities=("completion",)),))
    script.warm(parallel=4)
    script.burst(3)
    assert script.at("chat-1") == 1
