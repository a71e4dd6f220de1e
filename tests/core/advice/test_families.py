import msgspec
import pytest

from ollama_panel.core.advice.families import answer
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import SERIAL_SINCE
from tests.core.advice.golden import LLAMA_8B


@pytest.mark.parametrize("family", SERIAL_SINCE)
def test_ollamas_own_list_is_told_with_its_version(family: str) -> None:
    told = render(answer(family))
    assert f"Ollama runs the {family} family one request at a time" in told
    assert ("since Ollama" in told) is (SERIAL_SINCE[family] is not None)


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("qwen3.5:9b", "qwen35"),
        ("Qwen3-VL", "qwen3vl"),
        ("library/qwen3-next:80b", "qwen3next"),
        ("llama3.2-vision:11b", "mllama"),
        ("nemotron-3-nano", "nemotron_h_moe"),
        ("qwen3-coder-next", "qwen3next"),
        ("qwen3.6:27b", "qwen35"),
        ("lfm2.5-thinking", "lfm2"),
        ("hf.co/unsloth/Qwen3.5-9B-GGUF:Q4_K_M", "qwen35"),
        ("qwen3-next-80b-a3b", "qwen3next"),
        ("Qwen3-VL-30B-A3B-Instruct", "qwen3vl"),
    ],
)
def test_names_of_the_library_are_known_whether_installed_or_not(name: str, family: str) -> None:
    assert f"the {family} family" in render(answer(name))


@pytest.mark.parametrize(
    "name",
    ["nomic-embed-text", "bge-m3:latest", "mxbai-embed-large", "all-minilm", "nomic-bert", "paraphrase-multilingual"],
)
def test_embedding_models_run_singly_by_their_names(name: str) -> None:
    assert answer(name).code == "serial.embedding"


@pytest.mark.parametrize(
    "name",
    [
        "llama",
        "llama3.1:8b",
        "gemma3",
        "qwen3",
        "gptoss",
        "a-family-of-tomorrow",
        "qwen3:8b",
        "qwen3-30b-a3b",
        "-",
        "lfm",
    ],
)
def test_all_others_run_in_parallel(name: str) -> None:
    assert answer(name).code == "advise.runs_parallel"


def test_older_versions_hold_fewer_back() -> None:
    told = render(answer("qwen35", version="0.17.1"))
    assert told == "qwen35: Ollama 0.17.1 runs several requests at once; from 0.20.0 on it runs one at a time."
    assert answer("qwen35", version="0.20.0").code == "advise.serial_since"
    assert answer("mllama", version="0.5.0").code == "serial.family"
    assert answer("qwen35", version="0.0.0").code == "advise.serial_since"


def test_of_an_installed_model_its_own_family_decides() -> None:
    mine = msgspec.structs.replace(LLAMA_8B, name=ModelName("mine:latest"), family="qwen35")
    assert answer("mine", [mine]).code == "serial.family"
    plain = msgspec.structs.replace(mine, name=ModelName("qwen35:latest"), family="llama")
    assert answer("qwen35", [plain]).code == "advise.runs_parallel"
