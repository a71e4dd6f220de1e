"""What clients may name as they like, the scheduler and the timeline remember only so much of."""

import gc
from collections.abc import Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

import pytest

from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import Job, LoadOptions, Role
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.estimate import CLIENTS_KEPT
from ollama_panel.core.scheduling.known_models import MODELS_KEPT
from ollama_panel.core.timeline.timeline import Timeline
from tests.core.scheduling.script import LLAMA, Script, job

_SHARED = type | ModuleType | FunctionType | BuiltinFunctionType | CodeType


def objects(*roots: object) -> int:
    """Return how many objects are reachable."""
    seen, left = dict[int, object](), list(roots)
    while left:
        one = left.pop()
        if id(one) not in seen and not isinstance(one, _SHARED):
            seen[id(one)] = one
            left += gc.get_referents(one)
    return len(seen)


def clients(number: int) -> Job:
    return job(f"r{number}", f"client{number}", options=LoadOptions(num_ctx=5000 + number % 7), keep_alive_s=9.0)


def models(number: int) -> Job:
    return job(f"r{number}", model=ModelName(f"model{number}:latest"), keep_alive_s=9.0, path="/v1/chat/completions")


def clients_and_models(number: int) -> Job:
    return job(f"r{number}", f"client{number}", ModelName(f"model{number}:latest"), options=LoadOptions(num_ctx=9000))


def answered(script: Script, name: str) -> None:
    script.first_byte(name)
    script.finish(name, prompt_tokens=20, output_tokens=9)


def not_found(script: Script, name: str) -> None:
    script.finish(name, 404)


def left(script: Script, name: str) -> None:
    del script.sent[name]
    script.tell(say.Cancelled(RequestId(name)))


def flooded(script: Script, timeline: Timeline, jobs: Iterator[Job], count: int, end: object) -> None:
    for _ in range(count):
        script.now += 1000
        one = next(jobs)
        timeline.fold(say.Arrived(one), script.tell(say.Arrived(one)), script.now)
        assert callable(end)
        end(script, one.id)
        timeline.fold(say.Cancelled(one.id), [], script.now)


@pytest.mark.parametrize(
    ("make", "count", "end"),
    [
        (clients, 2 * CLIENTS_KEPT, answered),
        (clients, 2 * CLIENTS_KEPT, left),
        (models, 4 * MODELS_KEPT, not_found),
        (models, 4 * MODELS_KEPT, left),
        (clients_and_models, 4 * MODELS_KEPT, not_found),
    ],
)
def test_a_flood_of_names_is_forgotten(make: object, count: int, end: object) -> None:
    script, timeline = Script(), Timeline()
    script.up("chat-1")
    script.up("chat-2")
    assert callable(make)
    jobs = map(make, range(10**9))
    flooded(script, timeline, jobs, count, end)
    before = objects(script.scheduler, timeline)
    flooded(script, timeline, jobs, count // 2, end)
    assert objects(script.scheduler, timeline) < 1.25 * before


def named(script: Script, count: int) -> None:
    for number in range(count):
        script.arrive(models(number))
        script.finish(f"r{number}", 404)


def test_what_is_known_of_a_model_of_the_store_is_kept() -> None:
    script = Script()
    script.up("chat-1")
    script.tell(say.CatalogRead((ModelFacts(LLAMA, size=1),)))
    script.arrive(job("first", keep_alive_s=3600.0))
    answered(script, "first")
    known = script.scheduler.state.estimates.of(LLAMA)
    named(script, 2 * MODELS_KEPT)
    assert script.scheduler.state.estimates.of(LLAMA) is known
    assert LLAMA in script.scheduler.state.keep_alives.wishes


def test_a_model_that_is_waited_for_or_in_memory_is_kept() -> None:
    script = Script()
    script.up("chat-1", parallel=1)
    script.arrive(job("runs"))
    script.first_byte("runs")
    script.arrive(job("waits"))
    named(script, 2 * MODELS_KEPT)
    script.finish("runs", output_tokens=5)
    assert script.sent == {"waits": "chat-1"}


def test_a_model_that_left_the_store_is_forgotten_in_its_turn() -> None:
    script = Script()
    script.up("chat-1")
    script.tell(say.CatalogRead((ModelFacts(LLAMA, size=1),)))
    script.arrive(job("first"))
    answered(script, "first")
    script.tell(say.Unloaded(InstanceId("chat-1"), LLAMA))
    script.tell(say.CatalogRead(()))
    named(script, 2 * MODELS_KEPT)
    assert (LLAMA, Role.CHAT) not in script.scheduler.state.last_chats
    assert LLAMA not in script.scheduler.state.estimates.models
    assert len(script.scheduler.state.estimates.models) <= MODELS_KEPT
