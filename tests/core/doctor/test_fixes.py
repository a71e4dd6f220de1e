"""How findings about sources are mended."""

from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.doctor.facts import Facts, MachineFacts, UnitFacts
from ollama_panel.core.doctor.fixes import combined, edit, restart, service_of, unit_in
from ollama_panel.core.findings import RunCommands
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.sources.record import Reading, ServerConfig, Source, SourceKind, TextFile

DROP_IN = "/etc/systemd/system/ollama.service.d/override.conf"
PROJECT = "services: {ollama: {image: ollama/ollama, container_name: my-ollama}}\n"
BASE = "a=1\nb=2\n[Service]\nc=3\n"
LINES = st.lists(st.sampled_from(["a=1\n", "b=2\n", "[Service]\n", "c=3\n", "\n"]), max_size=8).map("".join)


def test_edits_of_several_lines_come_together() -> None:
    assert combined(BASE, ["b=2\n[Service]\nc=3\na=1\n", "a=1\n[Service]\nc=3\nb=2\n"]) == "[Service]\nc=3\na=1\nb=2\n"


def test_the_same_edit_is_made_once() -> None:
    once = "a=1\nb=2\n[Service]\nc=4\n"
    assert combined(BASE, [once, once]) == once


def test_of_two_edits_of_one_line_the_first_counts() -> None:
    assert combined("a=1\n", ["a=2\n", "a=3\n"]) == "a=2\n"


@given(LINES, LINES)
def test_one_mended_text_comes_out_as_it_is(base: str, mended: str) -> None:
    assert combined(base, [mended]) == mended
    assert combined(base, [mended, base, mended]) == mended


def drop_in(text: str, **more: str) -> Reading:
    files = (TextFile(DROP_IN, text), *(TextFile(path, other) for path, other in more.items()))
    source = Source(SourceKind.SYSTEMD, files, "Linux", "ollama.service")
    return Reading(SourceKind.SYSTEMD, DROP_IN, (ServerConfig("ollama.service"),), source=source)


def test_an_edit_names_the_unit_that_restarts() -> None:
    fix = edit(Facts(units=(UnitFacts("ollama.service", user_unit=True),)), drop_in("x\n"), DROP_IN, ["y\n"])
    assert fix is not None
    assert (fix.files, fix.target, fix.unit) == (((DROP_IN, "x\n", "y\n"),), "systemd", "ollama.service")
    assert fix.user_unit


def test_a_file_that_was_not_read_to_the_byte_is_not_written() -> None:
    for text in ("# f\ufffdr mich\nx\n", "a\0\nx\n"):
        assert edit(Facts(), drop_in(text), DROP_IN, [text.replace("x", "y")]) is None


def test_a_project_of_compose_is_named_by_its_own_file() -> None:
    files = (TextFile("/srv/compose.yaml", PROJECT), TextFile("/srv/.env", "A = 1\n"))
    source = Source(SourceKind.COMPOSE, files, "Linux")
    reading = Reading(
        SourceKind.COMPOSE, "/srv/compose.yaml", (ServerConfig("my-ollama", ports=("127.0.0.1:11500",)),), source=source
    )
    fix = edit(Facts(), reading, "/srv/.env", ["A=1\n"])
    assert fix is not None
    assert fix.files == (
        ("/srv/compose.yaml", PROJECT, PROJECT),
        ("/srv/.env", "A = 1\n", "A=1\n"),
    )
    assert (fix.target, fix.unit, fix.port) == ("compose", "ollama", 11500)


def test_the_service_of_a_container() -> None:
    assert service_of(PROJECT, "my-ollama") == "ollama"
    assert service_of(PROJECT, "ollama") == "ollama"
    assert service_of(PROJECT, "other") == ""
    for text in ("[", "a: b", "services: [x]", "services: {ollama: }"):
        assert service_of(text, "my-ollama") == ""


def test_a_file_that_homebrew_writes_anew_is_not_edited() -> None:
    path = "/Users/anna/Library/LaunchAgents/homebrew.mxcl.ollama.plist"
    source = Source(SourceKind.LAUNCH_AGENT, (TextFile(path, "x"),), "Darwin")
    reading = Reading(SourceKind.LAUNCH_AGENT, path, (ServerConfig("", command=("ollama", "serve")),), source=source)
    assert edit(Facts(), reading, path, ["y"]) is None


def test_what_is_not_known_as_it_is_is_not_changed() -> None:
    assert edit(Facts(), drop_in("x\n"), "/etc/default/ollama", ["y\n"]) is None
    assert edit(Facts(), Reading(SourceKind.SYSTEMD, DROP_IN), DROP_IN, ["y\n"]) is None
    assert edit(Facts(), drop_in("x\n"), DROP_IN, ["x\n"]) is None


def test_the_unit_of_a_path() -> None:
    assert unit_in(DROP_IN) == "ollama.service"
    assert unit_in("/etc/systemd/system/ollama.service") == "ollama.service"
    assert unit_in("/etc/default/ollama") == ""


def server(kind: OwnerKind, name: str = "", unit: str = "") -> FoundServer:
    return FoundServer("x", 7, 0.0, Owner(kind, name, unit), ours=True)


def test_a_service_is_restarted_by_its_manager() -> None:
    facts = Facts(units=(UnitFacts("ollama.service", stale=True),))
    one = server(OwnerKind.SYSTEM_UNIT, "ollama.service")
    again = "sudo systemctl restart ollama.service"
    assert restart(facts, one) == RunCommands(("sudo systemctl daemon-reload", again))
    assert restart(Facts(), one) == RunCommands((again,))
    assert restart(Facts(), one, reread=True) == RunCommands(("sudo systemctl daemon-reload", again))
    assert restart(Facts(), server(OwnerKind.USER_UNIT, "a.service")) == RunCommands(
        ("systemctl --user restart a.service",)
    )


def test_an_app_is_quit_and_opened() -> None:
    mac, windows = Facts(machine=MachineFacts("Darwin")), Facts(machine=MachineFacts("Windows"))
    app = server(OwnerKind.DESKTOP_APP)
    assert restart(mac, app) == RunCommands(("osascript -e 'quit app \"Ollama\"'", "open -a Ollama"))
    assert (found := restart(windows, app)) is not None
    assert found.by_hand


def test_a_server_of_the_panel_is_restarted_there() -> None:
    assert restart(Facts(), server(OwnerKind.PANEL)) is None
    assert restart(Facts(), server(OwnerKind.BY_HAND, "bash")) is None
