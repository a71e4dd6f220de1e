import msgspec
import pytest

from ollama_panel.core.advice.machines import described
from ollama_panel.core.advice.speed import active_share, billions, bytes_read, measured, rough, slowest, speed_of
from ollama_panel.core.advice.typical import CHAT_MODELS, CODE_MODELS
from ollama_panel.core.advice.uses import NEEDS, Use
from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestRecord, RequestState
from tests.core.advice.golden import GEMMA_12B, GPT_OSS, LLAMA_8B

CHAT = NEEDS[Use.CHAT]
DONE = RequestRecord(
    RequestId("1"),
    ClientId("web"),
    RequestClass.INTERACTIVE,
    LLAMA_8B.name,
    "/api/chat",
    True,
    RequestState.DONE,
    arrived=0.0,
    first_byte=1.0,
    finished=3.0,
    output_tokens=100,
)


def test_three_answers_are_a_measurement_and_their_median_counts() -> None:
    times = [msgspec.structs.replace(DONE, finished=1.0 + seconds) for seconds in (1.0, 2.0, 100.0)]
    found = measured(times)[LLAMA_8B.name]
    assert (found.answers, found.tokens_per_s) == (3, 50.0)
    assert measured(times[:2]) == {}


@pytest.mark.parametrize(
    "change",
    [{"stream": False}, {"output_tokens": 19}, {"output_tokens": None}, {"first_byte": None}, {"finished": 1.0},
     {"state": RequestState.CANCELLED}],
)  # fmt: skip
def test_what_shows_no_speed_does_not_count(change: dict[str, object]) -> None:
    assert measured([msgspec.structs.replace(DONE, **change)] * 5) == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [("8.03B", 8.03), ("137M", 0.137), ("8x7B", 56), ("1.2T", 1200), ("", None), ("big", None), ("120b", 120)],
)
def test_parameters_are_read_as_ollama_writes_them(text: str, number: float | None) -> None:
    assert billions(ModelFacts(ModelName("x"), parameter_size=text)) == (
        None if number is None else pytest.approx(number)
    )


def test_of_experts_only_those_in_use_are_read() -> None:
    """Qwen3-Coder 30B has 3.3 billion active parameters by its name (A3B), gpt-oss 20B 3.6."""
    coder = CODE_MODELS[-1]
    assert active_share(coder) * 30.5 == pytest.approx(3.2, abs=0.3)
    assert active_share(GPT_OSS) * 20.9 == pytest.approx(3.6, abs=0.2)
    assert active_share(LLAMA_8B) == 1
    assert active_share(msgspec.structs.replace(coder, parameter_size="")) == 1


def test_the_slowest_model_is_not_the_largest_if_that_has_experts() -> None:
    assert slowest([GPT_OSS, GEMMA_12B], CHAT) is GEMMA_12B


def test_published_speeds_are_met_within_a_quarter() -> None:
    """Ollama or llama.cpp of today; the table of Apple's chips is of 2023."""
    checks = [
        ("M4", LLAMA_8B, 20.9),  # Mac mini M4, 8B Q4_K_M
        ("RTX 4060 Laptop", LLAMA_8B, 47.2),
        ("RTX 5090", LLAMA_8B, 221.7),  # qwen3 8B Q4_K_M
        ("M2 Ultra", GPT_OSS, 133),  # llama.cpp #16894
    ]
    needs = msgspec.structs.replace(CHAT, prompt=64, answer=128)
    for chip, facts, published in checks:
        machine = described("64GiB", [f"{chip} 64GiB"])
        alone = speed_of(machine, facts, needs, 1).alone
        assert alone == pytest.approx(published, rel=0.25), chip


def test_workers_that_take_turns_gain_nothing() -> None:
    machine = described("", ["RTX 4090"])
    one, three = (speed_of(machine, LLAMA_8B, CHAT, count, workers=count) for count in (1, 3))
    assert one.together == three.together
    assert three.source.code == "advise.source_turns"


def test_two_digits_count() -> None:
    assert [rough(value) for value in (0.0, 0.1234, 12.7, 1234)] == [0, 0.12, 13, 1200]


def test_a_long_prompt_is_read_with_its_cache() -> None:
    short, long = bytes_read(LLAMA_8B, CHAT), bytes_read(LLAMA_8B, NEEDS[Use.RAG])
    assert short < long
    assert bytes_read(CHAT_MODELS[0], CHAT) < short


def test_tables_that_stay_in_main_memory_are_not_read() -> None:
    with_tables = msgspec.structs.replace(LLAMA_8B, host_size=300_000_000)
    assert bytes_read(LLAMA_8B, CHAT) - bytes_read(with_tables, CHAT) == 300_000_000
