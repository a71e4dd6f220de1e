import pytest

from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import SECOND, Script, job

BATCH = RequestClass.BATCH


@pytest.fixture
def script() -> Script:
    script = Script()
    script.warm(parallel=4)
    return script


def chat(script: Script, name: str = "chat") -> None:
    script.arrive(job(name, "eve"))


def flood(script: Script, count: int = 10) -> None:
    script.burst(count, "bulk", request_class=BATCH)


def running(script: Script) -> list[str]:
    return sorted(script.sent)


def test_batch_work_takes_all_slots_while_nobody_chats(script):
    flood(script)
    assert script.at("chat-1") == 4


def test_a_slot_stays_free_for_a_chat_that_was_there_lately(script):
    chat(script)
    script.first_byte("chat")
    script.finish("chat")
    flood(script)
    for number in range(3):
        script.first_byte(f"bulk{number}")
    assert script.at("chat-1") == 3
    chat(script, "again")
    assert "again" in script.sent


def test_the_reserved_slot_is_given_up_when_nobody_has_chatted_for_long(script):
    chat(script)
    script.first_byte("chat")
    script.finish("chat")
    script.wait(301)
    flood(script)
    assert script.at("chat-1") == 4


def test_batch_prompts_are_prefilled_one_at_a_time_beside_a_chat(script):
    chat(script)
    script.first_byte("chat")
    flood(script)
    assert running(script) == ["bulk0", "chat"]
    script.first_byte("bulk0")
    assert running(script) == ["bulk0", "bulk1", "chat"]


def test_no_batch_prompt_is_prefilled_while_a_chat_is(script):
    chat(script)
    flood(script)
    assert running(script) == ["chat"]


def test_a_chat_preempts_batch_work_that_has_sent_nothing(script):
    flood(script)
    chat(script)
    assert len(script.aborts) == 1
    script.requeue(script.aborts[0])
    assert "chat" in script.sent


def test_a_request_is_preempted_at_most_three_times(script):
    flood(script, 1)
    for number in range(5):
        chat(script, f"chat{number}")
        if script.aborts[number : number + 1]:
            script.requeue("bulk0")
        script.first_byte(f"chat{number}")
        script.finish(f"chat{number}")
    assert script.aborts == ["bulk0"] * 3
    assert running(script) == ["bulk0"]


def test_batch_work_that_streams_is_left_alone(script):
    flood(script, 4)
    for number in range(4):
        script.first_byte(f"bulk{number}")
    chat(script)
    assert script.aborts == []


def test_batch_work_is_never_starved():
    script = Script(Policy(chat_memory_us=0))
    script.warm(parallel=1)
    script.arrive(job("first", "eve"))
    flood(script, 1)
    for number in range(40):
        script.arrive(job(f"chat{number}", "eve"))
        script.wait(3)
        script.first_byte(next(iter(script.sent)))
        script.finish(next(iter(script.sent)), prompt_tokens=10, output_tokens=100)
    assert "bulk0" in script.order()
    assert script.now > 60 * SECOND


def test_the_prefill_of_a_request_that_does_not_stream_is_taken_to_end_after_a_while(script):
    chat(script)
    script.first_byte("chat")
    script.burst(2, "bulk", request_class=BATCH, stream=False, prompt_tokens=1000)
    assert running(script) == ["bulk0", "chat"]
    script.wait(3)
    assert running(script) == ["bulk0", "bulk1", "chat"]
