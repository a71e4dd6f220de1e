import pytest

from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.scheduling.ticket import Stage, Step, Ticket
from tests.core.scheduling.script import LLAMA, job


def test_a_ticket_has_its_want_and_its_account():
    ticket = Ticket(job("one", "ann"), 1, 0)
    assert ticket.want == (LLAMA, Role.CHAT)
    assert ticket.account == ("ann", RequestClass.INTERACTIVE)


def test_a_preempted_request_still_holds_its_slot():
    ticket = Ticket(job("one"), 1, 0, stage=Stage.PREEMPTING)
    assert ticket.in_flight


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        ((Step.QUEUE, Step.DISPATCH, Step.ANSWER, Step.END), Stage.GONE),
        ((Step.DISPATCH, Step.PREEMPT, Step.QUEUE, Step.DISPATCH), Stage.RUNNING),
        ((Step.DISPATCH, Step.PREEMPT, Step.ANSWER), Stage.RUNNING),
        ((Step.DISPATCH, Step.PARK, Step.QUEUE), Stage.WAITING),
        ((Step.QUEUE, Step.END), Stage.GONE),
        ((Step.DISPATCH, Step.PARK, Step.END), Stage.GONE),
    ],
)
def test_a_request_goes_from_stage_to_stage(steps, stage):
    ticket = Ticket(job("one"), 1, 0)
    for step in steps:
        ticket.advance(step)
    assert ticket.stage is stage


@pytest.mark.parametrize("step", Step)
def test_an_ended_request_stays_ended(step):
    ticket = Ticket(job("one"), 1, 0, stage=Stage.GONE)
    with pytest.raises(KeyError):
        ticket.advance(step)


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        (Stage.PARKED, Step.DISPATCH),
        (Stage.RUNNING, Step.DISPATCH),
        (Stage.WAITING, Step.PREEMPT),
        (Stage.PREEMPTING, Step.PREEMPT),
        (Stage.PREEMPTING, Step.PARK),
        (Stage.WAITING, Step.ANSWER),
    ],
)
def test_a_step_that_is_not_in_the_table_is_an_error(stage, step):
    ticket = Ticket(job("one"), 1, 0, stage=stage)
    with pytest.raises(KeyError):
        ticket.advance(step)
    assert ticket.stage is stage
