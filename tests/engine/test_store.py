"""The store: the state that front ends see, its counts, and the metrics."""

import asyncio

import msgspec
import pytest

from ollama_panel.core.history.statistics import RequestStatistics
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.limits import LimitReason, ModelLimit, SloRecord
from ollama_panel.core.notices import RaiseContext, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.panel_api import pools_of
from ollama_panel.core.records import LoadOptions, Offender, RefusalReason, Role
from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import (
    Budget,
    BudgetSource,
    Connections,
    InstanceRecord,
    MemoryKind,
    ProxyRecord,
    RequestState,
    Snapshot,
)
from ollama_panel.core.watchdog_record import WatchdogRecord, WatchdogState
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.metrics import exposition
from ollama_panel.engine.pace import Pace
from ollama_panel.engine.sampler import Sampler
from ollama_panel.engine.store import Store
from tests.fakes.timelines import ONE, TWO, ToldTimeline, job


def record(name: InstanceId = ONE, **changes: object) -> InstanceRecord:
    base = InstanceRecord(name, PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY, parallel=2)
    return msgspec.structs.replace(base, **changes)


class StoreHarness:
    """A store and its timeline; `changes` counts the calls of `on_change`."""

    def __init__(self) -> None:
        self.changes = 0
        self.timeline = ToldTimeline()
        self.slots: dict[InstanceId, int] = {}
        self.store = Store(Settings(), self.timeline, self._changed, lambda name: self.slots.get(name, 0))

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def harness() -> StoreHarness:
    return StoreHarness()


def test_saying_the_same_again_is_no_change(harness: StoreHarness) -> None:
    for _ in range(2):
        harness.store.put_instance(record())
        harness.store.set_proxy(ProxyRecord(on=True))
        harness.store.set_progress(PoolName("chat"), notice("rollout.start", instance="chat-1"))
    assert harness.changes == 3


def test_a_path_with_bytes_that_are_no_text_is_shown_and_survives_json(harness: StoreHarness) -> None:
    harness.store.set_ollama(b"/opt/b\xff/ollama".decode("utf-8", "surrogateescape"), demo=False)
    snapshot = harness.store.snapshot(0.0, ())
    assert snapshot.ollama_binary == "/opt/b?/ollama"
    assert msgspec.json.encode(snapshot)


def test_what_the_watchdog_says_of_an_instance_goes_with_it(harness: StoreHarness) -> None:
    hung = WatchdogRecord(WatchdogState.HUNG)
    harness.store.set_watchdog(ONE, hung)
    assert harness.store.watchdog(ONE) == WatchdogRecord(), "there is no such instance"
    harness.store.put_instance(record())
    harness.store.set_watchdog(ONE, hung)
    assert harness.store.watchdog(ONE) == hung
    assert harness.store.snapshot(0.0, ()).instances[0].watchdog == hung
    harness.store.drop_instance(ONE)
    harness.store.set_watchdog(ONE, hung)
    harness.store.put_instance(record())
    assert harness.store.watchdog(ONE) == WatchdogRecord()


def test_problems_of_different_parts_stand_side_by_side(harness: StoreHarness) -> None:
    one, two = Problem("a", notice("demo")), Problem("b", notice("json.no_object"))
    harness.store.set_problems("settings", [one])
    harness.store.set_problems("instances", [two])
    assert harness.store.snapshot(1.0, ()).problems == (one, two)
    harness.store.set_problems("settings", [])
    assert harness.store.snapshot(1.0, ()).problems == (two,)


def test_instances_stand_in_the_order_of_pools_and_numbers_adopted_ones_last(harness: StoreHarness) -> None:
    adopted = record(InstanceId("adopted-11434"), managed=False)
    embedding = record(InstanceId("embedding-1"), pool=PoolName("embedding"), number=1)
    for one in (adopted, record(TWO, number=10), embedding, record(InstanceId("chat-2"), number=2), record(number=1)):
        harness.store.put_instance(one)
    names = [one.id for one in harness.store.snapshot(1.0, ()).instances]
    assert names == ["chat-1", "chat-2", "chat-10", "embedding-1", "adopted-11434"]


