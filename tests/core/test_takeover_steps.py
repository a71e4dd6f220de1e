"""The steps that move a server, by whoever has started it: the exact commands, forth and back."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.stores import Found
from ollama_panel.core.takeover import StepBy, StepKind, TakeoverStep
from ollama_panel.core.takeover_steps import Move, Place, Steps, UnitFacts, steps_of, without_sudo

ADDRESS, MOVED = "127.0.0.1:11434", "127.0.0.1:11436"
SERVICE = FoundServer("812", 812, 1.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service"), user="ollama")
HERE = Place(units="/home/me/.config/systemd/user")
ROOT = Place(units="/srv/root/systemd/user", root=True)
MAC = Place("darwin")


def found(kind: OwnerKind | None, name: str = "", *, unit: str = "", ours: bool = False, **more: object) -> FoundServer:
    owner = Owner(kind, name, unit, user_unit=kind is OwnerKind.USER_UNIT)
    server = FoundServer("812", 812, 1.0, owner, user="alice", ours=ours, program="/usr/local/bin/ollama")
    return msgspec.structs.replace(server, arguments=("ollama", "serve"), **more)


def steps(server: FoundServer, place: Place = HERE, now: FoundServer | None = None) -> Steps:
    return steps_of(Move(server, ADDRESS, MOVED, place, now))


def commands(made: tuple[TakeoverStep, ...]) -> list[str]:
    return [command for step in made for command in step.commands]


def kinds(made: tuple[TakeoverStep, ...]) -> list[StepKind]:
    return [step.kind for step in made]


def test_a_service_gets_a_drop_in_whose_name_comes_last() -> None:
    made = steps(SERVICE)
    assert commands(made.forth) == [
        "sudo mkdir -p /etc/systemd/system/ollama.service.d",
        "printf '%s\\n' '# ollama-panel take-over' '[Service]' 'Environment=\"OLLAMA_HOST=127.0.0.1:11436\"' | "
        "sudo tee /etc/systemd/system/ollama.service.d/zz-ollama-panel.conf > /dev/null",
        "sudo systemctl daemon-reload",
        "sudo systemctl restart ollama.service",
    ]
    assert commands(made.back) == [
        "sudo rm -f /etc/systemd/system/ollama.service.d/zz-ollama-panel.conf",
        "sudo rmdir --ignore-fail-on-non-empty /etc/systemd/system/ollama.service.d",
        "sudo systemctl daemon-reload",
        "sudo systemctl restart ollama.service",
    ]
    assert kinds(made.forth) == kinds(made.back) == [StepKind.CONFIGURE, StepKind.RELOAD, StepKind.RESTART]
    assert {step.by for step in (*made.forth, *made.back)} == {StepBy.ROOT}
    write, remove = made.forth[0], made.back[0]
    assert write.content == '# ollama-panel take-over\n[Service]\nEnvironment="OLLAMA_HOST=127.0.0.1:11436"\n'
    assert (write.file, write.gone, remove.gone) == (remove.file, False, True)
    reload = made.forth[1]
    assert (reload.check, reload.expects) == (
        "systemctl show ollama.service --property=Environment",
        "OLLAMA_HOST=127.0.0.1:11436",
    )


def test_where_files_with_variables_count_more_than_the_drop_in_it_names_one_that_counts_most() -> None:
    made = steps(SERVICE, msgspec.structs.replace(HERE, unit=UnitFacts(files=True)))
    variables, drop_in = made.forth[:2]
    assert variables.file == "/etc/systemd/system/ollama.service.d/zz-ollama-panel.env"
    assert variables.content == "OLLAMA_HOST=127.0.0.1:11436\n"
    assert drop_in.content.splitlines()[1:] == [
        "[Service]",
        'Environment="OLLAMA_HOST=127.0.0.1:11436"',
        f"EnvironmentFile={variables.file}",
    ]
    assert [step.file for step in made.back[:2]] == [drop_in.file, variables.file], "systemd needs what is named"
    assert kinds(made.forth[2:]) == kinds(made.back[2:]) == [StepKind.RELOAD, StepKind.RESTART]


def test_a_unit_whose_command_sets_the_address_is_edited_by_somebody_and_gets_it_back() -> None:
    made = steps(SERVICE, msgspec.structs.replace(HERE, unit=UnitFacts(host_in_start="0.0.0.0:11434")))
    edit, restart = made.forth
    assert (edit.by, edit.commands) == (StepBy.USER, ("sudo systemctl edit --full ollama.service",))
    assert (edit.check, edit.expects) == (
        "systemctl show ollama.service --property=ExecStart",
        "OLLAMA_HOST=127.0.0.1:11436",
    )
    assert (made.back[0].expects, restart.by) == ("OLLAMA_HOST=0.0.0.0:11434", StepBy.ROOT)


def test_an_administrator_and_the_owner_of_a_unit_need_no_sudo() -> None:
    as_root = steps(SERVICE, ROOT)
    assert {step.by for step in as_root.forth} == {StepBy.PANEL}
    assert not any("sudo" in command for command in commands((*as_root.forth, *as_root.back)))
    mine = steps(found(OwnerKind.USER_UNIT, "llm.service", unit="llm.service", ours=True))
    assert {step.by for step in mine.forth} == {StepBy.PANEL}
    assert mine.forth[0].file == "/home/me/.config/systemd/user/llm.service.d/zz-ollama-panel.conf"
    assert commands(mine.forth)[-2:] == ["systemctl --user daemon-reload", "systemctl --user restart llm.service"]


def test_what_sudo_does_an_administrator_does_without() -> None:
    assert [without_sudo(one) for one in commands(steps(SERVICE).forth)] == commands(steps(SERVICE, ROOT).forth)
    assert [without_sudo(one) for one in commands(steps(SERVICE).back)] == commands(steps(SERVICE, ROOT).back)


def test_a_snap_is_told_by_its_own_command_and_gets_what_it_had() -> None:
    plain = found(OwnerKind.SNAP, "ollama", unit="snap.ollama.listener.service")
    assert commands(steps(plain).forth) == [
        "sudo snap set ollama host=127.0.0.1:11436",
        "sudo snap restart ollama",
    ]
    assert commands(steps(plain).back) == ["sudo snap unset ollama host", "sudo snap restart ollama"]
    before = {"OLLAMA_HOST": "0.0.0.0:11434"}
    open_to_all = msgspec.structs.replace(plain, variables=before, variables_from=Found.ENVIRONMENT)
    assert commands(steps(open_to_all).back)[0] == "sudo snap set ollama host=0.0.0.0:11434"
    of_log = msgspec.structs.replace(plain, variables=before, variables_from=Found.LOG)
    assert commands(steps(of_log).back)[0] == "sudo snap unset ollama host", "a log has the defaults, too"


def test_a_job_of_launchd_has_its_address_in_its_property_list() -> None:
    made = steps(found(OwnerKind.HOMEBREW, "homebrew.mxcl.ollama", ours=True), MAC)
    file = "~/Library/LaunchAgents/homebrew.mxcl.ollama.plist"
    assert commands(made.forth) == [
        "launchctl bootout gui/$(id -u)/homebrew.mxcl.ollama",
        f"/usr/libexec/PlistBuddy -c 'Add :EnvironmentVariables:OLLAMA_HOST string 127.0.0.1:11436' {file}",
        f"launchctl bootstrap gui/$(id -u) {file}",
    ]
    assert commands(made.back) == [
        "launchctl bootout gui/$(id -u)/homebrew.mxcl.ollama",
        f"/usr/libexec/PlistBuddy -c 'Delete :EnvironmentVariables:OLLAMA_HOST' {file}",
        f"launchctl bootstrap gui/$(id -u) {file}",
    ]
    assert {step.by for step in made.forth} == {StepBy.PANEL}


def test_a_job_of_the_system_needs_an_administrator_and_gets_its_own_address_back() -> None:
    server = found(
        *(OwnerKind.LAUNCHD, "org.llm"),
        variables={"OLLAMA_HOST": "127.0.0.1"},
        variables_from=Found.ENVIRONMENT,
    )
    made = steps(server, MAC)
    file = "/Library/LaunchDaemons/org.llm.plist"
    assert commands(made.forth)[1:] == [
        f"sudo /usr/libexec/PlistBuddy -c 'Set :EnvironmentVariables:OLLAMA_HOST 127.0.0.1:11436' {file}",
        f"sudo launchctl bootstrap system {file}",
    ]
    assert commands(made.back)[1].endswith(f"'Set :EnvironmentVariables:OLLAMA_HOST 127.0.0.1' {file}")
    assert {step.by for step in made.forth} == {StepBy.ROOT}


def test_the_app_is_started_with_the_address_which_nothing_else_inherits() -> None:
    made = steps(found(OwnerKind.DESKTOP_APP, "Ollama", ours=True), MAC)
    assert commands(made.forth) == [
        "osascript -e 'quit app \"Ollama\"'",
        "launchctl setenv OLLAMA_HOST 127.0.0.1:11436",
        "open -a Ollama",
        "launchctl unsetenv OLLAMA_HOST",
    ]
    assert commands(made.back) == [
        "osascript -e 'quit app \"Ollama\"'",
        "launchctl unsetenv OLLAMA_HOST",
        "open -a Ollama",
    ]
    on_windows = steps(found(OwnerKind.DESKTOP_APP, "ollama app.exe", ours=True), Place("win32"))
    assert {step.by for step in on_windows.forth} == {StepBy.USER}
    assert commands(on_windows.forth)[1].startswith('set OLLAMA_HOST=127.0.0.1:11436&& start ""')


def test_the_panel_moves_what_its_own_user_has_started_by_hand() -> None:
    mine = found(OwnerKind.BY_HAND, "bash", ours=True)
    made = steps(mine, now=msgspec.structs.replace(mine, pid=900))
    assert commands(made.forth) == ["kill 812", "OLLAMA_HOST=127.0.0.1:11436 /usr/local/bin/ollama serve"]
    assert commands(made.back) == ["kill 900", "/usr/local/bin/ollama serve"]
    assert {step.by for step in (*made.forth, *made.back)} == {StepBy.PANEL}
    unknown = steps(mine, Place(repeatable=False))
    assert {step.by for step in unknown.forth} == {StepBy.USER}
    assert commands(unknown.forth) == ["kill 812", "OLLAMA_HOST=127.0.0.1:11436 /usr/local/bin/ollama serve"]


def test_the_process_of_another_user_is_for_the_user_to_move_with_its_variables() -> None:
    theirs = found(
        *(OwnerKind.BY_HAND, "bash"),
        variables={"HOME": "/home/alice", "OLLAMA_MODELS": "/srv/my models", "OLLAMA_DEBUG": ""},
        variables_from=Found.ENVIRONMENT,
    )
    made = steps(theirs)
    assert {step.by for step in (*made.forth, *made.back)} == {StepBy.USER}
    assert commands(made.forth) == [
        "sudo kill 812",
        "sudo -b -H -u alice env OLLAMA_MODELS='/srv/my models' OLLAMA_HOST=127.0.0.1:11436 "
        "/usr/local/bin/ollama serve",
    ]
    assert commands(steps(theirs, ROOT).forth) == [
        "kill 812",
        "runuser -u alice -- env OLLAMA_MODELS='/srv/my models' OLLAMA_HOST=127.0.0.1:11436 "
        "/usr/local/bin/ollama serve &",
    ]
    untold = msgspec.structs.replace(theirs, variables=None, variables_from=Found.UNKNOWN)
    assert commands(steps(untold).back) == ["sudo -b -H -u alice /usr/local/bin/ollama serve"], "its process is unknown"
    moved = steps(untold, now=msgspec.structs.replace(untold, pid=900))
    assert commands(moved.back)[0] == "sudo kill 900"


@pytest.mark.parametrize("kind", [OwnerKind.DOCKER, OwnerKind.PODMAN, OwnerKind.CONTAINER])
def test_a_container_is_for_the_user_to_publish_elsewhere(kind: OwnerKind) -> None:
    made = steps(found(kind, "llm", unit="llm.service"))
    (forth,), (back,) = made.forth, made.back
    assert (forth.kind, forth.by, forth.told.values["mapping"]) == (
        StepKind.PUBLISH,
        StepBy.USER,
        "127.0.0.1:11436:11434",
    )
    assert back.told.values["mapping"] == "127.0.0.1:11434:11434"


@pytest.mark.parametrize("kind", [None, OwnerKind.SERVICE])
def test_what_nothing_is_known_of_is_started_anew_where_it_was_started(kind: OwnerKind | None) -> None:
    (forth,) = steps(found(kind)).forth
    assert (forth.by, forth.commands, forth.told.values) == (StepBy.USER, (), {"host": MOVED})


def test_a_worker_of_a_panel_is_not_moved() -> None:
    with pytest.raises(PanelError, match="belongs to another panel"):
        steps(found(OwnerKind.OTHER_PANEL))
