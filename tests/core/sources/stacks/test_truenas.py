import json
from typing import Any

import pytest

from ollama_panel.core.sources.record import Reading, SourceKind
from tests.core.sources.reading import reading

ENTRIES = [{"name": "A", "value": "1"}, {"name": "B", "value": "-1"}]


def truenas(**values: Any) -> Reading:
    return reading(SourceKind.TRUENAS, json.dumps({"ollama": {"additional_envs": ENTRIES}, **values}))


def test_the_app_is_a_server() -> None:
    found = truenas(
        network={"web_port": {"bind_mode": "published", "port_number": 30068, "host_ips": []}},
        resources={"limits": {"memory": 4096}, "gpus": {"nvidia_gpu_selection": {"0": {"use_gpu": True}}}},
        storage={"data": {"host_path_config": {"path": "/mnt/pool/ollama"}}},
    )
    [server] = found.servers
    assert (server.variables, server.ports, server.gpu) == ({"A": "1", "B": "-1"}, ("30068",), True)
    assert (server.memory_limit, server.folders) == (4 * 1024**3, {"/root/.ollama": "/mnt/pool/ollama"})


@pytest.mark.parametrize(
    ("network", "ports"),
    [
        ({"web_port": {"port_number": 1, "host_ips": ["10.0.0.1", "fd00::1"]}}, ("10.0.0.1:1", "[fd00::1]:1")),
        ({"web_port": {"bind_mode": "exposed", "port_number": 1}}, ()),
        ({"web_port": 1}, ("1",)),
        ({"api_port": {"bind_mode": "published", "port_number": 2, "host_ips": ["::1"]}}, ("[::1]:2",)),
        ({"api_port": {"bind_mode": "", "port_number": 2}}, ()),
        ({}, ()),
    ],
)
def test_ports_are_those_that_are_published(network: dict[str, Any], ports: tuple[str, ...]) -> None:
    assert truenas(network=network).servers[0].ports == ports


def test_older_apps_and_yaml_are_read_too() -> None:
    found = reading(
        SourceKind.TRUENAS,
        """\
        ollamaConfig:
          additionalEnvs:
            - {name: A, value: 2}
        ollamaNetwork: {webPort: 30068}
        """,
    )
    assert (found.variables, found.servers[0].ports) == ({"A": "2"}, ("30068",))
    assert found.servers[0].assignments[0].place.line == 3


def test_settings_of_the_app_become_variables() -> None:
    settings = {
        "override_context_length": {"enabled": True, "context_length": 8192},
        "flash_attention": {"enabled": True, "kv_cache_type": "q8_0"},
        "override_keep_alive": {"enabled": False, "keep_alive": "5m"},
        "additional_envs": [{"name": "OLLAMA_CONTEXT_LENGTH", "value": "4096"}],
    }
    assert truenas(ollama=settings).variables == {
        "OLLAMA_CONTEXT_LENGTH": "4096",
        "OLLAMA_FLASH_ATTENTION": "1",
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
    }


@pytest.mark.parametrize("text", ["", "{", "[]", '{"network": {}}'])
def test_what_is_not_of_the_app_says_so(text: str) -> None:
    assert reading(SourceKind.TRUENAS, text).problem is not None
