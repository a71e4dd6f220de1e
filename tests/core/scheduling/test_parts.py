"""The parts of a request in the scheduler: cancelled and moved together, and one in a full queue."""

from dataclasses import dataclass

import msgspec
import pytest

from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.records import FailureKind, Job, Part, RefusalReason, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import NOMIC, SECOND, Script, embed


def part(number: int, of: str = "big", client: str = "ann", count: int = 8, arrived_us: int = 0) -> Job:
    """Return a part of a bulk request for embeddings."""
    job = msgspec.structs.replace(embed(f"{of}/{number}", client), bulk=True, items=16, body_bytes=1000)
    return msgspec.structs.replace(job, part=Part(RequestId(of), number, count, 128, 2000, 8000, arrived_us))


@pytest.fixture
def script() -> Script:
    return pool()


def pool(workers: int = 2, policy: Policy | None = None) -> Script:
    script = Script(policy)
    for number in range(1, workers + 1):
        script.warm(f"embedding-{number}", 1, NOMIC, Role.EMBEDDING)
    return script


def test_parts_run_at_all_workers_at_once_in_their_order(script: Script) -> None:
    script.arrive(*map(part, range(4)))
    assert script.dispatches == [("big/0", "embedding-1"), ("big/1", "embedding-2")]
    script.finish("big/1")
    assert script.order() == ["big/0", "big/1", "big/2"]


def test_a_part_whose_worker_has_died_is_tried_again_elsewhere(script: Script) -> None:
    script.arrive(part(0), part(1))
    script.fail("big/0")
    script.finish("big/1")
    script.wait(5)
    assert script.sent == {"big/0": "embedding-2"}


def test_the_user_cancels_all_parts_that_run_and_wait(script: Script) -> None:
    script.arrive(*map(part, range(4)), embed("other"))
    script.tell(say.Cancelled(RequestId("big"), by_user=True))
    assert {name: one.reason for name, one in script.replies.items()} == {
        f"big/{number}": RefusalReason.CANCELLED for number in range(4)
    }
    assert script.order()[-1] == "other"


def test_all_waiting_parts_are_moved_to_the_front_in_their_order_and_back(script: Script) -> None:
    script.arrive(embed("a"), embed("b"), embed("c"), *(part(number) for number in range(3)))
    script.tell(say.MovedToFront(RequestId("big")))
    assert [one.id for one in script.scheduler.waiting()] == ["big/0", "big/1", "big/2", "c"]
    assert [script.position(f"big/{number}") for number in range(3)] == [1, 2, 3]
    script.tell(say.MovedBack(RequestId("big")))
    assert script.position("c") == 1


def test_the_limit_of_a_client_counts_parts() -> None:
    script = pool(3, Policy(limits={"ann": 2}))
    script.arrive(*map(part, range(4)), part(0, "theirs", "bob"))
    assert sorted(script.sent) == ["big/0", "big/1", "theirs/0"]


def test_in_a_full_queue_a_request_is_one_and_its_later_parts_are_never_refused() -> None:
    script = pool(1, Policy(queue_limit=2))
    script.arrive(embed("a"), *(part(number) for number in range(4)), embed("b", "bob"))
    assert script.replies == {}
    assert script.scheduler.queued() == 5
    script.arrive(part(4), embed("c", "carl"))
    assert list(script.replies) == ["c"], "it would have as many waiting as the others"


@dataclass
class Two:
    ann: int = 0
    bob: int = 0


def test_two_clients_with_bulk_requests_get_the_same() -> None:
    script, done = pool(2), Two()
    script.arrive(*(part(number, "anns", "ann", 40) for number in range(40)))
    script.arrive(*(part(number, "bobs", "bob", 40) for number in range(40)))
    for _ in range(40):
        script.wait(1)
        name = next(iter(script.sent))
        setattr(done, name[:3], getattr(done, name[:3]) + 1)
        script.finish(name, prompt_tokens=500)
    assert abs(done.ann - done.bob) <= 2


def test_a_part_gets_the_client_that_became_known_later(script: Script) -> None:
    script.arrive(*map(part, range(3)))
    script.tell(say.Identified({}, {RequestId(f"big/{number}"): ClientId("indexer") for number in range(3)}))
    clients = {one.client for one in script.scheduler.waiting_jobs()}
    assert clients == {"indexer"}


def test_a_part_that_failed_too_often_is_refused_alone(script: Script) -> None:
    script.arrive(part(0), part(1))
    while "big/0" not in script.replies:
        script.fail("big/0", FailureKind.UPSTREAM)
        script.wait(30)
    assert "big/1" in script.sent
    assert script.now < 10 * 60 * SECOND
