"""Names from outside stay values in every text, whatever is in them."""

import json
import shlex
import tomllib

import pytest

from ollama_panel.core.connect import texts
from ollama_panel.core.connect.records import ClientSystem, Endpoint
from ollama_panel.core.connect.timeouts import Slowest, client_timeout
from ollama_panel.core.notices.render import render

NAMES = ["llama3.1:8b", 'a "quoted" name', "it's", "$(rm -rf x) `y` \\ z", "模型"]


@pytest.mark.parametrize("name", NAMES)
def test_a_literal_is_read_back_by_json_python_and_toml(name: str) -> None:
    literal = texts.quoted(name)
    assert json.loads(literal) == name
    assert eval(literal) == name
    assert tomllib.loads(f"a = {literal}") == {"a": name}


@pytest.mark.parametrize("name", NAMES)
def test_a_shell_reads_one_word(name: str) -> None:
    text = texts.command(["run", texts.words(ClientSystem.LINUX, "-m", name)], ClientSystem.LINUX)
    assert shlex.split(text.replace("\\\n", "")) == ["run", "-m", name]


def test_powershell_has_quotes_and_line_ends_of_its_own() -> None:
    words = texts.words(ClientSystem.WINDOWS, "run", "llama3.1:8b", "it's", "$(x)")
    assert words == "run llama3.1:8b 'it''s' '$(x)'"
    assert texts.command([words, "-d"], ClientSystem.WINDOWS) == f"{words} `\n  -d\n"


def test_variables_are_set_as_the_shell_of_the_system_does_it() -> None:
    values = {"A": "it's", "B": ""}
    assert texts.variables(values, ClientSystem.LINUX) == "export A='it'\"'\"'s'\nexport B=\n"
    assert texts.variables(values, ClientSystem.WINDOWS) == "$env:A = 'it''s'\n$env:B = ''\n"


@pytest.mark.parametrize(
    ("system", "url", "inside"),
    [
        (ClientSystem.LINUX, "http://127.0.0.1:11435", "http://127.0.0.1:11435"),
        (ClientSystem.MACOS, "http://127.0.0.1:11435", "http://host.docker.internal:11435"),
        (ClientSystem.WINDOWS, "http://[::1]:11435", "http://host.docker.internal:11435"),
        (ClientSystem.MACOS, "http://192.168.1.20:11435", "http://192.168.1.20:11435"),
    ],
)
def test_a_container_reaches_the_loopback_address_by_another_name_where_it_is_in_a_virtual_machine(
    system: ClientSystem, url: str, inside: str
) -> None:
    assert texts.from_container(url, system) == inside


def test_nobody_shortens_the_time_out_that_a_program_has_by_itself() -> None:
    short, long = Endpoint("", client_timeout(Slowest())), Endpoint("", client_timeout(Slowest(1, 7000.0, 200.0)))
    assert texts.longer_timeout(short, 7200) is None
    assert render(texts.told_timeout(short, "timeout", 7200)) == (
        "A time-out of 10 min: nothing has been measured here yet. By itself it waits 2 h, which is longer, and stays."
    )
    assert texts.longer_timeout(long, 7200) == 14_400
    assert render(texts.told_timeout(long, "timeout", 7200)).startswith("timeout sets the time-out; by itself it gives")
