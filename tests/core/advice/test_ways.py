import msgspec

from ollama_panel.core.advice import choosing, typical, ways
from ollama_panel.core.advice.asked import Case
from ollama_panel.core.advice.machines import MachineFacts
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.snapshot import MemoryKind
from tests.core.advice.golden import GEMMA_12B, GPT_OSS, LLAMA_8B, LLAMA_70B, LLAMA_F16, MACHINES, QWEN35


def out(machine: MachineFacts, *models: ModelFacts) -> list[str]:
    case = Case(machine, Use.CHAT, 1, {})
    return [way.code for way in ways.out(case, choosing.tried(case, models))]


def better(name: str, facts: ModelFacts, use: Use, people: int) -> list[tuple[str, object]]:
    case = Case(MACHINES[name], use, people, {})
    return [(way.code, way.values["model"]) for way in ways.better(case, choosing.tried(case, [facts]))]


def test_what_is_too_large_is_told_with_the_bytes_that_are_lacking() -> None:
    case = Case(MACHINES["rtx-4070-12gb"], Use.CHAT, 1, {})
    told = ways.too_large(case, choosing.tried(case, [LLAMA_70B]))
    assert told.values["needed"] == int(str(told.values["excess"])) + int(str(told.values["budget"]))
    assert told.code == "advise.too_large"
    cpu = Case(MACHINES["cpu-16gb"], Use.CHAT, 1, {})
    assert ways.too_large(cpu, choosing.tried(cpu, [LLAMA_70B])).code == "advise.too_large_cpu"


def test_one_of_several_models_a_smaller_quantisation_or_another_model_may_fit() -> None:
    card = MACHINES["rtx-4070-12gb"]
    assert out(card, GPT_OSS, GEMMA_12B) == ["advise.alone", "advise.smaller_model"]
    assert out(card, LLAMA_F16) == ["advise.quantisation", "advise.smaller_model"]
    assert out(MachineFacts(MemoryKind.SYSTEM, GIB // 4, GIB, GIB), LLAMA_8B) == ["advise.nothing_fits"]


def test_a_way_out_has_a_context_that_is_useful() -> None:
    """Q3_K_S of an 8B model would fit into the 8 GB of an M2, but with 2,048 tokens alone."""
    case = Case(MACHINES["mac-m2-8gb"], Use.RAG, 6, {}, others=GIB)
    assert [way.code for way in ways.out(case, choosing.tried(case, [LLAMA_8B]))] == ["advise.smaller_model"]


def test_a_smaller_quantisation_may_give_all_that_was_asked_for() -> None:
    eight = msgspec.structs.replace(LLAMA_8B, size=8_540_000_000, quantization="Q8_0")
    assert better("rtx-4070-12gb", eight, Use.AGENT, 4) == [("advise.quantisation", "llama3.1:8b")]


def test_an_unquantised_model_would_be_quicker_in_half_of_its_bits() -> None:
    assert better("a100-80gb", LLAMA_F16, Use.CHAT, 1) == [("advise.quantisation", LLAMA_F16.name)]


def test_a_smaller_model_is_named_where_no_quantisation_helps() -> None:
    likened = typical.with_layout_of(QWEN35, typical.like(QWEN35))
    assert better("rtx-4070-12gb", likened, Use.RAG, 12) == [("advise.smaller_full", "llama3.1:8b")]


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert better("rtx-4090-24gb", LLAMA_8B, Use.CHAT, 4) == []
