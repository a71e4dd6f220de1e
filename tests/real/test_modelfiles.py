"""The exported Modelfiles at a real Ollama: it takes them, and a model then has the context of its pool."""

import os
import subprocess
from pathlib import Path

import httpx
import msgspec

from ollama_panel.core.settings.tree import Settings
from tests.core.export.samples import exported, nasty, pools
from tests.fakes.ollama_process import serving
from tests.real.conftest import CHAT, LONG


def settings() -> Settings:
    """Return settings with a pool for the two chat models, whose Modelfiles have another context, and none."""
    (chat, *_) = pools().pools
    asked = msgspec.structs.replace(
        chat, models=(CHAT, LONG), context_length=1024, batch=256, environment={"LLAMA_ARG_THREADS": "2"}
    )
    return msgspec.structs.replace(Settings(), pools=(asked,))


def test_ollama_makes_the_models_by_the_commands_of_the_steps(
    ollama: Path, store: dict[str, str], tmp_path: Path
) -> None:
    export = exported("modelfile", settings(), words=nasty)
    for file in export.files:
        (tmp_path / file.name).write_text(file.text, encoding="utf-8", newline="\n")
    with serving(ollama, store) as address:
        environment = os.environ | store | {"OLLAMA_HOST": address, "PATH": f"{ollama.parent}:{os.environ['PATH']}"}
        commands = [step.command for step in export.steps if step.command]
        out = [
            subprocess.run(
                ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
            ).stdout
            for command in commands
        ]
        parameters = sorted(tuple(line.split()) for line in out[-1].splitlines() if line.strip())
        assert parameters == sorted([("num_batch", "256"), ("num_ctx", "1024"), ("num_thread", "2")] * 2)
        made = "tiny-long:latest-chat"
        httpx.post(f"http://{address}/api/generate", json={"model": made}, timeout=120).raise_for_status()
        (loaded,) = httpx.get(f"http://{address}/api/ps").json()["models"]
        assert (loaded["name"], loaded["context_length"]) == (made, 1024)
