from random import Random

from ollama_panel.core.records import RequestClass
from ollama_panel.core.scheduling.fairness import Ledger
from ollama_panel.core.scheduling.queue import Queue
from ollama_panel.core.scheduling.ticket import Step, Ticket
from tests.core.scheduling.script import LLAMA, job


class Line:
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
        turn = group.fair_queue((RequestClass.INTERACTIVE, None)).best(self.queue.ledger) if group else None
        return turn[2] if turn else None

    def take(self) -> Ticket:
        ticket = self.best()
        self.queue.remove(ticket, Step.DISPATCH)
        return ticket


def test_a_client_is_served_in_order_whatever_leaves_from_the_middle():
    line = Line()
    tickets = [line.add() for _ in range(50)]
    for ticket in tickets[10:40]:
        line.queue.remove(ticket, Step.END)
    assert [line.take() for _ in range(20)] == tickets[:10] + tickets[40:]
    assert len(line.queue) == 0
    assert line.queue.groups == {}


def test_the_client_with_the_smallest_counter_is_next():
    line = Line()
    line.add("ann")
    bob = line.add("bob")
    line.queue.ledger.charge(("ann", RequestClass.INTERACTIVE), 100)
    assert line.best() is bob


def test_the_clients_nearly_as_poor_as_the_poorest_are_known():
    line = Line()
    tickets = {client: line.add(client) for client in "dcba"}
    line.add("a")
    for client, cost in (("b", 10), ("c", 90), ("d", 200)):
        line.queue.ledger.charge(tickets[client].account, cost)
    fair_queue = line.queue.groups[LLAMA, job("x").role].fair_queue((RequestClass.INTERACTIVE, None))
    line.best()
    assert {one.job.client for one in fair_queue.heads_within(line.queue.ledger, 100, 8)} == set("abc")
    assert fair_queue.heads_within(line.queue.ledger, 100, 8).count(tickets["a"]) == 1
    assert len(fair_queue.heads_within(line.queue.ledger, 100, 2)) == 2
    assert fair_queue.heads_within(line.queue.ledger, -1, 8) == []


def test_a_counter_that_falls_is_noticed():
    line = Line()
    ann, bob = line.add("ann"), line.add("bob")
    ledger = line.queue.ledger
    added = ledger.charge(ann.account, 100)
    assert line.best() is bob
    ledger.correct(ann.account, added, 0)
    line.queue.counter_fell(ann.account)
    assert line.best() is ann


def test_a_request_that_comes_back_has_its_old_place():
    line = Line()
    first = line.add()
    line.add()
    line.take()
    line.queue.add(first)
    assert line.queue.position(first) == 1
    assert line.best() is first


def test_positions_count_classes_and_arrivals():
    line = Line()
    bulk = [line.add("bulk", request_class=RequestClass.BATCH) for _ in range(3)]
    chat = line.add("ann")
    assert line.queue.position(chat) == 1
    assert [line.queue.position(one) for one in bulk] == [2, 3, 4]


def test_a_parked_request_counts_but_is_in_no_line():
    line = Line()
    ticket = line.add()
    line.take()
    line.queue.park(ticket)
    assert len(line.queue) == 1
    assert line.best() is None
    assert line.queue.position(ticket) == 1


def test_waiting_times_add_up():
    line = Line()
    line.add()
    line.add()
    group = next(iter(line.queue.groups.values()))
    assert group.waits(10) == 9 + 8
    assert group.waits_since(RequestClass.INTERACTIVE) == 1
    assert group.waits_since(RequestClass.BATCH) is None


def test_husks_do_not_pile_up():
    line, random = Line(), Random(1)
    kept = line.add()
    for _ in range(3000):
        ticket = line.add()
        line.queue.remove(ticket, Step.END)
        line.queue.counter_fell(kept.account)
        assert random.random() < 1
    fair_queue = next(iter(line.queue.groups.values())).fair_queue((RequestClass.INTERACTIVE, None))
    assert len(fair_queue.clients[kept.account].tickets) < 50
    assert len(fair_queue.heap) < 100


def test_counters_that_fall_and_fall_do_not_pile_up_entries():
    line = Line()
    ann = line.add("ann")
    ledger = line.queue.ledger
    ledger.charge(ann.account, 5000)
    for _ in range(5000):
        ledger.correct(ann.account, 1, 0)
        line.queue.counter_fell(ann.account)
    fair_queue = next(iter(line.queue.groups.values())).fair_queue((RequestClass.INTERACTIVE, None))
    assert len(fair_queue.heap) < 100


def test_the_next_is_the_poorest_clients_oldest_whatever_happens_to_counters_and_requests():
    for seed in range(20):
        line, random = Line(), Random(seed)
        waiting, charged = [], []
        for _ in range(400):
            match random.randrange(5):
                case 0 | 1:
                    waiting.append(line.add(random.choice("abcdefgh")))
                case 2 if waiting:
                    ticket = line.take()
                    waiting.remove(ticket)
                    charged.append((ticket, line.queue.ledger.charge(ticket.account, random.randrange(100))))
                case 3 if charged:
                    ticket, added = charged.pop(random.randrange(len(charged)))
                    if line.queue.ledger.correct(ticket.account, added, random.randrange(150)):
                        line.queue.counter_fell(ticket.account)
                    if random.random() < 0.3:
                        line.queue.add(ticket)
                        waiting.append(ticket)
                case 4 if waiting:
                    line.queue.remove(waiting.pop(random.randrange(len(waiting))), Step.END)
            counters = line.queue.ledger.counters
            assert line.best() is min(waiting, key=lambda one: (counters[one.account], one.seq), default=None)


def test_what_leaves_gives_its_bytes_back_whether_it_waited_in_line_or_outside():
    line = Line()
    one, two, three = (line.add(body_bytes=number) for number in (100, 20, 3))
    line.queue.remove(two, Step.DISPATCH)
    line.queue.park(two)
    assert line.queue.bytes == 123
    line.queue.remove(two, Step.END)
    assert line.queue.bytes == 103
    for ticket in (one, three):
        line.queue.remove(ticket, Step.END)
    assert line.queue.bytes == 0


def test_a_parked_request_that_waits_in_line_again_is_counted_once():
    line = Line()
    ticket = line.add(body_bytes=100)
    line.take()
    line.queue.park(ticket)
    line.queue.add(ticket)
    assert line.queue.bytes == 100
