"""`advise` against a stand-in for the panel, and without one."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.advice.advise import advise
from ollama_panel.core.advice.questions import Answer
from ollama_panel.core.advice.speed import Measurement
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import with_texts
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in
from tests.core.advice.golden import LLAMA_8B, MACHINES

Panel = Callable[..., Outcome]
ADVICE = advise(MACHINES["rtx-4070-12gb"], [LLAMA_8B], Use.CHAT, 8)
ANSWER = Answer(ADVICE, measured={ModelName("llama3.1:8b"): Measurement(12, 51.3)})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as server:
        server.on("GET /panel/v1/advice", with_texts(msgspec.to_builtins(ANSWER)))
        yield server


def test_the_running_panel_is_asked_and_its_advice_is_printed(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    shown = panel("advise", "--people", "8", "--model", "llama3.1:8b", "--use", "CHAT", "--state-dir", tmp_path)
    assert (shown.status, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[0] == "RTX 4070: models may use 11.3 GiB of 12.0 GiB."
    assert "parallel 2, context 16,384 tokens" in lines[2]
    assert lines[3].startswith("    llama3.1:8b: weights 4.6 GiB + 2 x 16,384 tokens x 128 KiB = 4.0 GiB")
    assert server.asked[-1].path == "/panel/v1/advice?use=chat&people=8&models=llama3.1%3A8b"


def test_a_described_machine_is_asked_about_in_the_words_of_the_user(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    words = ("--gpu", "RTX 4090", "--gpu", "RTX 3090", "--memory", "64GiB", "--cores", "8")
    panel("advise", *words, "--state-dir", tmp_path)
    assert server.asked[-1].path.endswith("&memory=64GiB&gpu=RTX+4090%2CRTX+3090&cores=8")


def test_programs_get_all_of_it_with_texts(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    shown = panel("advise", "--json", "--state-dir", tmp_path)
    found = json.loads(shown.out)
    assert found["advice"]["pools"][0]["settings"]["parallel"] == 2
    assert found["advice"]["lines"][0]["text"] == "RTX 4070: models may use 11.3 GiB of 12.0 GiB."
    assert found["circulating"][0] == {"machine": "M2, 8 GB", "tokens_per_s": 15, "requests_per_s": 1.2}


def test_the_table_has_what_was_measured_here_first(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    shown = panel("advise", "--table", "--state-dir", tmp_path)
    table = shown.out.split("\n\n")[1].splitlines()
    assert table[0].split()[:2] == ["HARDWARE", "GB/S"]
    assert table[1].split() == ["this", "machine", "—", "llama3.1:8b", "51", "—", "12", "answers", "here"]
    assert any(line.startswith("M2 Ultra") and "94.3" in line for line in table)
    assert table[-1].startswith("2 x RTX 4090")


def test_a_family_is_a_question_of_its_own(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    told = with_texts(msgspec.to_builtins(Answer(family=notice("serial.family", family="qwen35"))))
    server.on("GET /panel/v1/advice", told)
    for words in (("qwen35",), ("--family", "qwen35")):
        shown = panel("advise", *words, "--state-dir", tmp_path)
        assert shown.out == "Ollama runs the qwen35 family one request at a time; add workers instead.\n"
        assert server.asked[-1].path == "/panel/v1/advice?use=chat&people=1&family=qwen35"


def test_without_a_panel_and_models_it_advises_for_typical_ones(panel: Panel, tmp_path: Path) -> None:
    shown = panel("advise", "--use", "rag", "--people", 4, "--gpu", "4090", "--state-dir", tmp_path)
    assert shown.status == 0
    assert "No model is known here: these are typical ones." in shown.out
    assert panel("advise", "bge-m3", "--state-dir", tmp_path).out.startswith("Ollama runs embedding models one request")


def test_without_a_panel_this_machine_is_measured(panel: Panel, tmp_path: Path) -> None:
    shown = panel("advise", "--json", "--state-dir", tmp_path)
    assert json.loads(shown.out)["advice"]["machine"]["total"] > 0


def test_where_nothing_fits_it_says_so_and_ends_with_1(panel: Panel, tmp_path: Path) -> None:
    shown = panel("advise", "--memory", "8GiB", "--model", "llama3.3:70b", "--state-dir", tmp_path)
    assert shown.status == 1
    assert "No room for llama3.3:70b" in shown.out


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("--memory", "lots"), 1, '"lots" is no size of a memory: say, for example, 16GiB.'),
        (("--gpu", "x"), 1, 'The card "x" is not understood'),
        (("--people", "0"), 2, "--people must be at least 1"),
        (("--cores", "0"), 2, "--cores must be at least 1"),
        (("--people", "many"), 2, "it must be a whole number"),
        (("--use", "poetry"), 2, "invalid choice: 'poetry'"),
    ],
)
def test_what_is_not_understood_gets_one_sentence(
    panel: Panel, tmp_path: Path, words: tuple[str, ...], status: int, told: str
) -> None:
    shown = panel("advise", *words, "--state-dir", tmp_path)
    assert shown.status == status
    assert told in shown.err