def test_slots_are_the_schedulers_whatever_the_environment_asks_for(harness: StoreHarness) -> None:
    harness.store.put_instance(record(parallel=4))
    harness.store.put_instance(record(TWO, parallel=4))
    harness.slots = {ONE: 1, TWO: 2, InstanceId("gone-1"): 8}
    snapshot = harness.store.snapshot(1.0, ())
    assert (harness.store.slots(), snapshot.pools[0].slots) == (3, 3)
    assert [one.slots for one in snapshot.instances] == [1, 2]
    assert 'ollama_panel_slots{pool="chat"} 3.0' in exposition(snapshot, RequestStatistics()).decode()


def test_a_request_is_counted_where_it_is(harness: StoreHarness) -> None:
    harness.store.put_instance(record())
    harness.timeline.arrive(job("a"), job("b", Role.EMBEDDING))
    harness.timeline.dispatch("a", at=2.0, loading=True)
    snapshot = harness.store.snapshot(2.0, [Waiting(RequestId("b"), 1, 4, notice("waiting.paused"))])
    assert [(pool.queued, pool.in_flight) for pool in snapshot.pools] == [(0, 1), (1, 0)]
    assert [(one.id, one.state, one.position, one.eta_s, one.why) for one in snapshot.requests] == [
        ("a", RequestState.LOADING, None, None, None),
        ("b", RequestState.WAITING, 1, 4, notice("waiting.paused")),
    ]
    harness.timeline.finish("a")
    harness.timeline.refuse("b", RefusalReason.QUEUE_TIMEOUT)
    snapshot = harness.store.snapshot(3.0, ())
    assert (snapshot.served, snapshot.failed, snapshot.refused) == (1, 0, 1)
    assert [(one.in_flight, one.served, one.failed) for one in snapshot.instances] == [(0, 1, 0)]


def test_requests_of_a_role_without_a_pool_wait_in_the_queue_of_the_pool_that_serves_it(
    harness: StoreHarness,
) -> None:
    chat = Settings().pools[:1]
    code = msgspec.structs.replace(chat[0], name=PoolName("code"), role=Role.CODE)
    none = msgspec.structs.replace(chat[0], workers=0)
    harness.timeline.arrive(job("a"), job("b", Role.EMBEDDING), job("c", Role.VISION))
    for pools, queued in (chat, [3]), ((none, code), [0, 3]):
        harness.store.set_settings(msgspec.structs.replace(Settings(), pools=pools))
        assert [pool.queued for pool in harness.store.snapshot(2.0, ()).pools] == queued


async def test_a_sample_is_what_the_charts_show(harness: StoreHarness) -> None:
    taken, measured = asyncio.Event(), list[MemoryMeasured]()
    harness.store.put_instance(record())
    harness.slots[ONE] = 2
    harness.timeline.start(job("a"), at=0.0)
    harness.timeline.first_byte("a", 0.5)
    harness.timeline.progress("a", 40, 1.0)

    async def read() -> Memory | None:
        taken.set()
        return Memory(MemoryKind.GPU, 100 * GIB, 30 * GIB, "Card 0")

    pace = Pace(lambda: True, lambda: 1.0, lambda: None)
    counts, others = harness.timeline.counts, lambda: 30 * GIB
    sampler = Sampler(harness.store, counts, read, measured.append, lambda: 1.0, pace, others)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(sampler.run())
        await taken.wait()
        await asyncio.sleep(0)
        task.cancel()
    (sample,) = sampler.samples()
    assert (sample.in_flight, sample.slots, sample.tokens_per_s, sample.first_token_p95_s) == (1, 2, 10.0, 0.5)
    assert (sample.memory_used, sample.memory_total) == (30 * GIB, 100 * GIB)
    assert (sample.memory_kind, sample.memory_name) == (MemoryKind.GPU, "Card 0")
    assert sample.budget == Budget(100 * GIB, 70 * GIB, BudgetSource.DRIVER, others=30 * GIB)
    assert harness.store.snapshot(1.0, ()).sample is sample
    assert measured[0].free == 70 * GIB


def test_metrics_have_names_units_and_labels(harness: StoreHarness) -> None:
    harness.store.put_instance(record())
    harness.slots[ONE] = 2
    harness.timeline.start(job("a"))
    harness.timeline.finish("a", output_tokens=3)
    text = exposition(harness.store.snapshot(2.0, ()), RequestStatistics()).decode()
    for line in (
        'ollama_panel_requests_total{outcome="served"} 1.0',
        'ollama_panel_queued{pool="chat"} 0.0',
        'ollama_panel_slots{pool="chat"} 2.0',
        'ollama_panel_instance_up{instance="chat-1",pool="chat"} 1.0',
        'ollama_panel_restarts_total{instance="chat-1",pool="chat"} 0.0',
    ):
        assert line in text


