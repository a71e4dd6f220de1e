"""Containers, as docker and podman tell of them."""

from typing import Any

import msgspec
import pytest

from ollama_panel.core.doctor.asking.containers import answer_of, containers_of, environment_of
from ollama_panel.core.doctor.facts import ContainerFacts
from ollama_panel.core.server_owners import ProcessFacts

ID = "0123456789ab" + "c" * 52
TOLD: dict[str, Any] = {
    "Id": ID,
    "Name": "/llm",
    "Path": "/bin/ollama",
    "Args": ["serve"],
    "State": {"Running": True, "OOMKilled": True},
    "HostConfig": {"Memory": 5368709120, "NetworkMode": "bridge"},
    "NetworkSettings": {"Ports": {"11434/tcp": [{"HostIp": "", "HostPort": "11500"}]}},
}


def test_a_container_and_the_server_in_it() -> None:
    server = ProcessFacts(77, cgroup=f"0::/system.slice/docker-{ID}.scope")
    assert containers_of([("docker", TOLD)], [server]) == (
        ContainerFacts("llm", "docker", True, 77, 5368709120, False, True),
    )


def test_containers_that_serve_nothing_are_left_out() -> None:
    client = {**TOLD, "Path": "/app/open-webui", "Args": []}
    stopped = {**TOLD, "Path": "/bin/sh", "Args": ["-c", "x", "/bin/ollama", "serve"], "State": {}}
    (found,) = containers_of([("docker", client), ("podman", stopped)], [])
    assert (found.runtime, found.running, found.server) == ("podman", False, 0)


@pytest.mark.parametrize(
    ("host", "gpu"),
    [
        ({}, False),
        ({"DeviceRequests": [{"Capabilities": [["gpu"]]}]}, True),
        ({"DeviceRequests": [{"Driver": "cdi", "DeviceIDs": ["nvidia.com/gpu=all"]}]}, True),
        ({"Devices": [{"PathOnHost": "/dev/kfd"}]}, True),
        ({"Runtime": "nvidia"}, None),
        ({"Privileged": True}, None),
        ({"Memory": 0}, False),
    ],
)
def test_whether_a_card_was_given(host: dict[str, Any], gpu: bool | None) -> None:
    (found,) = containers_of([("docker", {**TOLD, "HostConfig": host})], [])
    assert (found.gpu, found.memory_limit) == (gpu, None)


def test_a_card_of_podman_by_the_command_that_made_the_container() -> None:
    command = ["podman", "run", "--device", "nvidia.com/gpu=all", "ollama/ollama"]
    (found,) = containers_of([("podman", {**TOLD, "Config": {"CreateCommand": command}})], [])
    assert found.gpu is True


def test_the_variables_of_a_container() -> None:
    told = {**TOLD, "Config": {"Env": ["OLLAMA_HOST=0.0.0.0", "A=b=c", "EMPTY="]}}
    server = ProcessFacts(77, cgroup=f"0::/system.slice/docker-{ID}.scope")
    assert environment_of([("docker", told)], server) == {"OLLAMA_HOST": "0.0.0.0", "A": "b=c", "EMPTY": ""}
    assert environment_of([("docker", TOLD)], server) == {}
    assert environment_of([("docker", told)], ProcessFacts(78, cgroup="0::/user.slice")) is None


def test_what_inspect_would_answer() -> None:
    answer = answer_of([("docker", TOLD)], ("docker", "container", "inspect", "--format", "x", ID[:12]))
    assert answer is not None
    assert msgspec.json.decode(answer)["ports"] == TOLD["NetworkSettings"]["Ports"]
    assert answer_of([("docker", TOLD)], ("podman", ID)) is None
