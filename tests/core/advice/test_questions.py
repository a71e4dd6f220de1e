import msgspec
import pytest

from ollama_panel.core.advice.questions import Answer, Question, answer
from ollama_panel.core.advice.speed import Measurement
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.errors import PanelError
from ollama_panel.core.launch import Inherited
from tests.core.advice.golden import LLAMA_8B, MACHINES

HERE = msgspec.structs.replace(MACHINES["rtx-4070-12gb"], inherited=Inherited({"OLLAMA_ORIGINS": "secret"}))
MEASURED = {LLAMA_8B.name: Measurement(5, 30.0)}


def test_it_is_about_the_machine_at_hand_and_what_was_measured_there() -> None:
    found = answer(Question(Use.CHAT, 8), HERE, [LLAMA_8B], MEASURED)
    assert found.advice is not None
    assert found.advice.machine.name == "RTX 4070"
    assert found.advice.pools[0].speed is not None
    assert found.advice.pools[0].speed.alone == 30
    assert found.measured == MEASURED
    assert b"secret" not in msgspec.json.encode(found)


def test_about_another_machine_nothing_counts_that_was_measured_here() -> None:
    found = answer(Question(gpu=("RTX 4090",)), HERE, [LLAMA_8B], MEASURED)
    assert found.advice is not None
    assert found.advice.machine.name == "RTX 4090"
    assert found.advice.pools[0].speed is not None
    assert found.advice.pools[0].speed.measured is None
    with pytest.raises(PanelError, match="not understood"):
        answer(Question(gpu=("x",)), HERE, ())


def test_a_family_is_a_question_of_its_own() -> None:
    found = answer(Question(family="qwen35"), HERE, ())
    assert found.advice is None
    assert found.family is not None


def test_what_is_published_comes_with_its_sources() -> None:
    found = answer(Question(), HERE, ())
    assert all(one.measured is None or one.measured.source for one in found.published)
    assert [(one.machine, one.tokens_per_s, one.requests_per_s) for one in found.circulating] == [
        ("M2, 8 GB", 15, 1.2),
        ("2 x RTX 4090", 35, 2.0),
    ]
    assert msgspec.json.decode(msgspec.json.encode(found), type=Answer) == found
