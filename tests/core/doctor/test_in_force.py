"""What a server runs with, and whether that is what was wanted."""

import msgspec
import pytest

from ollama_panel.core.doctor.facts import Facts, LogFacts, RunnerFacts
from ollama_panel.core.doctor.in_force import (
    InForce,
    environment_of,
    holds,
    in_force,
    is_set_but,
    of_runners,
    tells,
    wanted_parallel,
)
from ollama_panel.core.findings import Evidence
from ollama_panel.core.notices.render import render
from ollama_panel.core.servers import FoundServer, LogKind, LogSource, Owner, OwnerKind
from ollama_panel.core.stores import Found

SERVER = FoundServer(
    "ollama.service",
    1412,
    0.0,
    Owner(OwnerKind.SYSTEM_UNIT, "ollama.service"),
    variables={"OLLAMA_NUM_PARALLEL": "4"},
    log=LogSource(LogKind.JOURNAL, command="journalctl -u ollama"),
)


def test_the_log_counts_more_than_the_process() -> None:
    facts = Facts(servers=(SERVER,), logs=(LogFacts(1412, {"OLLAMA_NUM_PARALLEL": "1"}),))
    found = in_force(facts, SERVER, "OLLAMA_NUM_PARALLEL")
    assert found == InForce("1", Evidence("OLLAMA_NUM_PARALLEL:1", "journalctl -u ollama"), logged=True)


def test_what_the_log_does_not_name_the_process_tells() -> None:
    found = in_force(Facts(servers=(SERVER,)), SERVER, "OLLAMA_NUM_PARALLEL")
    assert found == InForce("4", Evidence("OLLAMA_NUM_PARALLEL=4", "PID 1412"))


def test_of_a_server_of_another_user_without_a_log_nothing_is_known() -> None:
    server = FoundServer("x", 5, 0.0, Owner())
    assert in_force(Facts(servers=(server,)), server, "OLLAMA_NUM_PARALLEL") is None


@pytest.mark.parametrize("known", [Found.UNIT, Found.LOG])
def test_what_a_unit_or_a_log_lacks_the_process_may_have(known: Found) -> None:
    server = msgspec.structs.replace(SERVER, variables_from=known)
    assert in_force(Facts(servers=(server,)), server, "LLAMA_ARG_THREADS") is None
    assert not tells(Facts(servers=(server,)), server)
    assert tells(Facts(servers=(server,), logs=(LogFacts(1412, {"OLLAMA_DEBUG": "INFO"}),)), server)


def test_the_runner_shows_what_it_was_started_with() -> None:
    runner = RunnerFacts(7240, 1412, arguments=("llama-server", "-c", "4096", "-np", "1"))
    facts = Facts(servers=(SERVER,), runners=(runner, RunnerFacts(9, 8, arguments=("llama-server", "-np", "3"))))
    assert of_runners(facts, SERVER, "OLLAMA_NUM_PARALLEL") == (Evidence("-np 1", "runner 7240"),)


@pytest.mark.parametrize(
    ("name", "wanted", "value", "logged", "same"),
    [
        ("OLLAMA_NUM_PARALLEL", "4", "4", True, True),
        ("OLLAMA_NUM_PARALLEL", "4", "1", True, False),
        ("OLLAMA_NUM_PARALLEL", "0", "1", True, True),  # 0 is what servers print that have none set
        ("OLLAMA_NUM_PARALLEL", "1", "", False, True),  # the default
        ("OLLAMA_KEEP_ALIVE", "24h", "24h0m0s", True, True),
        ("OLLAMA_KEEP_ALIVE", "-1", "2562047h47m16.854775807s", True, True),
        ("OLLAMA_KEEP_ALIVE", "24h", "5m0s", True, False),
        ("OLLAMA_LOAD_TIMEOUT", "0", "2562047h47m16.854775807s", True, True),
        ("OLLAMA_FLASH_ATTENTION", "1", "true", True, True),
        ("OLLAMA_FLASH_ATTENTION", "1", "false", True, False),
        ("OLLAMA_KV_CACHE_TYPE", "q8_0", "", True, False),
        ("OLLAMA_HOST", "0.0.0.0", "http://0.0.0.0:11434", True, True),
        ("OLLAMA_HOST", "127.0.0.1:11436", "http://127.0.0.1:11434", True, False),
        ("OLLAMA_MODELS", "/srv/models/", "/srv/models", True, True),
        ("OLLAMA_MODELS", "/srv/models", "/usr/share/ollama/.ollama/models", True, False),
        ("OLLAMA_ORIGINS", "https://chat.example", "[https://chat.example http://localhost]", True, True),
        ("OLLAMA_DEBUG", "1", "DEBUG", True, None),
        ("OLLAMA_REMOTES", "a.example,b.example", "[a.example b.example]", True, None),
        ("OLLAMA_BASE_URL", "http://localhost:11434", "", False, None),
        ("OLLAMA_NOHISTORY", "1", "", False, None),  # only commands read it
        ("OLLAMA_NEW_ENGINE", "1", "false", True, None),  # no server of today reads it
    ],
)
def test_values_are_compared_by_what_they_mean(
    name: str, wanted: str, value: str, logged: bool, same: bool | None
) -> None:
    found = InForce(value, Evidence(value), logged=logged)
    assert holds(name, wanted, found, (0, 32, 15)) is same


def test_the_slots_are_those_of_the_log_or_of_the_process() -> None:
    log = LogFacts(1412, {"OLLAMA_NUM_PARALLEL": "2"})
    assert wanted_parallel(Facts(), SERVER) == 4
    assert wanted_parallel(Facts(logs=(log,)), SERVER) == 2
    assert environment_of(Facts(logs=(LogFacts(1412),)), SERVER) == SERVER.variables


def test_a_printed_zero_is_no_wish() -> None:
    assert wanted_parallel(Facts(logs=(LogFacts(1412, {"OLLAMA_NUM_PARALLEL": "0"}),)), SERVER) is None


def test_a_value_that_is_not_there_at_all_is_said_so() -> None:
    told = is_set_but("OLLAMA_KV_CACHE_TYPE", "q8_0", InForce("", Evidence("")))
    assert render(told) == "OLLAMA_KV_CACHE_TYPE is set to q8_0, but Ollama runs without it."
