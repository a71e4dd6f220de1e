"""The script that finds sources, on whatever machine the tests run on."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ollama_panel.core.doctor.asking.places import FIND
from ollama_panel.core.doctor.asking.printed import blocks, script
from ollama_panel.core.doctor.asking.sources import places_of
from ollama_panel.core.sources.record import SourceKind

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]


@pytest.mark.parametrize("shell", SHELLS)
def test_it_finds_what_is_in_the_usual_places(shell: str, tmp_path: Path) -> None:
    texts = {
        ".bashrc": "export OLLAMA_HOST=0.0.0.0\n",
        ".zshrc": "alias l=ls\n",
        ".config/fish/config.fish": "set -gx OLLAMA_HOST 0.0.0.0\n",
        ".config/systemd/user/ollama.service": "[Service]\nExecStart=/usr/bin/ollama serve\n",
        ".config/systemd/user/bot.service.d/x.conf": "[Service]\nEnvironment=OLLAMA_HOST=x\n",
        ".config/containers/systemd/llm.container": "[Container]\nImage=docker.io/ollama/ollama\n",
        ".ollama/server.json": "{}\n",
        "llm/compose.yml": "services: {a: {image: ollama/ollama}}\n",
        "web/compose.yml": "services: {a: {image: nginx}}\n",
    }
    for name, text in texts.items():
        path = tmp_path / "a home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    command = [shell, "-c"] if shell != "busybox" else ["busybox", "sh", "-c"]
    environment = {"HOME": str(tmp_path / "a home"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([*command, script(FIND)], env=environment, capture_output=True, text=True, check=False)
    places = places_of(blocks(done.stdout))
    own = {one.kind: one.paths[0] for one in places.named if one.paths[0].startswith(str(tmp_path))}
    home = f"{tmp_path}/a home"
    assert done.stderr == ""
    assert own.pop(SourceKind.SYSTEMD).startswith(f"{home}/.config/systemd/user/")
    assert own == {
        SourceKind.SHELL: f"{home}/.bashrc",
        SourceKind.FISH: f"{home}/.config/fish/config.fish",
        SourceKind.QUADLET: f"{home}/.config/containers/systemd/llm.container",
        SourceKind.OLLAMA_FILE: f"{home}/.ollama/server.json",
        SourceKind.COMPOSE: f"{home}/llm/compose.yml",
    }
