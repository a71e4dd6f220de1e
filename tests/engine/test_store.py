"""The store: the state that front ends see, its counts, and the metrics."""

import asyncio

import msgspec
import pytest

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import RaiseContext
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.serverlog_facts import PromptTruncated
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.records import Job, LoadOptions, Offender, Placement, RequestClass, Role, Usage
from ollama_panel.core.scheduling.messages import MemoryMeasured
from ollama_panel.core.scheduling.waiting import Waiting
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import InstanceRecord, ProxyRecord, RequestState
from ollama_panel.engine.host.gpu import Memory
from ollama_panel.engine.ledger import MAX_FINISHED, MAX_OPEN, Ledger
from ollama_panel.engine.metrics import exposition
from ollama_panel.engine.sampler import Sampler
from ollama_panel.engine.store import Store

ONE, TWO = InstanceId("chat-1"), InstanceId("chat-10")
AT_ONE = Placement(ONE, "http://127.0.0.1:1", context=4096)


def record(name: InstanceId = ONE, **changes: object) -> InstanceRecord:
    base = InstanceRecord(name, PoolName("chat"), Role.CHAT, True, "http://127.0.0.1:1", Phase.READY, parallel=2)
    return msgspec.structs.replace(base, **changes)


def job(name: str, role: Role = Role.CHAT) -> Job:
    return Job(
        RequestId(name), ClientId("me"), RequestClass.INTERACTIVE, role, ModelName("a:latest"), "/api/chat", True
    )


class StoreHarness:
    """A store and its ledger; `changes` counts the calls of `on_change`."""

    def __init__(self) -> None:
        self.changes = 0
        self.ledger = Ledger()
        self.slots: dict[InstanceId, int] = {}
        self.store = Store(Settings(), self.ledger, self._changed, lambda name: self.slots.get(name, 0))

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def harness() -> StoreHarness:
    return StoreHarness()


def test_saying_the_same_again_is_no_change(harness: StoreHarness) -> None:
    for _ in range(2):
        harness.store.put_instance(record())
        harness.store.set_proxy(ProxyRecord(on=True))
        harness.store.set_progress(PoolName("chat"), "busy")
    assert harness.changes == 3


def test_problems_of_different_parts_stand_side_by_side(harness: StoreHarness) -> None:
    one, two = Problem("a", "x."), Problem("b", "y.")
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
    assert 'ollama_panel_slots{pool="chat"} 3.0' in exposition(snapshot).decode()


def test_a_request_is_counted_where_it_is(harness: StoreHarness) -> None:
    harness.store.put_instance(record())
    harness.ledger.arrived(job("a"), 1.0)
    harness.ledger.arrived(job("b", Role.EMBEDDING), 1.0)
    harness.ledger.dispatched(RequestId("a"), AT_ONE, 2.0, loading=True)
    snapshot = harness.store.snapshot(2.0, [Waiting(RequestId("b"), 1, 4, "Busy.")])
    assert [(pool.queued, pool.in_flight) for pool in snapshot.pools] == [(0, 1), (1, 0)]
    assert [(one.id, one.state, one.position, one.eta_s, one.why) for one in snapshot.requests] == [
        ("a", RequestState.LOADING, None, None, ""),
        ("b", RequestState.WAITING, 1, 4, "Busy."),
    ]
    harness.ledger.requeued(RequestId("a"), "It broke.")
    assert harness.ledger.in_flight(ONE) == 0
    harness.ledger.ended(RequestId("a"), RequestState.REFUSED, 3.0, why="Full.")
    harness.ledger.ended(RequestId("b"), RequestState.CANCELLED, 3.0)
    assert (harness.store.snapshot(3.0, ()).refused, harness.ledger.queued()) == (1, 0)


