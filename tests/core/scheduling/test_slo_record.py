"""The SLO of a pool as front ends see it."""

from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo import Slo
from tests.core.scheduling.script import LLAMA, Script, job
from tests.core.scheduling.test_curve import CHAT


def one_by_one(script: Script, count: int, first_s: float, token_s: float) -> None:
    for number in range(count):
        name = f"r{number}-{script.now}"
        script.arrive(job(name))
        script.wait(first_s)
        script.first_byte(name)
        script.wait(10 * token_s)
        script.finish(name, prompt_tokens=10, output_tokens=11)


def told(script: Script) -> str:
    record = script.scheduler.slo(CHAT)
    assert record is not None
    return "" if record.impossible is None else render(record.impossible)


def test_a_pool_that_promises_nothing_has_none() -> None:
    assert Script().scheduler.slo(CHAT) is None


def test_it_has_the_targets_in_units_of_people() -> None:
    record = Script(Policy(slos={CHAT: Slo(2_000_000, 50_000)})).scheduler.slo(CHAT)
    assert record is not None
    assert (record.first_token_s, record.tokens_per_s, record.kept, record.impossible) == (2.0, 20.0, None, None)


def test_a_speed_that_one_request_alone_misses_is_told_with_what_would_help() -> None:
    script = Script(Policy(slos={CHAT: Slo(token_us=50_000)}))
    script.warm(parallel=8)
    one_by_one(script, 20, 0.5, 0.1)
    assert told(script) == (
        f"{LLAMA} in chat gives 10 tokens/s even to one request at a time; its SLO asks for 20 tokens/s. "
        "A smaller model, one with fewer bits, or shorter prompts would help."
    )


def test_so_is_a_first_token() -> None:
    script = Script(Policy(slos={CHAT: Slo(first_token_us=2_000_000)}))
    script.warm(parallel=8)
    one_by_one(script, 20, 3.2, 0.1)
    assert told(script) == (
        f"{LLAMA} in chat gives its first token after 3.2 s even with one request at a time; its SLO asks for 2 s. "
        "Shorter prompts or a smaller model would help."
    )


def test_and_a_queue_that_is_too_long() -> None:
    script = Script(Policy(slos={CHAT: Slo(first_token_us=2_000_000)}))
    script.warm(parallel=1)
    for number in range(40):
        script.arrive(job(f"r{number}"))
    for number in range(40):
        script.wait(1)
        script.first_byte(f"r{number}")
        script.finish(f"r{number}", prompt_tokens=10, output_tokens=11)
    assert told(script) == (
        "Requests for chat wait too long for a slot: 5 % of the last ones met its SLO of 2 s to the first token. "
        "Another worker, more slots or a smaller model would help."
    )
