import msgspec

from ollama_panel.core.importing.found import place_of, servers_of
from ollama_panel.core.notices.render import render
from ollama_panel.core.sources.record import Assignment, Fate, Place, Reading, ServerConfig, SourceKind
from tests.core.importing.servers import container, unit

KEEP = {"OLLAMA_KEEP_ALIVE": "1h"}


def test_a_unit_and_the_shell_of_its_user_set_up_one_server_and_the_unit_wins() -> None:
    profile = unit({"OLLAMA_KEEP_ALIVE": "24h"}, "", path="~/.bashrc", kind=SourceKind.SHELL)
    found, ignored = servers_of([profile, unit(KEEP)])
    assert [(one.config.name, one.variables["OLLAMA_KEEP_ALIVE"].value) for one in found] == [("ollama.service", "1h")]
    assert [(one.name, one.place.path) for one in ignored] == [("OLLAMA_KEEP_ALIVE", "~/.bashrc")]
    assert "override.conf sets up the same server" in render(ignored[0].told)


def test_servers_at_other_ports_are_others() -> None:
    other = unit({"OLLAMA_HOST": "127.0.0.1:11436"}, "ollama-2.service", path="/etc/systemd/system/ollama-2.service")
    assert len(servers_of([unit(KEEP), other])[0]) == 2


def test_two_servers_of_one_source_are_two_even_without_an_address() -> None:
    names = "a.service", "b.service"
    both = Reading(SourceKind.SYSTEMD, "units", tuple(ServerConfig(name) for name in names))
    assert [one.config.name for one in servers_of([both])[0]] == list(names)


def test_what_surrounds_one_server_is_added_up_and_the_running_process_wins() -> None:
    process = unit(KEEP, "", path="process 12", kind=SourceKind.PROCESS)
    login = unit({"OLLAMA_KEEP_ALIVE": "5m", "OLLAMA_DEBUG": "1"}, "", path="launchctl", kind=SourceKind.LAUNCHCTL)
    found, ignored = servers_of([login, process])
    assert {name: one.value for name, one in found[0].variables.items()} == {
        "OLLAMA_KEEP_ALIVE": "1h",
        "OLLAMA_DEBUG": "1",
    }
    assert [one.name for one in ignored] == ["OLLAMA_KEEP_ALIVE"]


def test_ollamas_own_file_counts_for_a_service_too() -> None:
    own = unit({"OLLAMA_NO_CLOUD": "1"}, "", path="~/.ollama/server.json", kind=SourceKind.OLLAMA_FILE)
    found, ignored = servers_of([own, unit(KEEP)])
    assert (list(found[0].variables), ignored) == (["OLLAMA_NO_CLOUD", "OLLAMA_KEEP_ALIVE"], ())


def test_a_container_is_reached_at_its_port_of_the_machine() -> None:
    found, _ = servers_of([container({"OLLAMA_HOST": "0.0.0.0"}, "127.0.0.1:11500"), unit({})])
    assert [one.is_container for one in found] == [True, False]
    assert len(servers_of([container({}, "11434"), unit({})])[0]) == 1, "only one of them can listen there"
    assert len(servers_of([container({}), container({})])[0]) == 2, "it is not known where they are"


def test_what_reaches_no_server_says_why() -> None:
    places = Place("a.env", 1), Place("a.env", 2)
    overruled = Assignment("OLLAMA_DEBUG", "1", places[0], Fate.OVERRULED)
    config = ServerConfig("ollama", assignments=(overruled, msgspec.structs.replace(overruled, fate=Fate.IGNORED)))
    client = Assignment("OLLAMA_MODEL", "x", places[1], Fate.CLIENT)
    reading = Reading(SourceKind.ENVIRONMENT_FILE, "a.env", (config,), (client,))
    found, ignored = servers_of([reading])
    assert [render(one.told) for one in ignored] == [
        "Only a client reads it, not the server.",
        "Another line sets it to another value, which wins.",
        "It reaches no server.",
    ]
    assert place_of(found[0]) == Place("a.env")
