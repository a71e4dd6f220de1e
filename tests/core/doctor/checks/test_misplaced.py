"""What is set where no server looks."""

from ollama_panel.core.doctor.checks.misplaced import CHECKS
from ollama_panel.core.doctor.facts import Facts, MachineFacts, UnitFacts
from ollama_panel.core.findings import EditFiles, Finding, RunCommands
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.sources.record import Assignment, Place, Reading, ServerConfig, SourceKind

PROFILE = "/home/anna/.bashrc"
SERVICE = Owner(OwnerKind.SYSTEM_UNIT, "ollama.service")


def exports(name: str, value: str) -> Reading:
    one = Assignment(name, value, Place(PROFILE, 120, f"export {name}={value}"))
    return Reading(SourceKind.SHELL, PROFILE, (ServerConfig("", (one,)),))


def facts(source: Reading, owner: Owner = SERVICE, system: str = "Linux", **variables: str) -> Facts:
    server = FoundServer("x", 1412, 0.0, owner, ours=True, version="0.32.15", variables=variables)
    machine = MachineFacts(system, home="/home/anna")
    return Facts(machine=machine, servers=(server,), sources=(source,))


def found(known: Facts) -> list[Finding]:
    return [one for check in CHECKS if check.blind(known) is None for one in check.look(known)]


def test_an_export_that_the_service_never_sees_gets_a_drop_in() -> None:
    (one,) = found(facts(exports("OLLAMA_NUM_PARALLEL", "4")))
    assert one.id == f"settings.client-side:{PROFILE}"
    assert isinstance(one.fix, EditFiles)
    (file,) = one.fix.files
    assert file == (
        "/etc/systemd/system/ollama.service.d/zy-ollama-panel-doctor.conf",
        "",
        '[Service]\nEnvironment="OLLAMA_NUM_PARALLEL=4"\n',
    )
    assert (one.fix.target, one.fix.unit, one.fix.wanted) == ("systemd", "ollama.service", {"OLLAMA_NUM_PARALLEL": "4"})


def test_on_a_mac_the_session_gets_it_and_the_app_is_opened_anew() -> None:
    (one,) = found(facts(exports("OLLAMA_NUM_PARALLEL", "4"), Owner(OwnerKind.DESKTOP_APP), "Darwin"))
    assert isinstance(one.fix, RunCommands)
    assert one.fix.commands[0] == 'launchctl setenv OLLAMA_NUM_PARALLEL "4"'
    assert one.fix.undo[0] == "launchctl unsetenv OLLAMA_NUM_PARALLEL"


def test_what_the_server_has_or_only_clients_read_is_silent() -> None:
    assert found(facts(exports("OLLAMA_NUM_PARALLEL", "4"), OLLAMA_NUM_PARALLEL="4")) == []
    assert found(facts(exports("OLLAMA_HOST", "10.0.0.5"))) == []
    assert found(facts(exports("OLLAMA_NOHISTORY", "1"))) == []


def test_a_server_that_was_started_from_a_shell_may_have_read_it() -> None:
    assert found(facts(exports("OLLAMA_NUM_PARALLEL", "4"), Owner(OwnerKind.BY_HAND, "bash"))) == []


def test_files_of_the_session_are_for_services_of_the_user_alone() -> None:
    one = Assignment("OLLAMA_NUM_PARALLEL", "4", Place("/etc/environment", 3, "OLLAMA_NUM_PARALLEL=4"))
    system = Reading(SourceKind.ENVIRONMENT_FILE, "/etc/environment", (), (one,))
    own = Reading(SourceKind.ENVIRONMENT_FILE, "/home/anna/.config/environment.d/ollama.conf", (), (one,))
    other = Reading(SourceKind.ENVIRONMENT_FILE, "/srv/chat/.env", (), (one,))
    of_user = Owner(OwnerKind.USER_UNIT, "ollama.service")
    told = [bool(found(facts(source, owner))) for source in (system, own, other) for owner in (SERVICE, of_user)]
    assert told == [True, True, True, False, False, False]


def test_a_value_that_a_unit_would_change_is_left_to_people() -> None:
    (one,) = found(facts(exports("OLLAMA_MODELS", "/srv/100%")))
    assert one.fix is None


def drop_in(folder: str) -> Reading:
    path = f"/etc/systemd/system/{folder}/override.conf"
    one = Assignment("OLLAMA_NUM_PARALLEL", "4", Place(path, 2, 'Environment="OLLAMA_NUM_PARALLEL=4"'))
    return Reading(SourceKind.SYSTEMD, path, (ServerConfig(folder.removesuffix(".d"), (one,)),))


def test_a_drop_in_of_a_unit_that_does_not_exist_is_moved() -> None:
    (one,) = found(facts(drop_in("ollama-serve.service.d")))
    assert isinstance(one.fix, RunCommands)
    old = "/etc/systemd/system/ollama-serve.service.d/override.conf"
    new = "/etc/systemd/system/ollama.service.d/override.conf"
    assert f"sudo mv -n {old} {new}" in one.fix.commands
    assert one.fix.undo[0] == f"sudo mv -n {new} {old}"


def test_a_drop_in_of_a_unit_that_exists_is_that_units() -> None:
    known = facts(drop_in("ollama-gpu1.service.d"))
    unit = UnitFacts("ollama-gpu1.service", files=("/etc/systemd/system/ollama-gpu1.service",))
    assert found(Facts(servers=known.servers, sources=known.sources, units=(unit,))) == []
    assert found(facts(drop_in("ollama.service.d"), OLLAMA_NUM_PARALLEL="4")) == []
