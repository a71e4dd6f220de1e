import os
import subprocess

import pytest

from ollama_panel.core.applying.evidence import evidence_of
from ollama_panel.core.applying.managers.systemd import Systemd
from tests.core.applying.samples import DROP_IN, SECOND, export_of, unit
from tests.fakes.stub_programs import run_with

PLACED = [(DROP_IN, ""), (SECOND, "")]
QUADLET = "/etc/containers/systemd/ollama-chat-1.container"


def test_a_drop_in_is_the_first_worker_and_a_unit_its_own() -> None:
    first, second = Systemd().units(export_of("systemd-units", DROP_IN, SECOND), PLACED)
    assert (first.name, first.own_address, first.paths) == ("ollama.service", True, (DROP_IN,))
    assert (second.name, second.own_address) == ("ollama-chat-2.service", False)
    assert first.worker is not None
    assert second.worker is not None
    assert (first.worker.id, second.worker.id) == ("chat-1", "chat-2")


def test_a_quadlet_becomes_a_unit() -> None:
    (one,) = Systemd(containers=True).units(export_of("quadlet"), [(QUADLET, "")])
    assert one.name == "ollama-chat-1.service"
    assert one.worker is not None


def test_files_that_are_no_units_run_nothing() -> None:
    assert Systemd().units(export_of("systemd-units"), [("/etc/ollama/chat-1.env", "")]) == ()


def test_each_manager_has_its_commands() -> None:
    own = unit("ollama-chat-1.service", SECOND, own_address=False)
    assert (Systemd().root, Systemd(of_user=True).root) == (True, False)
    assert Systemd(of_user=True).reload() == ("systemctl --user daemon-reload",)
    assert Systemd().restart(own, new=True)[0] == "systemctl enable ollama-chat-1.service"
    assert Systemd(containers=True).restart(own, new=True) == ("systemctl restart ollama-chat-1.service",)
    assert Systemd().stop(own, new=True) == ("systemctl disable --now ollama-chat-1.service",)
    assert Systemd().stop(own, new=False) == ("systemctl stop ollama-chat-1.service",)
    assert Systemd(containers=True).stop(own, new=True) == ("systemctl stop ollama-chat-1.service",)
    assert Systemd().check(PLACED) == ()


def test_a_unit_that_gets_a_drop_in_must_be_there() -> None:
    commands = [command for command, _ in Systemd().needed([unit(), unit("b.service", own_address=False)])]
    assert any("cat ollama.service" in command for command in commands)
    assert not any("b.service" in command for command in commands)
    assert any("podman" in command for command, _ in Systemd(containers=True).needed([]))


SYSTEMCTL = "printf 'LoadState=loaded\\nActiveState=active\\nSubState=running\\nNRestarts=0\\nMainPID=1\\n'"
PODMAN = """\
case "$*" in
ps*label=PODMAN_SYSTEMD_UNIT=ollama-chat-1.service*) echo 0123 ;;
inspect*) echo OLLAMA_NUM_PARALLEL=4 ;;
logs*) echo 'level=INFO msg="server config" env="map[OLLAMA_NUM_PARALLEL:4]"' ;;
esac
"""


@pytest.mark.parametrize("of_user", [True, False])
def test_podman_tells_of_a_container_what_its_unit_does_not(of_user: bool) -> None:
    manager = Systemd(of_user, containers=True)
    (one,) = manager.units(export_of("quadlet"), [(QUADLET, "")])
    sudo = 'shift; exec "$@"'
    found = evidence_of(run_with({"systemctl": SYSTEMCTL, "podman": PODMAN, "sudo": sudo}, manager.look(one)))
    assert (found.state, found.environment) == ("active", {"OLLAMA_NUM_PARALLEL": "4"})
    assert found.logged == {"OLLAMA_NUM_PARALLEL": "4"}


@pytest.mark.skipif(os.name != "posix", reason="the script is for sh")
@pytest.mark.parametrize("manager", [Systemd(), Systemd(of_user=True), Systemd(containers=True)])
def test_the_script_is_one_of_sh_and_tells_nothing_where_there_is_no_systemd(manager: Systemd) -> None:
    script = manager.look(unit("it's.service"))
    environment = {"PATH": "/nowhere"}
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert evidence_of(done.stdout).state == ""
