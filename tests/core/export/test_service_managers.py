"""Commands for both managers of services, as a shell reads them."""

import shlex

from ollama_panel.core.export import service_managers
from ollama_panel.core.export.deployment import ExportFile, Site, Syntax
from ollama_panel.core.export.service_managers import SYSTEM, USER

FILES = [
    ExportFile("a b.service", "", Syntax.INI, "~/.config/systemd/user/a b.service"),
    ExportFile("x.d/c.conf", "", Syntax.INI, "~/.config/systemd/user/it's.d/c.conf"),
]


def test_the_site_says_which_manager_it_is() -> None:
    assert service_managers.of(Site()) == SYSTEM
    assert service_managers.of(Site(of_user=True)) == USER


def test_files_are_put_into_the_folders_of_their_places() -> None:
    first, second = service_managers.install(USER, FILES).splitlines()
    assert shlex.split(first)[-3:] == ["-t", "~/.config/systemd/user", "a b.service"]
    assert shlex.split(second)[-3:] == ["-t", "~/.config/systemd/user/it's.d", "x.d/c.conf"]
    assert second.startswith("install -D -m 644 -t ~/"), "a quoted ~ is no home"
    assert service_managers.install(SYSTEM, FILES).startswith("sudo install")


def test_commands_name_units_as_one_word_each() -> None:
    command = service_managers.on_units(SYSTEM, "restart", [r"a\x2db.service", "c@1.service"])
    assert shlex.split(command) == ["sudo", "systemctl", "restart", r"a\x2db.service", "c@1.service"]


def test_only_the_services_of_a_user_have_to_linger() -> None:
    assert service_managers.linger(SYSTEM) == ()
    assert [step.command for step in service_managers.linger(USER)] == ["loginctl enable-linger"]


def test_the_proof_is_one_line_of_the_log_for_each_server() -> None:
    step = service_managers.proof(USER, ["a.service", "b.service"])
    assert shlex.split(step.command)[:5] == ["journalctl", "--user-unit", "a.service", "--user-unit", "b.service"]
    assert "--lines 2 " in step.command
