"""A longer context beside other models: it is loaded when it has room, and nobody else waits for that room."""

from collections import OrderedDict

import pytest

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.policy import Policy
from tests.core.scheduling.script import LLAMA, Script, job, options

OTHER = ModelName("other:1b")


def facts(name: ModelName, size: int) -> ModelFacts:
    return ModelFacts(
        name, size=size, layers=32, embedding_length=4096, heads=32, kv_heads=(8,), context_trained=131_072
    )


class Shared(Script):
    """One worker and 13 GiB: a model of 1 GiB with its own context of 4,096 tokens beside another of 6 GiB."""

    def __init__(self, **policy: object) -> None:
        super().__init__(Policy(**policy))
        self.up(parallel=2, context_length=4096)
        self.tell(say.CatalogRead((facts(LLAMA, GIB), facts(OTHER, 6 * GIB))))
        self.tell(say.MemoryMeasured(13 * GIB, 13 * GIB))
        self.answer("other", model=OTHER)

    def answer(self, name: str, num_ctx: int | None = None, **more: object) -> None:
        self.arrive(job(name, name, options=options(num_ctx), **more))
        self.first_byte(name)
        self.finish(name)

    def unloaded(self, model: ModelName = LLAMA) -> None:
        self.tell(say.Unloaded(InstanceId("chat-1"), model))

    def gone(self) -> list[ModelName]:
        return [one.model for one in self.loads if isinstance(one, say.Unload)]


def test_without_swaps_a_context_that_has_no_room_waits_and_the_others_do_not():
    script = Shared(swaps=False)
    script.answer("plain")
    script.arrive(job("long", "long", options=options(32_768)))
    script.wait(60)
    script.answer("plain again")
    assert script.gone() == []
    assert "long" not in script.sent
    script.unloaded(OTHER)
    script.unloaded()
    assert script.contexts("long") == [32_768]


def test_the_model_keeps_serving_until_a_swap_makes_room():
    script = Shared()
    script.answer("plain")
    script.arrive(job("busy", "bob", OTHER))
    script.first_byte("busy")
    script.arrive(job("long", "long", options=options(32_768)))
    script.answer("plain again")
    assert script.gone() == []
    script.finish("busy")
    script.wait(10)
    assert sorted(script.gone()) == sorted([LLAMA, OTHER])
    script.unloaded(OTHER)
    script.unloaded()
    assert script.contexts("long") == [32_768]


@pytest.mark.parametrize("swaps", [True, False])
def test_a_longer_context_than_needed_is_not_worth_another_model(swaps):
    script = Shared(swaps=swaps)
    script.scheduler.state.profiles.asked[LLAMA] = OrderedDict(earlier=(32_768, 0))
    script.arrive(job("cold", "ann"))
    assert script.contexts("cold") == [4096]
    script.first_byte("cold")
    script.arrive(job("longer", "bob", options=options(8000)))
    script.finish("cold")
    script.unloaded()
    assert script.contexts("longer") == [8192]
    assert script.gone() == [LLAMA]


def test_a_need_that_has_no_room_does_not_hold_back_one_that_has():
    script = Shared(swaps=False)
    script.answer("middle", 8000)
    script.arrive(job("long", "long", options=options(65_536)))
    script.arrive(job("openai", "openai", path="/v1/chat/completions"))
    script.wait(40)
    script.unloaded()
    assert script.contexts("openai") == [4096]


def test_a_switch_that_nobody_needs_any_more_is_called_off():
    script = Shared()
    script.arrive(job("running", "ann"))
    script.first_byte("running")
    script.arrive(job("long", "long", options=options(8000)), job("plain", "bob"))
    assert "plain" not in script.sent
    script.cancel("long")
    assert script.contexts("plain") == [4096]
    assert script.gone() == []


def test_a_context_that_was_set_for_somebody_who_left_does_not_hold_up_the_next():
    script = Shared()
    script.answer("plain")
    script.arrive(job("long", "long", options=options(8000)))
    copy = next(one for one in script.scheduler.state.fleet.copies() if one.model == LLAMA)
    script.up("chat-2", parallel=2, context_length=4096)
    script.arrive(job("elsewhere", "bob", ModelName("third")))  # it loads at the other worker
    script.unloaded()
    script.cancel("long")
    script.first_byte("elsewhere")
    script.arrive(job("openai", "openai", path="/v1/chat/completions"))
    assert script.contexts("openai") == [4096]
    assert not copy.switching
