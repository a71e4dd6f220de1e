"""The guide for Open WebUI, by the variables that release 0.12.4 reads (`open_webui/config.py`, `env.py`)."""

import json

import pytest

from ollama_panel.core.connect.records import ClientSystem, Way
from tests.core.connect.readers import data, exported, fields, shell
from tests.core.connect.test_guides import KEY, SLOW, URL, endpoint, guide


def ways(key: str = "", system: ClientSystem = ClientSystem.LINUX) -> dict[str, Way]:
    return {way.id: way for way in guide("open-webui", endpoint(key, system=system)).ways}


def test_on_linux_the_container_shares_the_network_of_the_machine() -> None:
    ((*command, image),) = shell(ways()["docker"])
    assert "--network=host" in command
    assert f"OLLAMA_BASE_URL={URL}" in command
    assert image == "ghcr.io/open-webui/open-webui:main"
    service = data(ways()["compose"])["services"]["open-webui"]
    assert service["network_mode"] == "host"
    assert service["environment"] == {"OLLAMA_BASE_URL": URL}


def test_on_a_mac_it_reaches_the_panel_by_the_name_of_the_host() -> None:
    ((*command, _),) = shell(ways(system=ClientSystem.MACOS)["docker"])
    assert "OLLAMA_BASE_URL=http://host.docker.internal:11435" in command
    assert "3000:8080" in command
    service = data(ways(system=ClientSystem.MACOS)["compose"])["services"]["open-webui"]
    assert service["ports"] == ["3000:8080"]


@pytest.mark.parametrize("way", ["docker", "compose", "pip"])
def test_the_key_is_that_of_the_first_connection(way: str) -> None:
    one = ways(KEY)[way]
    if way == "docker":
        words = next(word for word in shell(one)[0] if word.startswith("OLLAMA_API_CONFIGS="))
        value = words.partition("=")[2]
    elif way == "compose":
        value = data(one)["services"]["open-webui"]["environment"]["OLLAMA_API_CONFIGS"]
    else:
        value = exported(one)["OLLAMA_API_CONFIGS"]
    assert json.loads(value) == {"0": {"enable": True, "key": KEY}}


def test_in_powershell_a_value_with_quotes_is_passed_on_from_a_variable() -> None:
    text = ways(KEY, ClientSystem.WINDOWS)["docker"].text
    assert text.startswith("$env:OLLAMA_API_CONFIGS = '{")
    assert "-e OLLAMA_API_CONFIGS `" in text


def test_what_to_type_into_its_own_settings() -> None:
    assert fields(ways(KEY)["settings"]) == {"URL": URL, "API Key": KEY}


def test_it_waits_as_long_as_it_takes_because_nothing_sets_a_time_out() -> None:
    assert not any("TIMEOUT" in way.text for way in guide("open-webui", endpoint(slowest=SLOW)).ways)
