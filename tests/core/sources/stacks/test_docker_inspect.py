"""What docker and podman tell of containers, cut to what matters."""

import json
from typing import Any

import pytest

from ollama_panel.core.sources.record import Fate, Reading, SourceKind
from tests.core.sources.reading import codes, reading


def container(name: str = "/ollama", image: str = "ollama/ollama", *env: str, **host: Any) -> dict[str, Any]:
    config = {
        "Image": image,
        "Env": ["PATH=/usr/bin", *env],
        "Entrypoint": ["/bin/ollama"] if "ollama/" in image else ["/start"],
        "Cmd": ["serve"] if "ollama/" in image else None,
    }
    return {"Id": f"{name}0", "Name": name, "Config": config, "HostConfig": host, "Mounts": []}


def inspected(*containers: dict[str, Any], system: str = "") -> Reading:
    return reading(SourceKind.DOCKER_INSPECT, json.dumps(containers, indent=1), path="docker inspect", system=system)


def test_a_server_has_its_variables_ports_memory_card_and_folders() -> None:
    one = container(
        "/ollama",
        "ollama/ollama:0.32.0",
        "OLLAMA_HOST=0.0.0.0:11434",
        "A=x=$y",
        Memory=5 * 1024**3,
        PortBindings={"11434/tcp": [{"HostIp": "", "HostPort": "11500"}], "80/tcp": [{"HostPort": "80"}]},
        DeviceRequests=[{"Driver": "", "Count": -1, "Capabilities": [["gpu"]]}],
    )
    one["Mounts"] = [{"Type": "bind", "Source": "/srv/models", "Destination": "/root/.ollama"}]
    [server] = inspected(one).servers
    assert server.variables == {"OLLAMA_HOST": "0.0.0.0:11434", "A": "x=$y"}
    assert (server.name, server.command, server.ports) == ("ollama", ("/bin/ollama", "serve"), ("11500",))
    assert (server.memory_limit, server.gpu, server.folders) == (5 * 1024**3, True, {"/root/.ollama": "/srv/models"})


def test_lines_are_those_of_each_container() -> None:
    found = inspected(container("/a", "ollama/ollama", "A=1"), container("/b", "ollama/ollama", "A=1"))
    places = [one.place for server in found.servers for one in server.assignments if one.name == "A"]
    assert places[0].line < places[1].line
    assert all('"A=1"' in place.text for place in places)


def test_podman_tells_the_image_by_another_name() -> None:
    one = container()
    one["ImageName"] = one["Config"].pop("Image")
    assert len(inspected(one).servers) == 1


def test_another_program_is_a_client() -> None:
    found = inspected(container("/web", "open-webui", "OLLAMA_BASE_URL=http://ollama:11434", "WEBUI=1"))
    assert (found.servers, [one.fate for one in found.others], codes(found)) == ((), [Fate.CLIENT], [])


@pytest.mark.parametrize(
    ("code", "env", "host", "system"),
    [
        ("client-side", ["OLLAMA_NUM_PARALLEL=4"], {"image": "open-webui"}, ""),
        ("client-side", ["OLLAMA_KEEP_ALIVE=4"], {"image": "litellm"}, ""),
        ("client-side", ["OLLAMA_FLASH_ATTENTION=1"], {"image": "n8nio/n8n"}, ""),
        ("no-gpu-in-container", [], {}, "Darwin"),
        ("no-gpu-in-container", [], {"Memory": 1}, "Darwin"),
        ("no-gpu-in-container", ["OLLAMA_HOST=0.0.0.0"], {}, "Darwin"),
        ("loopback-in-container", ["OLLAMA_HOST=127.0.0.1:11434"], {}, ""),
        ("loopback-in-container", ["OLLAMA_HOST=localhost"], {}, ""),
        ("loopback-in-container", ["OLLAMA_HOST=[::1]"], {}, ""),
        ("wrong-port", [], {"PortBindings": {"8080/tcp": [{"HostPort": "11434"}]}}, ""),
        ("wrong-port", ["OLLAMA_HOST=0.0.0.0:1"], {"PortBindings": {"11434/tcp": [{"HostPort": "11434"}]}}, ""),
        ("wrong-port", ["OLLAMA_HOST=:80"], {"PortBindings": {"81/tcp": [{"HostPort": "80"}]}}, ""),
    ],
)
def test_a_mistake_is_named(code: str, env: list[str], host: dict[str, Any], system: str) -> None:
    settings = {"image": "ollama/ollama", **host}
    assert codes(inspected(container("/x", settings.pop("image"), *env, **settings), system=system)) == [code]


def test_what_is_right_is_silent() -> None:
    bound = {"11434/tcp": [{"HostIp": "127.0.0.1", "HostPort": "1"}]}
    assert codes(inspected(container(PortBindings=bound), system="Linux")) == []
    assert codes(inspected(container("/x", "ollama/ollama", "OLLAMA_HOST=127.0.0.1", NetworkMode="host"))) == []


@pytest.mark.parametrize("text", ["", "[", "Error: No such object: ollama"])
def test_what_is_no_answer_of_docker_says_so(text: str) -> None:
    assert reading(SourceKind.DOCKER_INSPECT, text).problem is not None


@pytest.mark.parametrize("text", ["[]", "3", "[3]", '[{"Config": 1}]', '[{"Config": {"Env": null}, "Mounts": {}}]'])
def test_an_answer_without_containers_has_no_servers(text: str) -> None:
    assert reading(SourceKind.DOCKER_INSPECT, text).servers == ()
