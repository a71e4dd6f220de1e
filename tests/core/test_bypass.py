"""Who goes past the panel, as connections tell."""

import msgspec
import pytest

from ollama_panel.core.bypass import (
    MOST_RECORDS,
    RECENT_S,
    SPAN_S,
    Bypasses,
    BypassRecord,
    Caller,
    Origin,
    Server,
    is_ollamas_own,
    of_bypassing,
    of_program,
    origin_of,
    still_going_past,
)
from ollama_panel.core.clients import ClientRecord, Process
from ollama_panel.core.ids import ClientId, InstanceId
from ollama_panel.core.notices.render import render

OLLAMA, WORKER = Server("http://127.0.0.1:11434"), Server("http://127.0.0.1:11500", InstanceId("chat-1"))
SERVERS = {11434: OLLAMA, 11500: WORKER}
RAG = Caller(11434, 7, "python3", "/usr/bin/python3", ("python3", "rag_indexer.py"), "me")
CURL = Caller(11500, 9, "curl", "/usr/bin/curl", ("curl",), "me")


def of(caller: Caller, **changes: object) -> Caller:
    return msgspec.structs.replace(caller, **changes)


def seen(*looks: tuple[Caller, ...], every_s: float = 10.0) -> tuple[BypassRecord, ...]:
    """Return what is known after looks that come one after another, from 0 s on."""
    found = Bypasses()
    for number, callers in enumerate(looks):
        found.looked(callers, SERVERS, number * every_s)
    return found.records()


def test_a_script_is_named_with_the_server_it_talks_to() -> None:
    (one,) = seen((RAG,))
    assert one == BypassRecord(
        Origin.PROGRAM,
        "http://127.0.0.1:11434",
        name="rag_indexer.py",
        pid=7,
        user="me",
        program="/usr/bin/python3",
        connections=1,
        processes=1,
    )


def test_nobody_goes_past_the_panel_to_a_server_that_has_moved_away() -> None:
    """As when the panel takes over its address: what called the server there comes through the panel from then on."""
    found = Bypasses()
    found.looked((RAG, CURL), SERVERS, 0.0)
    found.looked((CURL,), {11500: WORKER, 11436: Server("http://127.0.0.1:11436")}, 10.0)
    assert [one.name for one in found.records()] == ["curl"]


def test_connections_of_all_its_processes_are_one_program() -> None:
    (one,) = seen((RAG, of(RAG, pid=8), RAG))
    assert (one.connections, one.processes, one.pid) == (3, 2, 8)


def test_the_panels_own_workers_are_servers_like_others() -> None:
    (one,) = seen((CURL, of(CURL, port=8080)))
    assert (one.url, one.instance) == ("http://127.0.0.1:11500", "chat-1")


def test_who_has_gone_is_told_for_ten_minutes_without_connections() -> None:
    records = seen((RAG,), (RAG, CURL), (CURL,))
    assert [(one.name, one.connections, one.first_seen, one.last_seen) for one in records] == [
        ("curl", 1, 10.0, 20.0),
        ("rag_indexer.py", 0, 0.0, 10.0),
    ]
    assert len(seen((RAG,), (), every_s=SPAN_S)) == 1
    assert seen((RAG,), (), every_s=SPAN_S + 1) == ()


def test_whoever_comes_with_ever_new_addresses_fills_no_list() -> None:
    many = tuple(of(RAG, pid=0, address=f"10.0.{number // 256}.{number % 256}") for number in range(2 * MOST_RECORDS))
    assert len(seen(many)) == MOST_RECORDS


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("/usr/bin/ollama", ("ollama", "serve")),
        ("/usr/bin/ollama", ("ollama", "runner", "--port", "4000")),
        ("C:\\Users\\me\\Ollama\\ollama.exe", ("ollama.exe", "serve")),
        ("C:\\Users\\me\\Ollama\\ollama app.exe", ()),
        ("/Applications/Ollama.app/Contents/MacOS/Ollama", ()),
    ],
)
def test_ollamas_own_connections_go_past_nothing(program: str, arguments: tuple[str, ...]) -> None:
    own = of(RAG, name="ollama", program=program, arguments=arguments)
    assert is_ollamas_own(own)
    assert seen((own,)) == ()


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("/usr/bin/python3", ("python3", "-m", "ollama_panel", "serve")), ("/opt/ollama-panel/ollama-panel", ())],
)
def test_another_panel_only_looks(program: str, arguments: tuple[str, ...]) -> None:
    name = program.rpartition("/")[2]
    assert seen((of(RAG, name=name, program=program, arguments=arguments),)) == ()


