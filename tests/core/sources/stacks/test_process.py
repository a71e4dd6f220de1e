import pytest

from ollama_panel.core.sources import READERS
from ollama_panel.core.sources.record import Fate, Reading, Source, SourceKind, TextFile
from tests.core.sources.reading import codes


def process(environment: str, command: str = "/usr/local/bin/ollama serve") -> Reading:
    files = TextFile("process 123", environment), TextFile("command of process 123", command)
    return READERS[SourceKind.PROCESS](Source(SourceKind.PROCESS, files))


@pytest.mark.parametrize("separator", ["\n", "\0"])
def test_a_server_has_what_a_server_may_read(separator: str) -> None:
    lines = ["PATH=/bin", "OLLAMA_HOST= 0.0.0.0", "LANG=C", "CUDA_VISIBLE_DEVICES=1", "rest of a value", ""]
    found = process(separator.join(lines), "ollama\0serve\0" if separator == "\0" else "ollama serve")
    assert found.variables == {"OLLAMA_HOST": " 0.0.0.0", "CUDA_VISIBLE_DEVICES": "1"}
    assert found.servers[0].command == ("ollama", "serve")


def test_without_a_command_it_is_taken_for_a_server() -> None:
    source = Source(SourceKind.PROCESS, (TextFile("x", "OLLAMA_DEBUG=1"),))
    assert READERS[SourceKind.PROCESS](source).variables == {"OLLAMA_DEBUG": "1"}


@pytest.mark.parametrize("command", ["ollama run qwen3", "python3 bot.py", "/opt/ollama/llama-server --port 1"])
def test_another_program_is_a_client(command: str) -> None:
    found = process("OLLAMA_NUM_PARALLEL=4\nOLLAMA_HOST=x", command)
    assert (found.servers, [one.fate for one in found.others]) == ((), [Fate.CLIENT] * 2)
    assert codes(found) == ["client-side"]


def test_a_path_of_windows_keeps_its_signs() -> None:
    found = process("OLLAMA_MODELS=C:\\models", r'"C:\Program Files\Ollama\ollama.exe" serve')
    assert found.servers[0].command == (r"C:\Program Files\Ollama\ollama.exe", "serve")
