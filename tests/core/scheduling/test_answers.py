"""What a finished answer tells."""

import pytest
from msgspec.structs import replace

from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.answers import PACE_TOKENS
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo import Slo
from tests.core.scheduling.script import LLAMA, NOMIC, Script, embed, job
from tests.core.scheduling.test_curve import CHAT, CLIFF

FAST = Policy(slos={CHAT: Slo(token_us=100_000)})
PROMPT = Policy(slos={CHAT: Slo(first_token_us=2_000_000)})


@pytest.mark.parametrize("told", [True, False], ids=["by the server", "by the clock"])
def test_the_time_per_token_is_that_between_tokens(told: bool) -> None:
    """Eight tokens are seven steps: 875 ms are 125 ms a token, too slow by more than a fifth."""
    script = Script(FAST)
    script.warm(parallel=8)
    script.burst(3)
    script.first_byte("ann0")
    script.wait(0.875)
    usage = {"output_ns": 875_000_000} if told else {}
    script.finish("ann0", prompt_tokens=10, output_tokens=PACE_TOKENS, **usage)
    script.finish("ann1")
    assert script.sent == {"ann2": "chat-1"}
    script.arrive(job("next"))
    assert script.sent == {"ann2": "chat-1"}, "one at a time after the cut"


def answered(script: Script, name: str, seconds: float, **usage: int) -> None:
    script.wait(seconds)
    if name in script.sent:
        script.first_byte(name)
    script.finish(name, prompt_tokens=10, output_tokens=20, **usage)


def test_the_first_token_counts_from_the_arrival() -> None:
    script = Script(PROMPT)
    script.warm(parallel=1)
    script.arrive(job("a"), job("b"))
    answered(script, "a", 1.5)
    answered(script, "b", 1.0)
    record = script.scheduler.slo(CHAT)
    assert record is not None
    assert (record.met, record.missed, record.kept, record.counted) == (1, 1, 0.5, 2)


def test_of_an_answer_in_one_piece_it_is_known_from_the_counters() -> None:
    script = Script(PROMPT)
    script.warm()
    script.arrive(job("a", stream=False), job("b", stream=False))
    script.wait(9)
    script.finish("a", prompt_tokens=10, output_tokens=20, output_ns=8_000_000_000)
    script.finish("b", prompt_tokens=10, output_tokens=20)
    record = script.scheduler.slo(CHAT)
    assert record is not None
    assert (record.met, record.missed) == (1, 0), "one took a second, of the other nothing is known"


def test_another_target_counts_anew() -> None:
    script = Script(PROMPT)
    script.warm()
    script.arrive(job("a"))
    answered(script, "a", 9)
    script.tell(say.Reconfigured(replace(PROMPT, paused=True)))
    record = script.scheduler.slo(CHAT)
    assert record is not None
    assert record.missed == 1
    script.tell(say.Reconfigured(Policy(slos={CHAT: Slo(first_token_us=20_000_000)})))
    record = script.scheduler.slo(CHAT)
    assert record is not None
    assert (record.counted, record.missed, record.kept) == (0, 0, None)


def test_nobody_waits_for_the_first_token_of_batch_work() -> None:
    script = Script(replace(PROMPT, slos={CHAT: Slo(2_000_000, 100_000)}))
    script.warm()
    script.arrive(job("a", request_class=RequestClass.BATCH))
    answered(script, "a", 9, output_ns=1_000_000_000)
    record = script.scheduler.slo(CHAT)
    assert record is not None
    assert (record.met, record.missed) == (1, 0)


def test_a_load_is_not_laid_to_the_limit() -> None:
    script = Script(PROMPT)
    script.up(parallel=8)
    script.arrive(job("a"))
    answered(script, "a", 20, load_ns=19_000_000_000)
    [limit] = script.scheduler.limits("chat-1")
    assert limit.limit == 2


@pytest.mark.parametrize("beside", [True, False], ids=["beside another model", "alone"])
def test_a_model_is_compared_with_its_curve_only_while_no_other_works(beside: bool) -> None:
    script = Script(Policy(curves=(CLIFF,)))
    script.warm(parallel=8)
    script.warm("embedding-1", model=NOMIC, role=Role.EMBEDDING)
    script.arrive(job("a"))
    script.wait(1)
    if beside:
        script.arrive(embed("e"))
        script.finish("e")
    script.first_byte("a")
    script.finish("a", prompt_tokens=400, output_tokens=100, output_ns=9_000_000_000)
    copy = next(one for one in script.scheduler.state.fleet.copies() if one.model == LLAMA)
    assert len(copy.limiter.drift.samples) == (0 if beside else 1)
