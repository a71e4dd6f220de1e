"""The last minutes of a run in memory: how far back they go, and what they take."""

from collections.abc import Iterator

import pytest

from ollama_panel.core.ids import RequestId
from ollama_panel.core.recording import RECENT_S
from ollama_panel.core.scheduling.event_log import read, unpacked
from ollama_panel.core.scheduling.messages import Progressed
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.engine.recent_steps import MOST_BYTES, QUIET_BYTES, RecentSteps

EVENT = Progressed(RequestId("a"), 1)
SECOND = 1_000_000


class Run:
    """Steps at even intervals; `calm` says whether few requests are open, `checkpoints` how many there were."""

    def __init__(self) -> None:
        self.now = 0
        self.calm = True
        self.checkpoints = 0
        self.recent = RecentSteps(self._checkpoint, Policy, lambda: self.calm)

    def _checkpoint(self) -> bytes:
        self.checkpoints += 1
        return f"state {self.checkpoints}".encode()

    def go_on(self, seconds: float, interval_us: int = SECOND) -> Iterator[float]:
        """Take steps for so long; yield after each how much of the past is kept."""
        for _ in range(round(seconds * SECOND / interval_us)):
            self.now += interval_us
            if self.now >= self.recent.look_at:
                self.recent.look(self.now)
            self.recent.add(self.now)
            self.recent.add(EVENT)
            yield self.recent.seconds(self.now)


@pytest.fixture
def run() -> Run:
    return Run()


def test_at_least_the_last_ten_minutes_are_kept_and_little_more(run: Run) -> None:
    list(run.go_on(RECENT_S))
    kept = list(run.go_on(3600))
    assert min(kept) >= RECENT_S - 2
    assert max(kept) <= 1.25 * RECENT_S + 2
    assert run.checkpoints <= 4200 / (RECENT_S / 4) + 1


def test_a_busy_run_keeps_less_and_takes_no_more_memory(run: Run) -> None:
    for _ in run.go_on(120, 500):
        pass
    assert 5 < run.recent.seconds(run.now) < RECENT_S
    assert run.recent.size() < MOST_BYTES + 2000 * QUIET_BYTES


def test_what_is_saved_begins_with_a_checkpoint_and_has_every_step_since(run: Run) -> None:
    list(run.go_on(2000))
    saved = run.recent.copy()
    assert saved is not None
    head, *steps = read(saved.lines("1.2.3"))
    assert (head.policy, head.version) == (Policy(), "1.2.3")
    assert unpacked(head.checkpoint).startswith(b"state ")
    assert [step.at for step in steps] == list(range(saved.at, run.now + 1, SECOND))


def test_while_many_requests_are_open_there_is_no_checkpoint_but_what_there_was_goes_on(run: Run) -> None:
    list(run.go_on(10))
    run.calm = False
    kept = list(run.go_on(1000))
    assert run.checkpoints == 1
    assert kept[-1] == 1009
    run.calm = True
    list(run.go_on(RECENT_S + 200))
    assert run.checkpoints > 1
    assert run.recent.seconds(run.now) < 1.25 * RECENT_S + 2


def test_nothing_is_kept_if_the_memory_is_full_while_many_are_open_until_fewer_are(run: Run) -> None:
    list(run.go_on(1))
    run.calm = False
    kept = list(run.go_on(200, 500))
    assert kept[-1] == 0
    assert run.recent.copy() is None
    run.calm = True
    list(run.go_on(5))
    assert 3 <= run.recent.seconds(run.now) <= 5


def test_before_the_first_step_there_is_nothing(run: Run) -> None:
    assert run.recent.copy() is None
    assert run.recent.seconds(0) == 0