@pytest.mark.parametrize("arguments", [("ollama", "run", "tiny"), ("ollama",), ()])
def test_the_ollama_command_of_a_person_does(arguments: tuple[str, ...]) -> None:
    assert not is_ollamas_own(of(RAG, name="ollama", program="/usr/bin/ollama", arguments=arguments))


@pytest.mark.parametrize(
    ("caller", "origin", "told"),
    [
        (RAG, Origin.PROGRAM, "rag_indexer.py (process 7)"),
        (Caller(11434, 5, "firefox", "/usr/lib/firefox/firefox"), Origin.BROWSER, "firefox (process 5)"),
        (Caller(11434, 5, "msedge.exe"), Origin.BROWSER, "msedge.exe (process 5)"),
        (Caller(11434, user="ada"), Origin.OTHER_USER, "a program of the user ada"),
        (Caller(11434), Origin.OTHER_USER, "a program of the user —"),
        (Caller(11434, 5, "docker-proxy"), Origin.CONTAINER, "a container, behind docker-proxy"),
        (
            Caller(11434, address="172.17.0.2", interface="docker0"),
            Origin.CONTAINER,
            "a container at 172.17.0.2",
        ),
        (Caller(11434, address="192.168.1.7", interface="eth0"), Origin.NETWORK, "the machine 192.168.1.7"),
        (Caller(11434, address="fe80::7"), Origin.NETWORK, "the machine fe80::7"),
    ],
)
def test_what_is_behind_a_connection(caller: Caller, origin: Origin, told: str) -> None:
    assert origin_of(caller) is origin
    (one,) = seen((caller,))
    assert (one.origin, render(of_program(one))) == (origin, told)


def test_what_was_seen_long_ago_goes_past_no_more() -> None:
    records = seen((RAG,), (CURL,), every_s=RECENT_S)
    assert [one.name for one in still_going_past(records, (), RECENT_S + 1)] == ["curl"]
    assert still_going_past(None, (), 0.0) == ()


@pytest.mark.parametrize(("first_seen", "number"), [(5.0, 0), (-5.0, 1)])
def test_a_program_that_was_given_the_panels_address_goes_past_no_more(first_seen: float, number: int) -> None:
    """One that has always used both addresses still does."""
    records = seen((RAG,))
    process = Process(8, "rag_indexer.py", "/usr/bin/python3")
    client = ClientRecord("rag_indexer.py", ClientId("rag_indexer.py (pid 8)"), process, first_seen=first_seen)
    assert len(still_going_past(records, (client,), 10.0)) == number


def test_the_notice_names_few_programs_and_counts_the_others() -> None:
    one, *_ = seen((RAG,))
    told = of_bypassing((one,), "http://127.0.0.1:11435")
    assert told is not None
    assert render(told) == (
        "Requests of rag_indexer.py (process 7) go to Ollama at http://127.0.0.1:11434 past the panel: they wait for "
        "nobody, and the queue cannot protect the others from them."
    )
    assert [render(way) for way in told.ways] == ["Give them the address of the panel: http://127.0.0.1:11435."]
    many = of_bypassing(seen(tuple(of(RAG, user=f"u{number}", pid=number + 1) for number in range(5))), "")
    assert many is not None
    assert "rag_indexer.py (process 1), rag_indexer.py (process 2) and 3 more go" in render(many)
    assert many.ways == ()
    assert of_bypassing((), "http://127.0.0.1:11435") is None


def test_what_only_a_log_tells_of_is_said_so() -> None:
    assert "log" in render(of_program(BypassRecord(Origin.LOG, OLLAMA.url)))


def test_a_log_counts_the_requests_of_the_only_program_that_was_seen() -> None:
    found = Bypasses()
    found.looked((RAG, CURL), SERVERS, 0.0)
    for second in (0.0, 10.0):
        found.logged(OLLAMA, 20, second)
    assert {one.name: one.requests for one in found.records()} == {"rag_indexer.py": 40, "curl": None}
    found.looked((RAG, of(RAG, user="ada")), SERVERS, 20.0)
    assert {one.requests for one in found.records()} == {None}, "nobody can tell whose they are"


def test_requests_too_short_to_be_seen_are_told_by_the_log_alone() -> None:
    found = Bypasses()
    found.logged(OLLAMA, 0, 0.0)
    assert found.records() == ()
    found.logged(OLLAMA, 3, 10.0)
    found.logged(OLLAMA, 0, 20.0)
    (one,) = found.records()
    assert (one.origin, one.url, one.requests, one.first_seen, one.last_seen) == (Origin.LOG, OLLAMA.url, 3, 10.0, 10.0)
    found.logged(OLLAMA, 0, 11.0 + SPAN_S)
    assert found.records() == ()