def test_a_snapshot_carries_only_so_many_requests(harness: StoreHarness) -> None:
    for number in range(MAX_OPEN + 50):
        harness.ledger.arrived(job(f"r{number}"), 1.0)
    waiting = [Waiting(RequestId(f"r{number}"), number + 1, None, "") for number in range(MAX_OPEN + 50)]
    assert len(harness.store.snapshot(1.0, waiting).requests) == MAX_OPEN
    for number in range(MAX_FINISHED + 5):
        harness.ledger.ended(RequestId(f"r{number}"), RequestState.CANCELLED, 2.0)
    assert [one.id for one in harness.store.snapshot(2.0, ()).finished][0::199] == ["r5", "r204"]


async def test_idle_comes_when_the_last_request_of_an_instance_ends(harness: StoreHarness) -> None:
    for name in "ab":
        harness.ledger.arrived(job(name), 1.0)
        harness.ledger.dispatched(RequestId(name), AT_ONE, 1.0, loading=False)
    async with asyncio.TaskGroup() as group:
        idle = group.create_task(harness.ledger.wait_idle(ONE))
        await asyncio.sleep(0)
        harness.ledger.ended(RequestId("a"), RequestState.DONE, 2.0)
        await asyncio.sleep(0)
        assert not idle.done()
        harness.ledger.ended(RequestId("b"), RequestState.DONE, 2.0)
    await harness.ledger.wait_idle(TWO)


async def test_a_sample_is_what_the_charts_show(harness: StoreHarness) -> None:
    taken, measured = asyncio.Event(), list[MemoryMeasured]()
    harness.store.put_instance(record())
    harness.slots[ONE] = 2
    harness.ledger.arrived(job("a"), 0.0)
    harness.ledger.dispatched(RequestId("a"), AT_ONE, 0.0, loading=False)
    harness.ledger.first_byte(RequestId("a"), 0.5)
    harness.ledger.progress(RequestId("a"), 40, 1.0)

    async def read() -> Memory | None:
        taken.set()
        return Memory("GPU memory", 100, 30)

    sampler = Sampler(harness.store, harness.ledger, read, measured.append, lambda: 1.0)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(sampler.run())
        await taken.wait()
        await asyncio.sleep(0)
        task.cancel()
    (sample,) = sampler.samples()
    assert (sample.in_flight, sample.slots, sample.tokens_per_s, sample.first_token_p95_s) == (1, 2, 10.0, 0.5)
    assert (sample.memory_used, sample.memory_total, sample.memory_label) == (30, 100, "GPU memory")
    assert harness.store.snapshot(1.0, ()).sample is sample
    assert measured[0].free == 70


def test_metrics_have_names_units_and_labels(harness: StoreHarness) -> None:
    harness.store.put_instance(record())
    harness.slots[ONE] = 2
    harness.ledger.arrived(job("a"), 1.0)
    harness.ledger.dispatched(RequestId("a"), AT_ONE, 1.0, loading=False)
    harness.ledger.ended(RequestId("a"), RequestState.DONE, 2.0, usage=Usage(output_tokens=3))
    text = exposition(harness.store.snapshot(2.0, ())).decode()
    for line in (
        'ollama_panel_requests_total{outcome="served"} 1.0',
        'ollama_panel_queued{pool="chat"} 0.0',
        'ollama_panel_slots{pool="chat"} 2.0',
        'ollama_panel_instance_up{instance="chat-1",pool="chat"} 1.0',
        'ollama_panel_restarts_total{instance="chat-1",pool="chat"} 0.0',
    ):
        assert line in text


def test_whose_options_would_reload_a_model_is_in_the_snapshot(harness: StoreHarness) -> None:
    offender = Offender(ClientId("aider"), ModelName("a:latest"), LoadOptions(num_ctx=2048), 3)
    assert harness.store.snapshot(1.0, (), (offender,)).offenders == (offender,)


def cut_by_log(harness: StoreHarness, *names: str, prompt_tokens: int = 9000) -> None:
    for name in names:
        harness.ledger.arrived(job(name), 0.0)
        harness.ledger.dispatched(RequestId(name), AT_ONE, 1.0, loading=False)
    harness.ledger.truncated(ONE, PromptTruncated(4096, prompt_tokens, 4096), 1.2)


