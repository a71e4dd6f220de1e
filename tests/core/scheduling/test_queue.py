from random import Random

from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.context import ANY, ContextNeed
from ollama_panel.core.scheduling.fairness import Ledger
from ollama_panel.core.scheduling.queue import Queue
from ollama_panel.core.scheduling.ticket import Step, Ticket, Urgency
from tests.core.scheduling.script import LLAMA, NOMIC, job


class Harness:
    def __init__(self) -> None:
        self.queue = Queue(Ledger())
        self.count = 0

    def add(self, client: str = "ann", **more) -> Ticket:
        self.count += 1
        ticket = Ticket(job(f"{client}{self.count}", client, **more), self.count, self.count)
        self.queue.ledger.enter(ticket.account)
        self.queue.add(ticket)
        return ticket

    def best(self) -> Ticket | None:
        group = self.queue.groups.get((LLAMA, job("x").role))
        turn = group.queue((Urgency.INTERACTIVE, None, ANY)).best(self.queue.ledger) if group else None
        return turn[2] if turn else None

    def take(self) -> Ticket:
        ticket = self.best()
        self.queue.remove(ticket, Step.DISPATCH)
        return ticket


def test_a_client_is_served_in_order_whatever_leaves_from_the_middle():
    harness = Harness()
    tickets = [harness.add() for _ in range(50)]
    for ticket in tickets[10:40]:
        harness.queue.remove(ticket, Step.END)
    assert [harness.take() for _ in range(20)] == tickets[:10] + tickets[40:]
    assert len(harness.queue) == 0
    assert harness.queue.groups == {}


def test_the_client_with_the_smallest_counter_is_next():
    harness = Harness()
    harness.add("ann")
    bob = harness.add("bob")
    harness.queue.ledger.charge(("ann", RequestClass.INTERACTIVE), 100)
    assert harness.best() is bob


def test_the_clients_with_nearly_the_smallest_counter_are_found():
    harness = Harness()
    tickets = {client: harness.add(client) for client in "dcba"}
    harness.add("a")
    for client, cost in (("b", 10), ("c", 90), ("d", 200)):
        harness.queue.ledger.charge(tickets[client].account, cost)
    queue = harness.queue.groups[LLAMA, job("x").role].queue((Urgency.INTERACTIVE, None, ANY))
    harness.best()
    assert {one.job.client for one in queue.heads_within(harness.queue.ledger, 100, 8)} == set("abc")
    assert queue.heads_within(harness.queue.ledger, 100, 8).count(tickets["a"]) == 1
    assert len(queue.heads_within(harness.queue.ledger, 100, 2)) == 2
    assert queue.heads_within(harness.queue.ledger, -1, 8) == []


def test_a_counter_that_falls_changes_the_order():
    harness = Harness()
    ann, bob = harness.add("ann"), harness.add("bob")
    ledger = harness.queue.ledger
    added = ledger.charge(ann.account, 100)
    assert harness.best() is bob
    ledger.correct(ann.account, added, 0)
    harness.queue.counter_fell(ann.account)
    assert harness.best() is ann


def test_a_counter_that_falls_changes_the_order_wherever_its_client_waits():
    harness = Harness()
    tickets = [harness.add(client, model=model) for model in (LLAMA, NOMIC) for client in ("ann", "bob")]
    queues = [group.queue((Urgency.INTERACTIVE, None, ANY)) for group in harness.queue.groups.values()]
    ledger = harness.queue.ledger
    added = ledger.charge(tickets[0].account, 100)
    assert [queue.best(ledger)[2].job.client for queue in queues] == ["bob", "bob"]
    ledger.correct(tickets[0].account, added, 0)
    harness.queue.counter_fell(tickets[0].account)
    assert [queue.best(ledger)[2].job.client for queue in queues] == ["ann", "ann"]


def test_a_requeued_request_has_its_old_position():
    harness = Harness()
    first = harness.add()
    harness.add()
    harness.take()
    harness.queue.add(first)
    assert harness.queue.position(first) == 1
    assert harness.best() is first


def test_positions_count_classes_and_arrivals():
    harness = Harness()
    bulk = [harness.add("bulk", request_class=RequestClass.BATCH) for _ in range(3)]
    chat = harness.add("ann")
    assert harness.queue.position(chat) == 1
    assert [harness.queue.position(one) for one in bulk] == [2, 3, 4]


