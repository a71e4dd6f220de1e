"""Who leaves a full queue: the newest requests of the source that has most waiting."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from ollama_panel.core.ids import RequestId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import FailureKind, Job, RefusalReason, RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.longest_queue_drop import Backlogs
from ollama_panel.core.scheduling.placing import Placing
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.scheduling.ticket import PRIORITY_ORDER, Ticket
from tests.core.scheduling.script import Script, job

BATCH, EMBEDDING = RequestClass.BATCH, RequestClass.EMBEDDING
PUSHED_OUT = "The queue is full: {} waiting. This client has the most requests in it"


def full(limit: int = 5, **more: object) -> Script:
    """A model whose one slot is taken, and a queue with room for `limit`."""
    script = Script(Policy(queue_limit=limit, **more))
    script.warm(parallel=1)
    script.arrive(job("running", "somebody"))
    return script


def waiting(script: Script) -> list[str]:
    return [one.id for one in script.scheduler.waiting()]


def test_a_light_client_is_let_in_for_the_newest_request_of_the_heaviest():
    script = full()
    script.burst(5, "hog")
    script.arrive(job("light", "ann"))
    assert waiting(script) == ["hog0", "hog1", "hog2", "hog3", "light"]
    assert script.replies["hog4"].reason is RefusalReason.QUEUE_FULL
    assert script.replies["hog4"].retry_after_s == 5
    assert script.refused("hog4").startswith(PUSHED_OUT.format(5))


def test_the_heaviest_client_is_refused_itself():
    script = full()
    script.burst(5, "hog")
    script.arrive(job("more", "hog"))
    assert waiting(script) == ["hog0", "hog1", "hog2", "hog3", "hog4"]
    assert script.refused("more").startswith("The queue is full: 5 waiting. Try again later")


def test_a_client_that_would_be_as_heavy_as_the_heaviest_is_refused():
    script = full(4)
    script.burst(2, "ann")
    script.burst(2, "bob")
    script.arrive(job("ann2", "ann"), job("cat0", "cat"), job("cat1", "cat"))
    assert list(script.replies) == ["ann2", "bob1", "cat1"]


def test_of_equally_heavy_clients_the_one_with_the_newest_request_loses_it():
    script = full(4)
    script.arrive(job("a0", "ann"), job("b0", "bob"), job("b1", "bob"), job("a1", "ann"), job("c0", "cat"))
    assert list(script.replies) == ["a1"]


def test_a_source_that_lost_requests_is_no_longer_the_heaviest():
    script = full(8)
    script.burst(5, "ann")
    script.burst(3, "bob")
    for name in ("ann0", "ann1", "ann2", "ann3"):
        script.cancel(name)
    script.burst(4, "cat")
    script.arrive(job("dan", "dan"))
    assert list(script.replies) == ["cat3"]


def test_clients_share_a_full_queue_in_the_end():
    script = full(90)
    for number in range(300):
        script.arrive(job(f"hog{number}", "hog"))
    for number in range(100):
        script.arrive(*(job(f"{client}{number}", client) for client in ("ann", "bob")))
    held = Counter(ticket.source for ticket in script.scheduler.state.queue.tickets.values())
    assert held == {"hog": 30, "ann": 30, "bob": 30}


def test_the_least_urgent_class_of_the_heaviest_goes_first():
    script = full(5)
    script.arrive(job("bulk", "hog", request_class=BATCH), job("vector", "hog", request_class=EMBEDDING))
    script.burst(3, "hog")
    script.arrive(*(job(f"light{number}", f"client{number}") for number in range(3)))
    assert list(script.replies) == ["bulk", "vector", "hog2"]


def test_the_heaviest_is_refused_whatever_the_class_of_its_new_request():
    script = full(3)
    script.arrive(*(job(f"bulk{number}", "hog", request_class=BATCH) for number in range(3)))
    script.arrive(job("chat", "hog"))
    assert list(script.replies) == ["chat"]


def test_invented_names_do_not_make_many_of_one():
    script = full(5)
    script.arrive(*(job(f"r{number}", f"invented{number}", source="pid 7") for number in range(5)))
    script.arrive(job("one more", "another name", source="pid 7"))
    script.arrive(job("light", "ann", source="pid 8"))
    assert list(script.replies) == ["one more", "r4"]


def test_several_names_of_one_source_take_turns_as_before():
    script = full(5)
    script.arrive(job("a0", "ann", source="proxy"), job("a1", "ann", source="proxy"), job("b0", "bob", source="proxy"))
    script.drain()
    assert script.order() == ["running", "a0", "b0", "a1"]


# Users that a source names


def test_invented_users_do_not_make_many_of_one():
    script = full(5)
    script.arrive(*(job(f"r{number}", source="key", user=f"invented{number}") for number in range(5)))
    script.arrive(job("one more", source="key", user="another"))
    script.arrive(job("light0", source="pid 8"), job("light1", source="pid 8"))
    assert list(script.replies) == ["one more", "r4", "r3"]


def test_a_light_user_is_let_in_for_the_heaviest_of_the_same_source():
    script = full(6)
    script.arrive(*(job(f"hog{number}", source="key", user="hog") for number in range(4)))
    script.arrive(job("ann0", source="key", user="ann"), job("bob0", source="pid 8"))
    script.arrive(job("ann1", source="key", user="ann"), job("hog4", source="key", user="hog"))
    script.arrive(job("bob1", source="pid 8"))
    assert list(script.replies) == ["hog3", "hog4", "hog2"]


def test_requests_for_no_user_are_those_of_one_more():
    script = full(4)
    script.arrive(*(job(f"r{number}", source="key") for number in range(4)))
    script.arrive(job("ann0", source="key", user="ann"), job("more", source="key"))
    assert list(script.replies) == ["r3", "more"]


def test_users_of_one_source_share_a_full_queue_by_bytes():
    script = full(queue_bytes=100, limit=50)
    script.arrive(*(job(f"hog{number}", source="key", user="hog", body_bytes=25) for number in range(4)))
    script.arrive(job("ann", source="key", user="ann", body_bytes=40))
    assert list(script.replies) == ["hog3", "hog2"]


# By bytes


def test_when_the_bytes_are_full_the_client_with_the_most_of_them_loses_its_newest():
    script = full(queue_bytes=100, limit=50)
    script.arrive(*(job(f"small{number}", "many", body_bytes=1) for number in range(20)))
    script.arrive(*(job(f"large{number}", "hog", body_bytes=40) for number in range(2)))
    script.arrive(job("light", "ann", body_bytes=10))
    assert list(script.replies) == ["large1"]
    assert script.refused("large1").startswith("The queue is full: 22 waiting, 0 KiB together. Most of that")
    assert script.scheduler.state.queue.bytes == 20 + 40 + 10


def test_as_many_leave_as_a_long_request_needs():
    script = full(queue_bytes=100, limit=50)
    script.arrive(*(job(f"hog{number}", "hog", body_bytes=10) for number in range(10)))
    script.arrive(job("long", "ann", body_bytes=35))
    assert list(script.replies) == ["hog9", "hog8", "hog7", "hog6"]


def test_nobody_leaves_for_a_request_that_is_refused_after_all():
    script = full(queue_bytes=100, limit=50)
    script.arrive(*(job(f"hog{number}", "hog", body_bytes=10) for number in range(6)))
    script.arrive(*(job(f"other{number}", "other", body_bytes=10) for number in range(4)))
    script.arrive(job("long", "ann", body_bytes=50))
    assert list(script.replies) == ["long"]
    assert script.refused("long").startswith("The queue is full: 10 waiting, 0 KiB together. Try again later")
    script.arrive(job("short", "ann", body_bytes=10))
    assert list(script.replies) == ["long", "hog5"], "who was spared is still the first to go"


def test_a_queue_that_is_full_in_both_ways_makes_room_in_both():
    script = full(queue_bytes=100, limit=6)
    script.arrive(*(job(f"many{number}", "many", body_bytes=5) for number in range(4)))
    script.arrive(*(job(f"large{number}", "large", body_bytes=40) for number in range(2)))
    script.arrive(job("light", "ann", body_bytes=20))
    assert list(script.replies) == ["many3", "large1"]
    assert "most requests" in script.refused("many3")
    assert "Most of that" in script.refused("large1")


def test_a_request_longer_than_the_limit_waits_alone_and_pushes_nobody_out():
    script = full(queue_bytes=100, limit=50)
    script.arrive(job("short", "ann", body_bytes=1), job("long", "bob", body_bytes=500))
    assert list(script.replies) == ["long"]
    script.cancel("short")
    script.arrive(job("long again", "bob", body_bytes=500))
    assert waiting(script) == ["long again"]
    script.arrive(job("short again", "ann", body_bytes=1))
    assert waiting(script) == ["short again"], "it is the heaviest now"


def test_a_request_that_can_never_fit_into_memory_pushes_nobody_out():
    script = full(2)
    script.burst(2, "hog")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Placing, "cannot_fit", lambda self, job, need: notice("request.no_instance"))
        script.arrive(job("never", "ann"))
    assert script.replies["never"].reason is RefusalReason.CONTEXT
    assert waiting(script) == ["hog0", "hog1"]


# What was admitted before


def test_a_request_that_failed_returns_to_a_full_queue_and_stays():
    script = full(3)
    script.burst(3, "hog")
    script.fail("running", FailureKind.CONNECT)
    script.arrive(job("hog3", "hog"), job("light", "ann"))
    assert list(script.replies) == ["hog3", "hog2"]
    script.drain()
    assert script.order() == ["running", "hog0", "running", "light", "hog1"]


def test_a_request_that_was_dispatched_before_is_never_pushed_out():
    script = Script(Policy(queue_limit=2))
    script.warm(parallel=2)
    script.arrive(job("tried0", "hog"), job("tried1", "hog"), job("hog0", "hog"), job("hog1", "hog"))
    script.fail("tried0")
    script.fail("tried1")
    script.down()
    script.arrive(*(job(f"light{number}", f"client{number}") for number in range(3)))
    script.up()
    script.loaded()
    script.wait(30)
    script.drain()
    assert not {"tried0", "tried1"} & script.replies.keys()


def test_a_preempted_request_returns_to_a_full_queue_and_stays():
    script = Script(Policy(queue_limit=1, reserved_slots=0))
    script.warm(parallel=1)
    script.arrive(job("bulk", "hog", request_class=BATCH), job("chat", "ann"))
    assert script.aborts == ["bulk"]
    script.arrive(job("light", "bob"))
    script.requeue("bulk")
    assert "bulk" not in script.replies
    script.arrive(job("lighter", "cat"))
    script.drain()
    assert "bulk" in script.order()[1:]


def test_a_lowered_limit_pushes_nobody_out_by_itself():
    script = full(10)
    script.burst(8, "hog")
    script.tell(say.Reconfigured(Policy(queue_limit=3)))
    assert script.scheduler.queued() == 8
    script.arrive(job("light", "ann"), job("hog8", "hog"))
    assert list(script.replies) == ["hog7", "hog8"], "one leaves for one"


# Senders that are known late


def identified(script: Script, source: str, *names: str) -> None:
    script.tell(say.Identified({RequestId(name): source for name in names}))


def test_requests_whose_sender_becomes_known_are_counted_as_its():
    script = full(6)
    script.arrive(*(job(f"early{number}", "127.0.0.1", source="local") for number in range(3)))
    script.arrive(*(job(f"late{number}", "python (pid 7)", source="pid 7") for number in range(3)))
    identified(script, "pid 7", *(f"early{number}" for number in range(3)))
    script.arrive(job("light", "127.0.0.1", source="local"), job("light too", "127.0.0.1", source="local"))
    script.arrive(job("more", "python (pid 7)", source="pid 7"))
    assert list(script.replies) == ["late2", "late1", "more"]


def test_a_running_request_is_its_senders_when_it_waits_again():
    script = full(5)
    identified(script, "pid 7", "running")
    script.fail("running", FailureKind.CONNECT)
    assert script.scheduler.state.queue.tickets[RequestId("running")].source == "pid 7"


def test_a_request_that_has_ended_is_not_identified_any_more():
    script = full(5)
    script.finish("running")
    assert script.tell(say.Identified({RequestId("running"): "pid 7", RequestId("unknown"): "pid 8"})) == []


# Any order of events


@pytest.mark.parametrize("seed", range(20))
def test_the_victims_are_those_that_a_search_of_all_finds(seed: int) -> None:
    random, backlogs, here = Random(seed), Backlogs(), list[Ticket]()
    for number in range(600):
        source, user = random.choice("abcdef"), random.choice(("", "", "x", "y"))
        match random.randrange(6):
            case 0 | 1 | 2:
                one = _job(number, source, user, random)
                here.append(Ticket(one, number, 0))
                backlogs.add(here[-1])
            case 3 if here:
                assert backlogs.remove(here.pop(random.randrange(len(here))))
            case 4 if here:
                backlogs.identify(random.choice(here), source)
            case 5:
                size, requests, excess = random.randrange(60), random.randrange(2), random.randrange(-20, 60)
                expected = _search(here, (source, user), size, requests, excess)
                assert backlogs.drop_for(source, size, requests, excess, user) == expected
                here = [one for one in here if one not in expected]
        counts = {one: (backlog.count, backlog.bytes) for one, backlog in backlogs.sources.items()}
        assert counts == {
            one: (len(held), sum(ticket.job.body_bytes for ticket in held))
            for one in "abcdef"
            if (held := [ticket for ticket in here if ticket.source == one])
        }
        assert len(backlogs._by_count.heap) < 100


def _job(number: int, source: str, user: str, random: Random) -> Job:
    request_class = random.choice(PRIORITY_ORDER)
    return job(f"r{number}", source=source, user=user, request_class=request_class, body_bytes=random.randrange(30))


def _search(here: list[Ticket], new: tuple[str, str], size: int, requests: int, excess: int) -> list[Ticket]:
    """Find the victims by looking at all requests each time; `new` is the source and the user of the new request."""
    left, dropped = list(here), list[Ticket]()
    while requests > len(dropped) or excess > 0:
        count = requests > len(dropped)
        of_source = _of_heaviest(left, lambda ticket: ticket.source, count)
        own = [ticket for ticket in left if ticket.source == new[0]]
        if _weight(own, count) + (1 if count else size) < _weight(of_source, count):
            victims = _of_heaviest(of_source, lambda ticket: ticket.job.user, count)
        else:
            victims = _of_heaviest(own, lambda ticket: ticket.job.user, count)
            own = [ticket for ticket in own if ticket.job.user == new[1]]
            if _weight(own, count) + (1 if count else size) >= _weight(victims, count):
                return []
        victim = max(victims, key=lambda one: (PRIORITY_ORDER.index(one.job.request_class), one.seq))
        left.remove(victim)
        excess -= victim.job.body_bytes
        dropped.append(victim)
    return dropped


def _weight(tickets: list[Ticket], count: bool) -> int:
    return len(tickets) if count else sum(ticket.job.body_bytes for ticket in tickets)


def _of_heaviest(tickets: list[Ticket], name_of: Callable[[Ticket], str], count: bool) -> list[Ticket]:
    """Return those of the heaviest name; of equal ones, of that with the newest request."""
    groups = [[one for one in tickets if name_of(one) == name] for name in {name_of(one) for one in tickets}]
    return max(groups, key=lambda group: (_weight(group, count), max(one.seq for one in group)), default=[])


def test_sources_without_end_leave_nothing_behind():
    backlogs = Backlogs()
    for number in range(5000):
        ticket = Ticket(job(f"r{number}", source=f"10.0.0.{number}"), number, 0)
        backlogs.add(ticket)
        backlogs.remove(ticket)
    assert backlogs.sources == {}
    assert len(backlogs._by_count.heap) < 100
    assert len(backlogs._by_bytes.entries) < 100