def test_a_prompt_that_the_log_says_was_cut_is_told_with_its_request_in_a_notice_and_a_metric(
    harness: StoreHarness,
) -> None:
    harness.store.put_instance(record())
    cut_by_log(harness, "a")
    assert harness.ledger.prompt_cut(RequestId("a"), Usage()) == PromptCut(9000, 4096, 4096)
    harness.ledger.ended(RequestId("a"), RequestState.DONE, 2.0)
    snapshot = harness.store.snapshot(3.0, ())
    (finished,), (notice,) = snapshot.finished, snapshot.notices
    assert finished.cut == PromptCut(9000, 4096, 4096)
    assert render(notice) == "a:latest: a prompt of 9,000 tokens of me was cut to 4,096. Raise the context of its pool."
    assert notice.action == RaiseContext((PoolName("chat"),), 16_384)
    assert b'ollama_panel_prompts_cut_total{model="a:latest"} 1.0' in exposition(snapshot)
    assert harness.store.snapshot(3.0 + 3600, ()).notices == ()


def test_a_line_about_a_cut_prompt_belongs_to_the_request_that_has_no_answer_yet(harness: StoreHarness) -> None:
    for name in ("old", "new"):
        harness.ledger.arrived(job(name), 0.0)
        harness.ledger.dispatched(RequestId(name), AT_ONE, 1.0, loading=False)
    harness.ledger.first_byte(RequestId("old"), 1.5)
    harness.ledger.truncated(ONE, PromptTruncated(4096, 9000, 4096), 1.2)
    harness.ledger.truncated(TWO, PromptTruncated(4096, 9000, 4096), 1.2)
    assert harness.ledger.prompt_cut(RequestId("old"), Usage()) is None
    assert harness.ledger.prompt_cut(RequestId("new"), Usage()) == PromptCut(9000, 4096, 4096)


def running(harness: StoreHarness, *lengths: int) -> None:
    """Dispatch requests "0", "1", ... with these estimated lengths in tokens."""
    for number, length in enumerate(lengths):
        one = msgspec.structs.replace(job(str(number)), prompt_tokens=length)
        harness.ledger.arrived(one, 0.0)
        harness.ledger.dispatched(one.id, AT_ONE, 1.0, loading=False)


def answered(harness: StoreHarness, name: str, prompt_tokens: int, at: float) -> PromptCut | None:
    usage = Usage(prompt_tokens=prompt_tokens)
    cut = harness.ledger.prompt_cut(RequestId(name), usage)
    harness.ledger.ended(RequestId(name), RequestState.DONE, at, usage=usage)
    return cut


def cuts(harness: StoreHarness) -> dict[str, PromptCut | None]:
    return {one.id: one.cut for one in harness.ledger.finished_records()}


@pytest.mark.parametrize("kept", [2050, 4096])
@pytest.mark.parametrize("others", [(), (9000,)])
def test_a_line_that_comes_after_the_answer_is_still_told(
    harness: StoreHarness, kept: int, others: tuple[int, ...]
) -> None:
    harness.store.put_instance(record())
    running(harness, 2000, *others)
    answered(harness, "0", kept, 2.0)
    harness.ledger.truncated(ONE, PromptTruncated(kept, 9000, kept), 2.1)
    assert cuts(harness) == {"0": PromptCut(9000, kept, 4096)}
    assert [harness.ledger.prompt_cut(RequestId("1"), Usage()) for _ in others] == [None for _ in others]
    (notice,) = harness.store.snapshot(3.0, ()).notices
    assert (notice.action, harness.ledger.cuts[ModelName("a:latest")].times) == (
        RaiseContext((PoolName("chat"),), 16_384),
        1,
    )


def test_a_late_line_is_not_about_an_answer_of_another_length_place_or_time(harness: StoreHarness) -> None:
    running(harness, 2000, 2000)
    answered(harness, "0", 700, 2.0)
    answered(harness, "1", 2050, 2.0)
    harness.ledger.truncated(TWO, PromptTruncated(2050, 9000, 2050), 2.1)
    harness.ledger.truncated(ONE, PromptTruncated(2050, 9000, 2050), 3.1)
    harness.ledger.truncated(ONE, PromptTruncated(2049, 9000, 2049), 2.1)
    assert cuts(harness) == {"0": None, "1": None}