def test_a_parked_request_counts_but_is_in_no_fair_queue():
    harness = Harness()
    ticket = harness.add()
    harness.take()
    harness.queue.park(ticket)
    assert len(harness.queue) == 1
    assert harness.best() is None
    assert harness.queue.position(ticket) == 1


def test_waiting_times_add_up():
    harness = Harness()
    harness.add()
    harness.add()
    group = next(iter(harness.queue.groups.values()))
    assert group.waits(10) == 9 + 8
    assert group.waits_since(Urgency.INTERACTIVE) == 1
    assert group.waits_since(Urgency.BATCH) is None


def test_stale_tickets_do_not_accumulate():
    harness, random = Harness(), Random(1)
    kept = harness.add()
    for _ in range(3000):
        ticket = harness.add()
        harness.queue.remove(ticket, Step.END)
        harness.queue.counter_fell(kept.account)
        assert random.random() < 1
    queue = next(iter(harness.queue.groups.values())).queue((Urgency.INTERACTIVE, None, ANY))
    assert len(queue.clients[kept.account].tickets) < 50
    assert len(queue.heap) < 100


def test_counters_that_keep_falling_do_not_accumulate_heap_entries():
    harness = Harness()
    ann = harness.add("ann")
    ledger = harness.queue.ledger
    ledger.charge(ann.account, 5000)
    for _ in range(5000):
        ledger.correct(ann.account, 1, 0)
        harness.queue.counter_fell(ann.account)
    queue = next(iter(harness.queue.groups.values())).queue((Urgency.INTERACTIVE, None, ANY))
    assert len(queue.heap) < 100


def test_the_next_is_the_oldest_request_of_the_client_with_the_smallest_counter():
    for seed in range(20):
        harness, random = Harness(), Random(seed)
        waiting, charged = [], []
        for _ in range(400):
            match random.randrange(5):
                case 0 | 1:
                    waiting.append(harness.add(random.choice("abcdefgh")))
                case 2 if waiting:
                    ticket = harness.take()
                    waiting.remove(ticket)
                    charged.append((ticket, harness.queue.ledger.charge(ticket.account, random.randrange(100))))
                case 3 if charged:
                    ticket, added = charged.pop(random.randrange(len(charged)))
                    if harness.queue.ledger.correct(ticket.account, added, random.randrange(150)):
                        harness.queue.counter_fell(ticket.account)
                    if random.random() < 0.3:
                        harness.queue.add(ticket)
                        waiting.append(ticket)
                case 4 if waiting:
                    harness.queue.remove(waiting.pop(random.randrange(len(waiting))), Step.END)
            counters = harness.queue.ledger.counters
            assert harness.best() is min(waiting, key=lambda one: (counters[one.account], one.seq), default=None)


def test_a_removed_request_frees_its_bytes_whether_it_was_queued_or_parked():
    harness = Harness()
    one, two, three = (harness.add(body_bytes=number) for number in (100, 20, 3))
    harness.queue.remove(two, Step.DISPATCH)
    harness.queue.park(two)
    assert harness.queue.bytes == 123
    harness.queue.remove(two, Step.END)
    assert harness.queue.bytes == 103
    for ticket in (one, three):
        harness.queue.remove(ticket, Step.END)
    assert harness.queue.bytes == 0


def test_a_parked_request_that_is_queued_again_is_counted_once():
    harness = Harness()
    ticket = harness.add(body_bytes=100)
    harness.take()
    harness.queue.park(ticket)
    harness.queue.add(ticket)
    assert harness.queue.bytes == 100


def test_contexts_that_nobody_waits_for_any_more_leave_nothing_behind():
    queue = Queue(Ledger())
    for number in range(500):
        ticket = Ticket(job(f"r{number}"), number, 0, need=ContextNeed(1000 + number, exact=True))
        queue.ledger.enter(ticket.account)
        queue.add(ticket)
        if number:
            queue.remove(ticket, Step.DISPATCH)
    (group,) = queue.groups.values()
    assert len(group.queues) <= 33
    assert len(group.needs) == 1
