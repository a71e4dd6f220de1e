"""The script of `docker run`: a shell splits it into the very words, and docker reads them as they were meant."""

import os
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import Export, render
from ollama_panel.core.export.deployment import Accelerator, Site, Words
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from tests.core.export.samples import TRICKY, instances, names, nasty, pools, printable
from tests.fakes.docker_daemon import docker_daemon

LONG = {"LONG": "x$" * 5_000, "LINES": "a\nb\r\n#c: d\n"}
LOGGING = '#!/bin/sh\nprintf "%s\\0" "$#" "$@" >> "$LOG"\n'

needs_docker = pytest.mark.skipif(not shutil.which("docker"), reason="docker is not installed")
needs_shellcheck = pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")


def docker(plan: Settings, accelerator: Accelerator = Accelerator.CPU, words: Words = english) -> Export:
    site = Site(accelerator=accelerator, ollama="0.32.15")
    return render("docker", plan, instances(plan), version="1.2.3", date="2026-11-23", words=words, site=site)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with a `docker` that only logs its arguments."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker").write_text(LOGGING, encoding="utf-8")
    (folder / "docker").chmod(0o755)
    return folder


def commands(text: str, programs: Path) -> list[list[str]]:
    """Return the arguments of each docker that a script runs."""
    log = programs / "log"
    log.unlink(missing_ok=True)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "LOG": str(log)}
    subprocess.run(["sh"], input=text.encode(), env=environment, check=True)
    words = iter(log.read_bytes().decode().split("\0")[:-1])
    return [[next(words) for _ in range(int(count))] for count in words]


def variables(plan: Settings) -> list[dict[str, str]]:
    return [spec.environment | {"OLLAMA_HOST": "0.0.0.0:11434"} for spec in instances(plan)]


def set_by(command: list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for before, word in pairwise(command) if before == "--env")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(environment=st.dictionaries(names, printable, max_size=4))
def test_a_shell_reads_every_value_back(programs: Path, environment: dict[str, str]) -> None:
    plan = pools(environment)
    runs = [command for command in commands(docker(plan).text, programs) if command[0] == "run"]
    assert [set_by(run) for run in runs] == variables(plan)


@pytest.mark.parametrize("words", [english, nasty])
def test_each_worker_replaces_its_container_and_runs(programs: Path, words: Words) -> None:
    plan = pools(TRICKY | LONG)
    found = commands(docker(plan, Accelerator.NVIDIA, words).text, programs)
    assert [command[:3] for command in found[::2]] == [
        ["rm", "--force", "ollama-chat-1"],
        ["rm", "--force", "ollama-chat-2"],
        ["rm", "--force", "ollama-embed-1"],
    ]
    runs = found[1::2]
    assert [set_by(run) for run in runs] == variables(plan)
    assert all(run[-1] == "docker.io/ollama/ollama:0.32.15" for run in runs)
    assert all(run[run.index("--gpus") + 1] == "all" for run in runs)


@needs_docker
@pytest.mark.parametrize("accelerator", [one for one in Accelerator if one is not Accelerator.METAL])
def test_docker_asks_its_daemon_for_what_was_meant(tmp_path: Path, accelerator: Accelerator) -> None:
    plan = pools(TRICKY | LONG)
    created = asked_for(docker(plan, accelerator).text, tmp_path)
    vulkan = {"OLLAMA_VULKAN": "1"} if accelerator is Accelerator.VULKAN else {}
    assert list(created) == ["ollama-chat-1", "ollama-chat-2", "ollama-embed-1"]
    for container, wanted, port in zip(created.values(), variables(plan), ("11500", "11501", "11502"), strict=True):
        assert dict(one.split("=", 1) for one in container["Env"]) == wanted | vulkan
        host = container["HostConfig"]
        assert host["PortBindings"] == {"11434/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}
        assert host["Binds"] == ["ollama:/root/.ollama"]
        assert host["RestartPolicy"]["Name"] == "unless-stopped"
        assert container["Healthcheck"]["Test"] == ["CMD-SHELL", "ollama ps"]
        devices = [device["PathOnHost"] for device in host["Devices"]]
        cards = [card["Capabilities"] for card in host["DeviceRequests"] or []]
        assert (devices, cards) == {
            Accelerator.NVIDIA: ([], [[["gpu"]]]),
            Accelerator.ROCM: (["/dev/kfd", "/dev/dri"], []),
            Accelerator.VULKAN: (["/dev/dri"], []),
            Accelerator.CPU: ([], []),
        }[accelerator]


@needs_docker
@pytest.mark.parametrize("folder", ["/srv/my models", "/srv/a:b,$c 'd' \"e\" f", "/模型"])
def test_docker_mounts_the_folder_of_the_models(tmp_path: Path, folder: str) -> None:
    plan = msgspec.structs.replace(pools(), ollama=OllamaSettings(models_dir=folder))
    for container in asked_for(docker(plan).text, tmp_path).values():
        assert container["HostConfig"]["Mounts"] == [
            {"Type": "bind", "Source": folder, "Target": "/root/.ollama/models"}
        ]
        assert not container["HostConfig"]["Binds"]


def asked_for(text: str, home: Path) -> dict[str, Any]:
    """Return what the real docker asks its daemon for when a script runs it."""
    with docker_daemon() as daemon:
        environment = {"PATH": os.environ["PATH"], "DOCKER_HOST": daemon.address, "HOME": str(home)}
        subprocess.run(["sh"], input=text.encode(), env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
        assert len([call for call in daemon.calls if call.endswith("/start")]) == len(daemon.created)
        return daemon.created


@needs_shellcheck
@pytest.mark.parametrize("accelerator", [one for one in Accelerator if one is not Accelerator.METAL])
@pytest.mark.parametrize("words", [english, nasty])
def test_shellcheck_has_nothing_to_say(tmp_path: Path, accelerator: Accelerator, words: Words) -> None:
    script = tmp_path / "run.sh"
    script.write_text(docker(pools(TRICKY), accelerator, words).text, encoding="utf-8")
    meant = "SC1003,SC2016"  # a backslash before the last quote, and a dollar sign in quotes
    command = ["shellcheck", "--norc", f"--exclude={meant}", str(script)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_its_steps_run_pull_read_and_end() -> None:
    steps = [step.command for step in docker(pools(), Accelerator.NVIDIA).steps]
    assert [command.split()[:2] for command in steps] == [
        ["sudo", "nvidia-ctk"],
        ["sh", "run-ollama-containers.sh"],
        ["docker", "exec"],
        ["docker", "logs"],
        ["docker", "rm"],
    ]


def test_a_mac_is_told_why_there_is_no_container() -> None:
    with pytest.raises(PanelError, match="No container reaches the GPU of a Mac"):
        docker(pools(), Accelerator.METAL)
