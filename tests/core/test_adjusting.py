"""Proposals of other numbers of slots and workers."""

from msgspec.structs import replace

from ollama_panel.core.adjusting import CROWDED_S, IDLE_S, UNUSED_S, Adjuster
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.limits import LimitReason, ModelLimit
from ollama_panel.core.notices import ChangePools, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.curve import Curve, CurvePoint
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Budget, BudgetSource, InstanceRecord, PoolRecord, Sample, Snapshot

CHAT, LLAMA = PoolName("chat"), ModelName("llama3.1:8b")
POOL = PoolSettings(CHAT, workers=1, parallel=4)
FACTS = ModelFacts(
    LLAMA, "d1", int(4.58 * GIB), "llama", capabilities=("completion",), architecture="llama", layers=32,
    embedding_length=4096, heads=32, kv_heads=(8,), vocabulary=128_256, feed_forward=14_336, context_trained=131_072,
)  # fmt: skip
SLO = notice("limit.slo_tokens", limit=2, slots=4, rate=20)


class World:
    """A pool whose snapshots come every five seconds."""

    def __init__(self, pool: PoolSettings = POOL, facts: ModelFacts = FACTS, memory: int = 48) -> None:
        self.adjuster = Adjuster()
        self.pool, self.facts, self.memory, self.now = pool, facts, memory, 0.0
        self.curves: tuple[Curve, ...] = ()

    def snapshot(self, queued: int, running: int, limit: int, reason: LimitReason) -> Snapshot:
        slots = self.pool.parallel
        limits = (ModelLimit(LLAMA, limit, slots, reason, SLO),)
        loaded = (LoadedModel(LLAMA, 1, 1, 4096, slots, ParallelSource.LOG),)
        one = InstanceRecord(
            InstanceId("chat-1"), CHAT, Role.CHAT, True, "", Phase.READY, slots=limit, limits=limits, models=loaded
        )
        load = PoolRecord(CHAT, Role.CHAT, queued, running, limit)
        budget = Budget(self.memory * GIB, 0, BudgetSource.DRIVER)
        sample = Sample(self.now, 0, 0, 0, 0.0, None, None, None, budget=budget)
        return Snapshot(
            self.now, Settings(pools=(self.pool,)), pools=(load,), instances=(one,), models=(self.facts,),
            sample=sample, ollama_version="0.32.15",
        )  # fmt: skip

    def run(
        self,
        seconds: float,
        queued: int = 5,
        running: int = 4,
        limit: int = 4,
        reason: LimitReason = LimitReason.SLOTS,
    ) -> list[str]:
        for _ in range(round(seconds / 5) + 1):
            self.now += 5
            shown = self.snapshot(queued, running, limit, reason)
            self.adjuster.look(shown, self.curves)
            self.adjuster.due(shown)
        return [render(told) for told in self.adjuster.told]


MORE = (
    f"Requests for chat wait while every slot of {LLAMA} is taken: with 8 instead of 4, more of them run at once, and "
    "the memory suffices."
)


def test_more_slots_are_proposed_when_requests_have_waited_for_a_minute() -> None:
    world = World()
    assert world.run(CROWDED_S - 10) == []
    assert world.run(10) == [MORE]
    assert world.adjuster.proposed[CHAT].action == ChangePools((CHAT,), parallel=8)
    assert world.run(600, queued=0, running=0) == [MORE], "it stays until somebody decides"


def test_a_minute_with_a_pause_is_none() -> None:
    world = World()
    world.run(40)
    world.run(5, queued=0)
    assert world.run(40) == []


def test_nothing_is_proposed_that_the_memory_may_not_hold() -> None:
    assert World(memory=7).run(CROWDED_S) == []


def test_a_curve_says_what_more_slots_give_or_that_they_give_nothing() -> None:
    world = World()
    world.curves = (Curve(CHAT, LLAMA, (CurvePoint(4, 100.0, 1.0), CurvePoint(8, 141.0, 1.0))),)
    assert "with 8 instead of 4 it gives 41 % more tokens per second" in world.run(CROWDED_S)[0]
    flat = World()
    flat.curves = (Curve(CHAT, LLAMA, (CurvePoint(4, 100.0, 1.0), CurvePoint(8, 101.0, 1.0))),)
    assert flat.run(CROWDED_S) == []


def test_more_workers_are_proposed_for_a_model_that_runs_one_request_at_a_time() -> None:
    world = World(facts=replace(FACTS, capabilities=("embedding",)))
    assert "2 workers instead of 1" in world.run(CROWDED_S)[0]
    assert world.adjuster.proposed[CHAT].action == ChangePools((CHAT,), workers=2)


def test_slots_that_a_limit_leaves_free_are_proposed_to_be_given_up_and_do_not_come_back() -> None:
    world = World()
    assert world.run(UNUSED_S - 10, limit=2, running=2, reason=LimitReason.SLO) == []
    told = world.run(10, limit=2, running=2, reason=LimitReason.SLO)
    assert told == [
        f"{LLAMA} uses at most 2 of the 4 slots of chat: 2 slots would free memory. "
        "2 of 4 slots: the SLO of 20 tokens/s."
    ]
    world.pool = replace(POOL, parallel=2)
    assert world.run(CROWDED_S, limit=2, running=2) == [], "four were too many"


def test_what_limits_for_the_moment_is_no_reason_for_other_settings() -> None:
    assert World().run(UNUSED_S, limit=2, running=2, reason=LimitReason.POWER) == []


def test_a_proposal_is_due_when_its_pool_has_been_idle() -> None:
    world = World()
    world.run(CROWDED_S)
    assert world.adjuster.due(world.snapshot(0, 0, 4, LimitReason.SLOTS)) is None
    world.run(IDLE_S, queued=0, running=0)
    assert world.adjuster.due(world.snapshot(0, 0, 4, LimitReason.SLOTS)) == CHAT


def test_what_was_done_is_told_with_what_undoes_it_and_is_not_done_again_after_that() -> None:
    world = World()
    world.run(CROWDED_S)
    world.adjuster.carried_out(POOL, world.adjuster.proposed[CHAT])
    world.pool = replace(POOL, parallel=8)
    assert world.run(5, queued=0) == [f"chat was changed for {LLAMA} while it was idle. {MORE}"]
    assert world.adjuster.done[CHAT].action == ChangePools((CHAT,), parallel=4, workers=1)
    world.pool = POOL
    assert world.run(CROWDED_S) == []


def test_what_failed_is_told_and_not_tried_again() -> None:
    world = World()
    world.run(CROWDED_S)
    failed = notice("adjust.failed", pool=CHAT, why=notice("instance.down"))
    world.adjuster.failed(POOL, world.adjuster.proposed[CHAT], failed)
    world.run(IDLE_S, queued=0, running=0)
    assert world.adjuster.due(world.snapshot(0, 0, 4, LimitReason.SLOTS)) is None
    assert world.adjuster.told == (failed,)
