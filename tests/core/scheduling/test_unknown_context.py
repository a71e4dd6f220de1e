"""Adopted servers, whose own context nobody told: no request gets less than without the panel."""

import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling import messages as say
from tests.core.scheduling.script import LLAMA, Script, job, options


@pytest.fixture
def script():
    script = Script()
    script.up(parallel=2)
    return script


def unloaded(script):
    script.tell(say.Unloaded(InstanceId("chat-1"), LLAMA))


@pytest.mark.parametrize("asked", [1024, 2048, 8192])
def test_who_asks_for_nothing_does_not_get_what_another_client_asked_for(script, asked):
    script.arrive(job("asks", "ann", options=options(asked)), job("plain", "bob"))
    script.first_byte("asks")
    assert "plain" not in script.sent
    script.finish("asks")
    script.wait(31)
    unloaded(script)
    assert script.placements["plain"].options is None
    assert script.placements["plain"].context is None


def test_both_take_turns_of_half_a_minute(script):
    script.arrive(job("plain0", "bob"))
    script.first_byte("plain0")
    script.arrive(job("asks", "ann", options=options(8192)))
    for number in range(1, 28):
        script.arrive(job(f"plain{number}", "bob"))
        script.finish(f"plain{number - 1}")
        script.first_byte(f"plain{number}")
        script.wait(1)
    assert "asks" not in script.sent
    script.wait(5)
    script.finish("plain27")
    unloaded(script)
    assert script.placements["asks"].options is None
    assert script.placements["asks"].context == 8192


@pytest.mark.parametrize("loaded_by_others", [1024, 32_768])
def test_what_another_program_loaded_is_not_the_own_context(script, loaded_by_others):
    script.loaded(context=loaded_by_others)
    script.arrive(job("plain", "bob"))
    script.loaded(context=loaded_by_others)  # reported before Ollama reloads it for this request
    script.arrive(job("asks", "ann", options=options(8192)))
    assert script.placements["plain"].options is None
    assert "asks" not in script.sent


def test_what_is_loaded_while_a_request_without_a_context_is_answered_is_the_own_one(script):
    script.arrive(job("plain", "bob"))
    script.first_byte("plain")
    script.loaded(context=16_384)
    script.arrive(job("asks", "ann", options=options(8192)))
    assert script.placements["asks"].context == 16_384
    script.finish("plain")
    script.finish("asks")
    script.arrive(job("more", "ann", options=options(30_000)))
    unloaded(script)
    script.first_byte("more")
    script.arrive(job("plain again", "bob"))
    assert script.placements["plain again"].options == options(32_768)
