import msgspec

from ollama_panel.core.advice import choosing
from ollama_panel.core.advice.asked import Case
from ollama_panel.core.advice.speed import Measurement
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.ollama.sizes import GIB
from tests.core.advice.golden import LLAMA_3B, LLAMA_8B, LLAMA_70B, MACHINES

LLAMAS = (LLAMA_70B, LLAMA_8B, LLAMA_3B)


def best(name: str, people: int = 1, **here: float) -> str:
    rates = {one.name: Measurement(5, here[one.name[-2:]]) for one in LLAMAS if one.name[-2:] in here}
    (facts,) = choosing.best_of(Case(MACHINES[name], Use.CHAT, people, rates), LLAMAS).models
    return facts.name


def test_the_largest_model_that_fits_in_full_and_is_quick_enough_is_the_best() -> None:
    assert best("a100-80gb") == "llama3.3:70b"
    assert best("rtx-4090-24gb") == "llama3.1:8b"
    assert best("mac-m2-8gb") == "llama3.2:3b"
    # It fits, but 8 tokens/s are slower than people read.
    assert best("mac-m2-ultra-192gb") == "llama3.1:8b"


def test_what_was_measured_decides_whether_one_is_quick_enough() -> None:
    assert best("rtx-4090-24gb", **{"8b": 9.0}) == "llama3.2:3b"
    assert best("mac-m2-ultra-192gb", **{"0b": 11.0}) == "llama3.3:70b"


def test_if_none_is_quick_enough_the_smallest_is_taken() -> None:
    assert best("cpu-16gb", **{"8b": 2.0, "3b": 5.0}) == "llama3.2:3b"


def test_if_none_fits_nothing_is_chosen() -> None:
    tiny = msgspec.structs.replace(MACHINES["cpu-16gb"], budget=GIB)
    chosen = choosing.best_of(Case(tiny, Use.CHAT, 1, {}), LLAMAS)
    assert chosen.choice is None
    assert not chosen.is_complete


def test_what_others_need_beside_it_is_kept_for_them() -> None:
    case = Case(MACHINES["rtx-4070-12gb"], Use.CHAT, 1, {})
    alone, beside = choosing.tried(case, [LLAMA_8B]), choosing.tried(case._replace(others=4 * GIB), [LLAMA_8B])
    assert alone.choice is not None
    assert beside.choice is not None
    assert beside.choice.context < alone.choice.context
