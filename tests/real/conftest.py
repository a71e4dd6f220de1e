"""A real Ollama, where there is one: `OLLAMA_PANEL_TEST_OLLAMA` names the program, else `ollama` on PATH."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes import tiny_gguf
from tests.fakes.ollama_process import serving

CHAT, EMBEDDING, LONG = "tiny:latest", "tiny-embed:latest", "tiny-long:latest"
"""`LONG` was trained for 40,960 tokens, and its Modelfile sets no context."""


@pytest.fixture(scope="session")
def ollama() -> Path:
    """The program of a real Ollama."""
    found = os.environ.get("OLLAMA_PANEL_TEST_OLLAMA") or shutil.which("ollama")
    if found is None:
        pytest.skip("no ollama on PATH and OLLAMA_PANEL_TEST_OLLAMA is not set")
    return Path(found)


@pytest.fixture(scope="session")
def store(ollama, tmp_path_factory) -> dict[str, str]:
    """The environment of a home and a model store that hold two tiny chat models and a tiny embedding model."""
    folder = tmp_path_factory.mktemp("ollama")
    environment = {"HOME": str(folder), "OLLAMA_MODELS": str(folder / "models")}
    models = {
        CHAT: tiny_gguf.write_chat_model(folder),
        LONG: tiny_gguf.write_chat_model(folder, tiny_gguf.LONG, num_ctx=None),
        EMBEDDING: tiny_gguf.write_embedding_model(folder),
    }
    with serving(ollama, environment) as address:
        for name, modelfile in models.items():
            create(ollama, name, modelfile, environment | {"OLLAMA_HOST": address})
    return environment


def create(ollama: Path, name: str, modelfile: Path, environment: dict[str, str]) -> None:
    """Create a model at the server of `environment`, whose address is OLLAMA_HOST there."""
    subprocess.run(
        [ollama, "create", name, "-f", modelfile],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        cwd=modelfile.parent,
    )
