"""The six invariants of the scheduler under millions of events; `OLLAMA_PANEL_NIGHTLY=1` runs the long version."""

import os
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from hypothesis.strategies import floats, integers, sampled_from
from msgspec.structs import replace

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.policies import POLICY
from tests.core.scheduling.world import World

pytestmark = pytest.mark.timeout(3600 if os.environ.get("OLLAMA_PANEL_NIGHTLY") else 120)
NIGHTLY = bool(os.environ.get("OLLAMA_PANEL_NIGHTLY"))
WORLDS, STEPS = (400, 3000) if NIGHTLY else (8, 500)
EVENTS = ["arrive"] * 8 + ["first_byte"] * 5 + ["finish"] * 5 + ["requeue"] * 4 + ["cancel", "fail", "instance_up"]
RARE = ["instance_down", "drain", "unloaded", "loaded", "loaded", "stop", "reconfigure", "instance_up", "instance_up"]
RARE += ["identified", "foreign_load", "measured", "moved", "succeeded", "reserved"]


class BrainMachine(RuleBasedStateMachine):
    """Hypothesis chooses the events, so that a failure shrinks to a short sequence; `events` counts all of them."""

    events = 0

    @initialize(seed=integers(0, 1000))
    def begin(self, seed):
        self.world = World(seed)
        self.world.instance_up()

    @rule(count=integers(1, 6))
    def arrive(self, count):
        for _ in range(count):
            self.world.arrive()

    @rule(seconds=floats(0.001, 100))
    def wait(self, seconds):
        self.world.wait(seconds)

    @rule(event=sampled_from(sorted({*EVENTS, *RARE} - {"arrive"})))
    def happen(self, event):
        getattr(self.world, event)()

    def teardown(self):
        if hasattr(self, "world"):
            self.world.come_to_rest()
            BrainMachine.events += self.world.steps


def test_the_invariants_hold_for_any_sequence_of_events():
    examples, length = (6000, 80) if NIGHTLY else (40, 40)
    before = BrainMachine.events
    quick = settings(max_examples=examples, stateful_step_count=length, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(BrainMachine, settings=quick)
    assert not NIGHTLY or BrainMachine.events - before >= 1_000_000


def live(seed: int, steps: int, policy: Policy = POLICY) -> World:
    world, random = World(seed, policy), Random(seed)
    for _ in range(steps):
        event = random.choice(EVENTS if random.random() < 0.93 else RARE)
        getattr(world, event)()
        if random.random() < 0.3:
            world.wait(random.choice([0.01, 0.2, 1, 12]))
    world.come_to_rest()
    return world


def test_the_invariants_hold_in_long_runs_and_every_request_ends():
    events = 0
    for seed in range(WORLDS):
        world = live(seed, STEPS)
        events += world.steps
        assert len(world.ended) == world.number
    assert not NIGHTLY or events >= 1_000_000


def test_the_invariants_hold_while_the_queue_is_full():
    dropped = 0
    for seed in range(WORLDS // 2):
        world = live(seed, STEPS // 2, replace(POLICY, queue_limit=5, queue_bytes=4000))
        assert len(world.ended) == world.number
        dropped += world.drops.number
    assert dropped > 5


def test_a_replayed_log_gives_the_same_actions():
    world = live(99, 1500)
    again = Dispatcher(POLICY)
    assert [again.step(event, at) for at, event, _ in world.log] == [actions for _, _, actions in world.log]


def test_free_slots_are_used_while_something_waits():
    for seed in range(WORLDS):
        world, random = World(seed), Random(seed)
        for name in ("instance_up",) * 12:
            getattr(world, name)()
        for _ in range(STEPS // 2):
            if random.random() < 0.5:
                world.arrive(plain=True)
            getattr(world, random.choice(["first_byte", "finish", "finish", "unloaded"]))()
            world.wait(0.3)
            world.slots_are_used()
            assert not world.over_the_limit()


def test_what_the_logs_say_about_prompts_changes_no_decision():
    world = live(98, 800)
    again = Dispatcher(POLICY)
    for at, event, actions in world.log:
        assert again.step(event, at) == actions
        assert again.step(say.PromptTruncated(InstanceId("chat-1"), 9000, 4096), at) == []
