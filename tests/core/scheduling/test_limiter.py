"""The one limit of a model at an instance, and the reason that binds."""

from dataclasses import replace as replace_answer

import pytest
from msgspec.structs import replace

from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.limits import LimitReason, Power
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Usage
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.limiter import Answer, Limiter
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.slo import START, Slo
from tests.core.scheduling.script import LLAMA, Script, job
from tests.core.scheduling.test_curve import CHAT, CLIFF

PROMISED = Policy(slos={CHAT: Slo(token_us=50_000)})


def limiter(policy: Policy, model: ModelName = LLAMA) -> Limiter:
    one = Limiter()
    one.configure(policy, CHAT, model)
    return one


def slow(second: int) -> Answer:
    """Return an answer at half the speed that was measured."""
    return answer(2 * (CLIFF.token_us(8) or 0.0), now=second * 1_000_000)


def answer(token_us: float, now: int = 10, at_once: int = 8, first_us: float = 0.0) -> Answer:
    return Answer(now, now, 100, token_us, first_us, at_once, float(at_once), 8, prompt=400)


@pytest.mark.parametrize(
    ("policy", "reason", "told"),
    [
        (Policy(), LimitReason.SLOTS, "8 of 8 slots: nothing else limits it"),
        (PROMISED, LimitReason.SLO, "2 of 8 slots: the SLO of 20 tokens/s"),
        (
            Policy(slos={CHAT: Slo(first_token_us=2_000_000)}),
            LimitReason.SLO,
            "2 of 8 slots: the SLO of 2 s to the first token",
        ),
        (
            replace(PROMISED, power_slots=1, power=Power.BATTERY),
            LimitReason.POWER,
            "1 of 8 slots: the machine runs on its battery",
        ),
        (
            Policy(power_slots=3, power=Power.HEAT),
            LimitReason.POWER,
            "3 of 8 slots: heat slows the machine down",
        ),
        (Policy(power=Power.BATTERY), LimitReason.POWER, "4 of 8 slots: the machine runs on its battery"),
        (Policy(power=Power.LOW_POWER), LimitReason.POWER, "4 of 8 slots: the machine saves power"),
        (
            Policy(power_slots=3, power=Power.CRITICAL_HEAT),
            LimitReason.POWER,
            "1 of 8 slots: the machine is critically hot",
        ),
        (
            Policy(spare_machine=False, power_slots=3, power=Power.CRITICAL_HEAT),
            LimitReason.SLOTS,
            "8 of 8 slots: nothing else limits it",
        ),
        (replace(PROMISED, power_slots=4, power=Power.HEAT), LimitReason.SLO, "2 of 8 slots: the SLO of 20 tokens/s"),
        (Policy(power_slots=4), LimitReason.SLOTS, "8 of 8 slots: nothing else limits it"),
    ],
)
def test_it_is_the_least_of_all_and_says_which(policy: Policy, reason: LimitReason, told: str) -> None:
    record = limiter(policy).record(LLAMA, 8)
    assert (record.reason, render(record.told)) == (reason, told)


@pytest.mark.parametrize(("slots", "allowed"), [(1, 1), (2, 1), (3, 1), (4, 2), (9, 4), (64, 32)])
def test_a_machine_that_is_spared_runs_half_of_its_slots_and_one_at_least(slots: int, allowed: int) -> None:
    assert limiter(Policy(power=Power.HEAT)).allowed(slots) == allowed


def test_it_never_exceeds_the_slots() -> None:
    assert limiter(Policy(power_slots=4, power=Power.HEAT)).allowed(2) == 2
    assert limiter(PROMISED).allowed(1) == 1


def test_with_a_curve_the_adjusted_limit_is_the_fewest_that_are_enough() -> None:
    one = limiter(Policy(adjust_slots=True, curves=(CLIFF,)), CLIFF.model)
    assert one.allowed(16) == 16
    one.sample(Answer(1, 2, 100, 9_000, 0, 16, 16.0, slots=16))
    record = one.record(LLAMA, 16)
    assert (record.limit, record.reason) == (8, LimitReason.ADJUSTED)
    assert render(record.told) == "8 of 16 slots: more at once made it no faster"


def test_the_slo_snaps_to_the_measured_staircase() -> None:
    one = limiter(replace(PROMISED, curves=(CLIFF,)), CLIFF.model)
    assert one.controller is not None
    one.controller.limit = 12.0
    one.sample(answer(40_000))
    assert one.allowed(16) == 8


