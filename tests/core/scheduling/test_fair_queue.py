from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.context import ANY
from ollama_panel.core.scheduling.fair_queue import FairQueue
from ollama_panel.core.scheduling.fairness import Ledger
from ollama_panel.core.scheduling.ticket import Step, Ticket, Urgency
from tests.core.scheduling.script import job


class Harness:
    def __init__(self) -> None:
        self.ledger = Ledger()
        self.queue = FairQueue((Urgency.INTERACTIVE, None, ANY))
        self.count = 0

    def add(self, client: str = "ann") -> Ticket:
        self.count += 1
        ticket = Ticket(job(f"{client}{self.count}", client), self.count, self.count)
        self.ledger.enter(ticket.account)
        self.queue.insert(ticket, self.ledger.counter(ticket.account))
        return ticket

    def best(self) -> Ticket | None:
        head = self.queue.best(self.ledger)
        return head[2] if head else None

    def hold(self, ticket: Ticket) -> None:
        ticket.advance(Step.HOLD)
        self.queue.drop(ticket)

    def admit(self, ticket: Ticket) -> None:
        ticket.advance(Step.QUEUE)
        self.queue.insert(ticket, self.ledger.counter(ticket.account))


def test_the_oldest_request_of_the_client_with_the_smallest_counter_is_next() -> None:
    harness = Harness()
    first, second, bob = harness.add(), harness.add(), harness.add("bob")
    assert harness.best() is first
    harness.hold(first)
    assert harness.best() is second
    harness.ledger.charge(first.account, 10)
    assert harness.best() is bob


def test_a_request_that_left_and_came_back_is_there_once() -> None:
    harness = Harness()
    tickets = [harness.add() for _ in range(3)]
    for _ in range(100):
        harness.hold(tickets[1])
        harness.admit(tickets[1])
    assert list(harness.queue.clients[tickets[0].account].tickets) == tickets
    for ticket in tickets:
        assert harness.best() is ticket
        harness.hold(ticket)
    assert harness.best() is None


def test_a_request_of_another_class_is_not_there_any_more() -> None:
    harness = Harness()
    first, second = harness.add(), harness.add()
    harness.queue.drop(first)
    first.become(first.job.client, RequestClass.BATCH)
    assert harness.best() is second


def test_nobody_is_next_in_an_empty_queue() -> None:
    harness = Harness()
    assert harness.best() is None
    assert harness.queue.heads_within(harness.ledger, 100, 8) == []
