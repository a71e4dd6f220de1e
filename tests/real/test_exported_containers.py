"""What a container is told, told to a real Ollama: the values are in force, and the health check is right."""

import os
import subprocess
from pathlib import Path

import yaml

from ollama_panel.core.export.container.image import PROBE
from tests.core.export.container.test_compose import interpolated
from tests.core.export.samples import TRICKY, exported, pools
from tests.fakes.ollama_process import serving


def probed(ollama: Path, address: str) -> bool:
    """Return whether the health check of a container succeeds, with the address that it has there."""
    _, port = address.split(":")
    command = [ollama, *PROBE[1:]]
    environment = os.environ | {"OLLAMA_HOST": f"0.0.0.0:{port}"}
    return not subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60).returncode


def test_the_variables_of_a_compose_file_are_in_force(ollama: Path, store: dict[str, str]) -> None:
    services = yaml.safe_load(exported("compose", pools(TRICKY | {"OLLAMA_KEEP_ALIVE": "24h"})).text)["services"]
    told = {name: interpolated(value) for name, value in services["chat-2"]["environment"].items()}
    log = list[str]()
    with serving(ollama, store | told, log.append):
        pass
    (line,) = [line for line in log if "server config" in line]
    shown = {"OLLAMA_NUM_PARALLEL:4", "OLLAMA_CONTEXT_LENGTH:8192", "OLLAMA_NOPRUNE:true", "OLLAMA_KEEP_ALIVE:24h0m0s"}
    assert shown <= set(line.split("map[")[1].split())


def test_the_health_check_succeeds_while_the_server_answers(ollama: Path, store: dict[str, str]) -> None:
    with serving(ollama, store) as address:
        assert probed(ollama, address)
    assert not probed(ollama, address)