class Scheduler:
    """Limits of two models, and the SLO of a pool."""

    def limits(self, instance: InstanceId) -> tuple[ModelLimit, ...]:
        told = notice("limit.slo_tokens", limit=2, slots=4, rate=20)
        return (ModelLimit(ModelName("a:latest"), 2, 4, LimitReason.SLO, told),) if instance == ONE else ()

    def loading(self, instance: InstanceId) -> tuple[ModelName, ...]:
        return (ModelName("a:latest"), ModelName("b:latest")) if instance == ONE else ()

    def slo(self, pool: PoolName) -> SloRecord | None:
        return SloRecord(tokens_per_s=20.0, kept=0.97, counted=100, met=97, missed=3) if pool == "chat" else None


def test_limits_and_slos_are_the_schedulers(harness: StoreHarness) -> None:
    store = Store(Settings(), harness.timeline, lambda: None, lambda _: 2, Scheduler())
    store.put_instance(record())
    snapshot = store.snapshot(1.0, ())
    assert snapshot.instances[0].limits[0].limit == 2
    assert snapshot.instances[0].loading == ("a:latest", "b:latest")
    text = exposition(snapshot, RequestStatistics()).decode()
    for line in (
        'ollama_panel_slo_kept_ratio{pool="chat"} 0.97',
        'ollama_panel_slo_requests_total{outcome="missed",pool="chat"} 3.0',
        'ollama_panel_limit{instance="chat-1",model="a:latest",reason="slo"} 2.0',
    ):
        assert line in text
    assert pools_of(snapshot)[0].slo == snapshot.pools[0].slo


def test_whose_options_would_reload_a_model_is_in_the_snapshot(harness: StoreHarness) -> None:
    offender = Offender(ClientId("aider"), ModelName("a:latest"), LoadOptions(num_ctx=2048), 3)
    assert harness.store.snapshot(1.0, (), (offender,)).offenders == (offender,)


def test_a_prompt_that_the_log_says_was_cut_is_told_with_its_request_in_a_notice_and_a_metric(
    harness: StoreHarness,
) -> None:
    harness.store.put_instance(record())
    harness.timeline.start(job("a"))
    harness.timeline.truncated(1.2, 9000, 4096)
    harness.timeline.finish("a")
    snapshot = harness.store.snapshot(3.0, ())
    (finished,), (notice,) = snapshot.finished, snapshot.notices
    assert finished.cut == PromptCut(9000, 4096, 4096)
    assert render(notice) == "a:latest: a prompt of 9,000 tokens of me was cut to 4,096. Raise the context of its pool."
    assert notice.action == RaiseContext((PoolName("chat"),), 16_384)
    assert b'ollama_panel_prompts_cut_total{model="a:latest"} 1.0' in exposition(snapshot, RequestStatistics())
    assert harness.store.snapshot(3.0 + 3600, ()).notices == ()


def test_a_model_with_its_own_context_is_told_so(harness: StoreHarness) -> None:
    harness.store.put_instance(record())
    harness.store.set_models((ModelFacts(ModelName("a:latest"), num_ctx=4096),))
    harness.timeline.start(job("a"))
    harness.timeline.truncated(1.2, 9000, 4096)
    harness.timeline.finish("a")
    (notice,) = harness.store.snapshot(3.0, ()).notices
    assert notice.action is None
    assert "The model's own num_ctx limits it" in render(notice)


def test_the_client_connections_are_in_the_metrics() -> None:
    text = exposition(
        Snapshot(0.0, Settings(), connections=Connections(open=7, most=554, pauses=2)), RequestStatistics()
    ).decode()
    assert "ollama_panel_connections 7.0\n" in text
    assert "ollama_panel_connections_limit 554.0\n" in text
    assert "ollama_panel_accept_pauses_total 2.0\n" in text
    assert "connections_limit" not in exposition(Snapshot(0.0, Settings()), RequestStatistics()).decode()
