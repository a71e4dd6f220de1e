"""Which workers measure a trial, and with which environment."""

import msgspec
import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.launch import InstanceSpec, plan_instances, thread_shares
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.tuning.placement import Placement, apart
from ollama_panel.core.tuning.trial import Candidate

EMBEDDING = PoolSettings(PoolName("embedding"), Role.EMBEDDING)


def settings(workers: int = 1, **environment: str) -> Settings:
    chat = PoolSettings(PoolName("chat"), Role.CHAT, workers, 2, environment=environment)
    return msgspec.structs.replace(Settings(), pools=(chat, EMBEDDING))


def planned(before: Settings, placement: Placement, *, cores: int = 8, gpu: bool = True) -> dict[str, InstanceSpec]:
    """Return the instances of a machine while a trial is made."""
    own = plan_instances(before, ("ollama",), cores, gpu)
    kept = {spec.id: spec.port for spec in own}
    trial = plan_instances(placement.in_place_of(before), ("ollama",), cores, gpu, (), kept)
    shares = {} if gpu else thread_shares(placement.with_workers(before).pools, cores)
    return {spec.id: spec for spec in placement.among(own, trial, shares)}


@pytest.mark.parametrize(
    ("workers", "tried", "beside", "instances"),
    [
        (1, 1, False, ("chat-1",)),
        (3, 1, False, ("chat-3",)),
        (1, 2, False, ("chat-1", "chat-2")),
        (1, 1, True, ("chat-2",)),
        (2, 2, True, ("chat-3", "chat-4")),
    ],
)
def test_the_last_workers_measure_or_more_beside_them(
    workers: int, tried: int, beside: bool, instances: tuple[str, ...]
) -> None:
    pool = settings(workers).pools[0]
    placement = Placement.of(pool, Candidate(workers=tried, parallel=4), 16, beside=beside)
    assert placement.instances == instances
    assert placement.settings.parallel == 16


def test_only_the_workers_that_measure_have_other_settings_and_all_keep_their_ports() -> None:
    before = settings(2, OLLAMA_KEEP_ALIVE="1h")
    own = {spec.id: spec for spec in plan_instances(before, ("ollama",), 8, gpu=True)}
    placement = Placement.of(before.pools[0], Candidate(parallel=4, cache_type="q8_0"), 16, beside=False)
    found = planned(before, placement)
    assert found.keys() == own.keys()
    assert [name for name, spec in found.items() if spec != own[spec.id]] == ["chat-2"]
    assert found["chat-2"].port == own[found["chat-2"].id].port
    assert found["chat-2"].environment["OLLAMA_NUM_PARALLEL"] == "16"
    assert found["chat-2"].environment["OLLAMA_KV_CACHE_TYPE"] == "q8_0"
    assert found["chat-2"].environment["OLLAMA_KEEP_ALIVE"] == "1h"


def test_one_more_worker_leaves_all_others_as_they_are() -> None:
    before = settings()
    own = {spec.id: spec for spec in plan_instances(before, ("ollama",), 2, gpu=False)}
    placement = Placement.of(before.pools[0], Candidate(parallel=4), 4, beside=True)
    found = planned(before, placement, cores=2, gpu=False)
    assert {name: found[name] for name in own} == own
    assert found["chat-2"].port not in {spec.port for spec in own.values()}


def test_workers_that_measure_on_the_cpu_have_as_many_threads_as_they_would_have_for_good() -> None:
    before = settings(2)
    one = Placement.of(before.pools[0], Candidate(parallel=4), 4, beside=False)
    four = Placement.of(before.pools[0], Candidate(workers=4), 4, beside=False)
    assert "LLAMA_ARG_THREADS" not in planned(before, one, gpu=False)["chat-2"].environment
    threads = [spec.environment["LLAMA_ARG_THREADS"] for spec in planned(before, four, gpu=False).values()]
    assert threads == ["2", "2", "2", "2", "2"]


def test_threads_that_the_pool_itself_sets_stay() -> None:
    before = settings(1, LLAMA_ARG_THREADS="3")
    four = Placement.of(before.pools[0], Candidate(workers=4), 4, beside=False)
    assert planned(before, four, gpu=False)["chat-4"].environment["LLAMA_ARG_THREADS"] == "3"


@pytest.mark.parametrize(
    ("one", "other", "are_apart"),
    [
        ({}, {}, False),
        ({"CUDA_VISIBLE_DEVICES": "0"}, {}, False),
        ({"CUDA_VISIBLE_DEVICES": "0"}, {"CUDA_VISIBLE_DEVICES": "1"}, True),
        ({"CUDA_VISIBLE_DEVICES": "0, 1"}, {"CUDA_VISIBLE_DEVICES": "1"}, False),
        ({"CUDA_VISIBLE_DEVICES": "0"}, {"HIP_VISIBLE_DEVICES": "1"}, False),
    ],
)
def test_pools_are_apart_if_their_variables_name_different_cards(
    one: dict[str, str], other: dict[str, str], are_apart: bool
) -> None:
    first, second = settings(**one).pools[0], msgspec.structs.replace(EMBEDDING, environment=other)
    assert apart(first, second) is apart(second, first) is are_apart