@pytest.mark.parametrize("first", ["0", "1"])
def test_of_two_requests_the_counters_tell_which_one_was_cut(harness: StoreHarness, first: str) -> None:
    running(harness, 8900, 100)
    harness.ledger.truncated(ONE, PromptTruncated(2050, 9000, 2050), 1.2)
    for name in (first, "1" if first == "0" else "0"):
        answered(harness, name, {"0": 300, "1": 2050}[name], 60.0)
    assert cuts(harness) == {"0": None, "1": PromptCut(9000, 2050, 4096)}
    assert harness.ledger.cuts[ModelName("a:latest")].times == 1


def test_a_cut_at_one_instance_does_not_follow_the_request_to_another(harness: StoreHarness) -> None:
    cut_by_log(harness, "a")
    harness.ledger.requeued(RequestId("a"), "again")
    assert harness.ledger.prompt_cut(RequestId("a"), Usage()) is None


def test_the_counter_of_an_answer_tells_that_its_prompt_was_cut_but_not_for_embeddings(harness: StoreHarness) -> None:
    for name, role in (("chat", Role.CHAT), ("embedding", Role.EMBEDDING)):
        harness.ledger.arrived(job(name, role), 0.0)
        harness.ledger.dispatched(RequestId(name), AT_ONE, 1.0, loading=False)
    usage = Usage(prompt_tokens=4096)
    assert harness.ledger.prompt_cut(RequestId("chat"), usage) == PromptCut(None, 4096, 4096)
    assert harness.ledger.prompt_cut(RequestId("embedding"), usage) is None


def test_a_model_with_its_own_context_is_told_so(harness: StoreHarness) -> None:
    harness.store.put_instance(record())
    harness.store.set_models((ModelFacts(ModelName("a:latest"), num_ctx=4096),))
    cut_by_log(harness, "a")
    harness.ledger.ended(RequestId("a"), RequestState.DONE, 2.0)
    (notice,) = harness.store.snapshot(3.0, ()).notices
    assert notice.action is None
    assert "The model's own num_ctx limits it" in render(notice)


def test_only_so_many_models_are_remembered(harness: StoreHarness) -> None:
    for number in range(300):
        one = msgspec.structs.replace(job(str(number)), model=ModelName(f"m{number}"))
        harness.ledger.arrived(one, 0.0)
        harness.ledger.dispatched(one.id, AT_ONE, 1.0, loading=False)
        harness.ledger.truncated(ONE, PromptTruncated(), 1.2)
        harness.ledger.ended(one.id, RequestState.DONE, 2.0)
    assert len(harness.ledger.cuts) == 256


def test_a_conversation_that_goes_on_with_fewer_tokens_is_told(harness: StoreHarness) -> None:
    harness.store.put_instance(record())
    for name, turns, tokens in (("first", (1,), 3900), ("second", (1, 2, 3), 3400)):
        one = msgspec.structs.replace(job(name), turns=turns, prompt_tokens=tokens + 500)
        harness.ledger.arrived(one, 0.0)
        harness.ledger.dispatched(one.id, AT_ONE, 1.0, loading=False)
        usage = Usage(prompt_tokens=tokens)
        cut = harness.ledger.prompt_cut(one.id, usage)
        harness.ledger.ended(one.id, RequestState.DONE, 2.0, usage=usage)
    assert cut is None  # its own estimate fell as well: the client has shortened it
    one = msgspec.structs.replace(job("third"), turns=(1, 2, 3, 4), prompt_tokens=5200)
    harness.ledger.arrived(one, 0.0)
    harness.ledger.dispatched(one.id, AT_ONE, 1.0, loading=False)
    assert harness.ledger.prompt_cut(one.id, Usage(prompt_tokens=3300)) == PromptCut(None, 3300, 4096, certain=False)
