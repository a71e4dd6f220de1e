from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.scheduling.ticket import Stage, Ticket
from tests.core.scheduling.script import LLAMA, job


def test_a_ticket_says_what_it_wants_and_who_pays():
    ticket = Ticket(job("one", "ann"), 1, 0)
    assert ticket.want == (LLAMA, Role.CHAT)
    assert ticket.account == ("ann", RequestClass.INTERACTIVE)


def test_a_preempted_request_still_holds_its_slot():
    ticket = Ticket(job("one"), 1, 0, stage=Stage.PREEMPTING)
    assert ticket.in_flight
