"""The timeline beside the scheduler in a random environment: both count the same, and every request ends as it did."""

from random import Random

import pytest
from typing_extensions import override

from ollama_panel.core.ids import RequestId
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.snapshot import RequestState
from ollama_panel.core.timeline.timeline import Timeline
from tests.core.scheduling.test_invariants import EVENTS, RARE
from tests.core.scheduling.world import World

ENDS = {
    "done": {RequestState.DONE, RequestState.FAILED},  # with status 200 or 404
    "broken off": {RequestState.FAILED},
    "refused": {RequestState.REFUSED, RequestState.FAILED, RequestState.CANCELLED},
    "cancelled": {RequestState.CANCELLED},
}


class WatchedWorld(World):
    """A world with a timeline; its users cancel requests, too."""

    def __init__(self, seed: int) -> None:
        self.timeline = Timeline()
        super().__init__(seed)

    @override
    def check(self) -> None:
        super().check()
        at, event, actions = self.log[-1]
        self.timeline.fold(event, actions, at)
        counts, scheduler = self.timeline.counts, self.scheduler
        assert (counts.queued(), counts.in_flight()) == (scheduler.queued(), scheduler.in_flight())
        assert sum(counts.ended.values()) == len(self.ended)
        for entry in self.timeline._open.values():
            assert (entry.job.id in self.running) == (entry.instance is not None)

    def cancel_by_user(self) -> None:
        known = [*self.waiting, *self.running]
        if known:
            request = RequestId(self.random.choice(known))
            self.again(say.Cancelled(request, by_user=True), request)


@pytest.mark.parametrize("seed", range(4))
def test_the_timeline_knows_what_the_scheduler_knows(seed: int) -> None:
    world, random = WatchedWorld(seed), Random(seed)
    for _ in range(500):
        event = random.choice(EVENTS if random.random() < 0.9 else [*RARE, "cancel_by_user"])
        getattr(world, event)()
        if random.random() < 0.3:
            world.wait(random.choice([0.01, 0.2, 1, 12]))
    world.come_to_rest()
    records = world.timeline.finished_records()
    assert len(records) == min(200, world.number)
    assert [one for one in records if one.state not in ENDS[world.ended[one.id]]] == []
    assert (world.timeline.counts.queued(), world.timeline.counts.in_flight()) == (0, 0)
