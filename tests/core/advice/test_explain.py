import pytest

from ollama_panel.core.advice import explain
from ollama_panel.core.advice.plans import Candidate, forecast_on, settings_of
from ollama_panel.core.advice.uses import Scale, Use
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.records import Role
from tests.core.advice.golden import EMBEDDING_MODEL, GPT_OSS, LLAMA_8B, LLAMA_F16, MACHINES

CARD = MACHINES["rtx-4090-24gb"]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (LLAMA_8B, "2 x 8,192 tokens x 128 KiB = 2.0 GiB + compute"),
        (GPT_OSS, "(some layers keep only a part of them)"),
        (EMBEDDING_MODEL, "nomic-embed-text:latest: weights 261 MiB + compute"),
    ],
)
def test_the_sum_is_written_as_the_cache_is_made(facts: ModelFacts, told: str) -> None:
    pool = settings_of(CARD, Role.CHAT, [facts], Candidate(1, 2, 8192))
    (line,) = explain.memory(forecast_on(CARD, pool, [facts]), [facts])
    assert told in render(line)


def test_the_parts_of_a_sum_are_its_total() -> None:
    pool = settings_of(CARD, Role.CHAT, [LLAMA_8B], Candidate(2, 2, 8192))
    line, workers = explain.memory(forecast_on(CARD, pool, [LLAMA_8B]), [LLAMA_8B])
    parts = [line.values[name] for name in ("weights", "kv", "compute", "overhead")]
    assert sum(part for part in parts if isinstance(part, int)) == line.values["total"]
    assert workers.values["total"] == 2 * int(str(line.values["total"]))
    assert line.values["kv"] == 2 * 8192 * int(str(line.values["token"]))


@pytest.mark.parametrize(
    ("use", "size", "code"),
    [
        (Use.CHAT, Scale.ONE, "advise.one"),
        (Use.RAG, Scale.ONE, "advise.one_rag"),
        (Use.CHAT, Scale.TEAM, "advise.team"),
        (Use.CHAT, Scale.PRODUCT, "advise.product"),
        (Use.BATCH, Scale.TEAM, "advise.batch"),
    ],
)
def test_who_uses_it_is_told(use: Use, size: Scale, code: str) -> None:
    assert explain.scale(use, size, 30, ()).code == code


def test_machines_are_called_by_their_cards() -> None:
    assert "2 x RTX 4090: models may use" in render(explain.machine(MACHINES["two-rtx-4090-48gb"]))
    assert "A machine without a GPU" in render(explain.machine(MACHINES["cpu-16gb"]))


def test_what_a_quantisation_saves_is_the_difference_of_the_sizes() -> None:
    told = explain.quantisation(LLAMA_F16, "Q8_0", 8 * GIB, notice("advise.then_fits", context=8192))
    assert told.values["saved"] == LLAMA_F16.size - 8 * GIB


def test_the_rule_for_small_machines_is_told_where_it_limits() -> None:
    small = MACHINES["mac-m2-8gb"]
    assert [line.code for line in explain.workers(small, 3)] == ["advise.worker_limit"]
    assert explain.workers(small, 2) == []
