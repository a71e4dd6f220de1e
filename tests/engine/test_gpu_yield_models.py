"""Models are taken out of the memory, and what does not go is told."""

import asyncio
from typing import Any

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import InstanceRecord, MemoryKind
from ollama_panel.engine import gpu_yield_models
from ollama_panel.engine.gpu_yield_models import LET_GO_S, ModelsAway
from ollama_panel.engine.host.gpu import Memory

LLAMA, QWEN = ModelName("llama3.1:8b"), ModelName("qwen2.5:7b")
GIB = 1 << 30


def instance(name: str, *models: ModelName, managed: bool = True, pid: int | None = None) -> InstanceRecord:
    loaded = tuple(LoadedModel(one, 6 * GIB, 6 * GIB, 4096, 1, ParallelSource.ENVIRONMENT) for one in models)
    record = InstanceRecord(
        InstanceId(name), PoolName("chat"), Role.CHAT, managed, "http://127.0.0.1:1", Phase.READY, pid=pid
    )
    return msgspec.structs.replace(record, models=loaded)


class Machine:
    """Instances and their memory. Those in `stubborn` do not unload, `leaks` are bytes that stay in use."""

    def __init__(self, *records: InstanceRecord) -> None:
        self.records = {one.id: one for one in records}
        self.of_panel: frozenset[ModelName] = frozenset()
        self.stubborn: set[InstanceId] = set()
        self.leaks = 0
        self.replaced: list[InstanceId] = []
        self.unloaded: list[tuple[InstanceId, ModelName]] = []

    def instances(self) -> tuple[InstanceRecord, ...]:
        return tuple(self.records.values())

    async def checked(self) -> None:
        await asyncio.sleep(0)

    async def replace(self, instance: InstanceId) -> None:
        self.replaced.append(instance)

    async def unload(self, instance: InstanceId, model: ModelName) -> None:
        self.unloaded.append((instance, model))
        if instance not in self.stubborn:
            record = self.records[instance]
            left = tuple(one for one in record.models if one.name != model)
            self.records[instance] = msgspec.structs.replace(record, models=left)

    async def memory(self) -> Memory | None:
        used = sum(model.size_vram for one in self.instances() for model in one.models)
        return Memory(MemoryKind.GPU, 24 * GIB, used + (self.leaks if self.unloaded else 0))

    def away(self) -> ModelsAway:
        parts: Any = self
        now = asyncio.get_running_loop().time
        return ModelsAway(parts, parts, lambda _: self.of_panel, self.unload, self.memory, now)


async def test_all_models_of_the_panel_go_and_their_memory_is_measured() -> None:
    machine = Machine(instance("chat-1", LLAMA, QWEN), instance("chat-2", LLAMA))
    away = machine.away()
    assert away.has_models()
    freed = await away.unload(by_user=True)
    assert (freed.bytes, freed.notes) == (18 * GIB, ())
    assert not away.has_models()


async def test_models_that_others_have_loaded_stay_and_are_named() -> None:
    machine = Machine(instance("chat-11434", LLAMA, QWEN, managed=False))
    machine.of_panel = frozenset({LLAMA})
    freed = await machine.away().unload(by_user=True)
    assert machine.unloaded == [(InstanceId("chat-11434"), LLAMA)]
    assert [render(one) for one in freed.notes] == [
        "chat-11434 is not the panel's, and other programs have loaded qwen2.5:7b there: they stay loaded."
    ]


async def test_an_instance_that_does_not_let_go_is_named_after_a_while() -> None:
    machine = Machine(instance("chat-1", LLAMA), instance("chat-2", QWEN))
    machine.stubborn.add(InstanceId("chat-1"))
    began = asyncio.get_running_loop().time()
    freed = await machine.away().unload(by_user=True)
    assert asyncio.get_running_loop().time() - began >= LET_GO_S
    assert [render(one) for one in freed.notes] == [
        "chat-1 has not let go of llama3.1:8b: restart it to free the memory."
    ]
    assert freed.bytes == 6 * GIB


@pytest.mark.parametrize("by_user", [True, False])
async def test_memory_that_does_not_become_free_is_told_unless_a_program_has_just_begun(by_user: bool) -> None:
    machine = Machine(instance("chat-1", LLAMA))
    machine.leaks = 5 * GIB
    freed = await machine.away().unload(by_user=by_user)
    assert freed.bytes == GIB
    assert [one.code for one in freed.notes] == ["gpu_yield.not_freed"] * by_user


async def test_an_instance_with_a_runner_but_no_model_is_restarted(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(instance("chat-1", LLAMA, pid=1), instance("chat-2", pid=2))
    monkeypatch.setattr(gpu_yield_models, "_has_runner", lambda pid: pid == 2)
    freed = await machine.away().unload(by_user=True)
    assert machine.replaced == [InstanceId("chat-2")]
    assert [render(one) for one in freed.notes] == ["chat-2 held memory without a model, and was restarted."]