def test_what_was_learned_stays_when_something_else_changes() -> None:
    one = limiter(PROMISED)
    assert one.controller is not None
    one.controller.limit = 6.0
    one.configure(replace(PROMISED, paused=True), CHAT, LLAMA)
    assert one.allowed(8) == 6
    one.configure(Policy(slos={CHAT: Slo(token_us=40_000)}), CHAT, LLAMA)
    assert one.allowed(8) == START
    one.configure(Policy(slos={PoolName("other"): Slo(token_us=40_000)}), CHAT, LLAMA)
    assert one.allowed(8) == 8


def test_the_speed_is_compared_with_the_curve() -> None:
    one = limiter(Policy(curves=(CLIFF,)), CLIFF.model)
    for second in range(150):
        one.sample(slow(second))
    assert one.drift.speed == pytest.approx(0.5)
    assert one.drift.since is not None


@pytest.mark.parametrize(
    "unlike", [{"prompt": 4000}, {"prompt": 500, "tokens": 20}, {"prompt": None}, {"alone": False}]
)
def test_what_is_not_like_the_tuning_is_not_compared_with_it(unlike: dict[str, int | None]) -> None:
    one = limiter(Policy(curves=(CLIFF,)), CLIFF.model)
    for second in range(300):
        one.sample(replace_answer(slow(second), **unlike))
    assert one.drift.since is None


def test_a_few_long_prompts_among_many_do_not_hide_a_drift() -> None:
    one = limiter(Policy(curves=(CLIFF,)), CLIFF.model)
    for second in range(300):
        one.sample(replace_answer(slow(second), prompt=1500 if second % 20 == 0 else 400))
    assert one.drift.since is not None


def test_the_slo_limits_what_runs() -> None:
    script = Script(PROMISED)
    script.warm(parallel=8)
    script.burst(12)
    assert script.at("chat-1") == START
    for _ in range(8):
        name = next(iter(script.sent))
        script.first_byte(name)
        script.wait(10)
        del script.sent[name]
        script.tell(say.Finished(name, Usage(10, 100, output_ns=9_900_000_000)))
    assert script.at("chat-1") == 1
    script.tell(say.Reconfigured(Policy()))
    script.burst(20, "bob")
    assert script.at("chat-1") == 8


def test_the_slots_that_are_shown_are_those_that_the_limit_allows() -> None:
    script = Script(PROMISED)
    script.warm(parallel=8)
    script.burst(3)
    assert script.scheduler.slots("chat-1") == script.at("chat-1") == START
    [limit] = script.scheduler.limits("chat-1")
    assert (limit.limit, limit.slots, limit.reason) == (START, 8, LimitReason.SLO)
    assert script.why("ann2") == f"No more requests of {LLAMA} run at once now. {render(limit.told)}."
    script.tell(say.Reconfigured(Policy()))
    assert script.scheduler.slots("chat-1") == 8


def test_batch_work_goes_on_by_itself_when_the_danger_is_over() -> None:
    """Two answers put the SLO in danger within one second: the timer is for the end of the later danger."""
    script = Script(Policy(slos={CHAT: Slo(first_token_us=2_000_000)}))
    script.warm(parallel=8)
    script.arrive(job("chat"), job("other"))
    script.wait(1.95)
    script.first_byte("chat")
    script.first_byte("other")
    script.wait(0.1)
    script.finish("chat", prompt_tokens=10, output_tokens=20)
    script.arrive(job("batch", request_class=say.RequestClass.BATCH))
    assert script.sent == {"other": "chat-1"}
    script.wait(0.5)
    script.finish("other", prompt_tokens=10, output_tokens=20)
    script.wait(11)
    assert script.sent == {"batch": "chat-1"}


def test_batch_work_is_shed_first_while_somebody_chats_and_the_slo_is_in_danger() -> None:
    script = Script(Policy(slos={CHAT: Slo(token_us=50_000)}, reserved_slots=0))
    script.warm(parallel=8)
    script.arrive(job("chat"), job("other"))
    script.burst(4, "batch", request_class=job("x", request_class=say.RequestClass.BATCH).request_class)
    script.first_byte("chat")
    script.first_byte("other")
    script.wait(5)
    script.finish("chat", prompt_tokens=10, output_tokens=100, output_ns=4_800_000_000)
    assert script.sent == {"other": "chat-1"}, "one that took 97 % of its time: no batch work for a while"
    script.wait(11)
    assert len(script.sent) == START
