"""Guides for programs of a terminal."""

import json

from ollama_panel.core.connect.records import ClientSystem
from tests.core.connect.readers import exported, shell
from tests.core.connect.test_guides import KEY, MODEL, URL, endpoint, guide


def test_curl_sends_the_question_as_json_and_waits_as_long_as_the_time_out_says() -> None:
    (way,) = guide("curl", endpoint(KEY)).ways
    ((command, address, *options),) = shell(way)
    assert (command, address) == ("curl", f"{URL}/api/chat")
    given = dict(zip(options[::2], options[1::2], strict=True))
    assert given["--max-time"] == "600"
    assert given["-H"] == f"Authorization: Bearer {KEY}"
    assert json.loads(given["-d"])["model"] == MODEL


def test_in_powershell_curl_reads_the_question_from_a_pipe_because_arguments_lose_their_quotes() -> None:
    (way,) = guide("curl", endpoint(system=ClientSystem.WINDOWS)).ways
    question, _, call = way.text.partition(" | ")
    assert json.loads(question.strip("'"))["model"] == MODEL
    assert call == f"curl.exe {URL}/api/chat --max-time 600 `\n  -d '@-'\n"


def test_the_ollama_command_gets_the_address_from_the_environment_and_never_a_key() -> None:
    one = guide("ollama", endpoint(KEY))
    assert not one.sends_key
    (way,) = one.ways
    assert exported(way) == {"OLLAMA_HOST": URL}
    assert shell(way)[-1] == ["ollama", "run", MODEL, "Hello"]
