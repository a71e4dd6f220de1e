import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.managers.proxies import NGINX
from ollama_panel.core.applying.managers.systemd import Systemd
from ollama_panel.core.applying.plan import Change, Kept, all_whole, back, forth, kept_of, unattended
from ollama_panel.core.applying.record import Action, ActionKind
from tests.core.applying.samples import DROP_IN, ROOT, SECOND, SUDOER, USER, change, export_of, unit

KEPT = Kept(DROP_IN, f"{DROP_IN}.before-ollama-panel-1", root=True, whole=True)
RUNNING = Change((change(DROP_IN, "old\n"),), (unit(),), busy=frozenset({"ollama.service"}))


def kinds(actions: tuple[Action, ...]) -> list[str]:
    return [one.kind.value for one in actions]


def test_a_changed_file_is_kept_written_read_and_its_unit_restarts_when_nobody_is_at_work() -> None:
    actions = forth(Systemd(), ROOT, RUNNING, [KEPT], {DROP_IN: "/srv/new"}, {DROP_IN})
    assert kinds(actions) == ["backup", "write", "reload", "idle", "restart", "prove"]
    assert actions[0].commands == (f"cp -p {DROP_IN} {KEPT.backup}",)
    assert actions[1].commands == (
        f"cp -p {DROP_IN} {DROP_IN}.new-ollama-panel",
        f"cp /srv/new {DROP_IN}.new-ollama-panel",
        f"mv -f {DROP_IN}.new-ollama-panel {DROP_IN}",
    )
    assert [one.commands for one in actions[2:]] == [
        ("systemctl daemon-reload",),
        (),
        ("systemctl restart ollama.service",),
        (),
    ]
    assert not any(one.root for one in actions), "root needs nobody"


@pytest.mark.parametrize("facts", [SUDOER, USER])
def test_what_needs_an_administrator_is_typed_with_sudo(facts: HostFacts) -> None:
    actions = forth(Systemd(), facts, RUNNING, [KEPT], {DROP_IN: "/home/ann/new"}, {DROP_IN})
    commands = [command for one in actions for command in one.commands]
    assert all(command.startswith("sudo ") for command in commands)
    assert [one.root for one in actions] == [True, True, True, False, True, False]


def test_files_of_the_user_need_no_administrator() -> None:
    mine = "/home/ann/.config/systemd/user/ollama-chat-1.service"
    new = Change((change(mine, root=False),), (unit("ollama-chat-1.service", mine, own_address=False),))
    new = msgspec.structs.replace(new, new=frozenset({"ollama-chat-1.service"}))
    actions = forth(Systemd(of_user=True), USER, new, [Kept(mine)], {mine: "/home/ann/new"}, set())
    assert kinds(actions) == ["write", "reload", "restart", "prove"], "nobody is at work on what does not run"
    assert not any(one.root for one in actions)
    assert actions[0].commands[0] == "mkdir -p /home/ann/.config/systemd/user"
    assert actions[2].commands == (
        "systemctl --user enable ollama-chat-1.service",
        "systemctl --user restart ollama-chat-1.service",
    )


def test_what_has_a_copy_already_gets_no_second_one() -> None:
    actions = forth(Systemd(), ROOT, RUNNING, [KEPT], {DROP_IN: "/srv/new"}, set())
    assert kinds(actions)[0] == "write"


def test_files_that_are_there_but_not_in_force_need_a_restart_alone() -> None:
    same = Change((change(DROP_IN, "new\n"),), (unit(),), busy=frozenset({"ollama.service"}))
    assert kinds(forth(Systemd(), ROOT, same, [], {}, set())) == ["idle", "restart", "prove"]
    assert kinds(forth(Systemd(), ROOT, Change((), ()), [], {}, set())) == ["prove"]


def test_a_proxy_is_checked_before_it_reads_its_file_and_nobody_waits() -> None:
    path = "/etc/nginx/conf.d/ollama.conf"
    units = NGINX.units(export_of("nginx", path), [(path, "new")])
    proxy = Change((change(path),), units, busy=frozenset({"nginx"}))
    actions = forth(NGINX, SUDOER, proxy, [Kept(path, root=True)], {path: "/home/ann/new"}, set())
    assert kinds(actions) == ["write", "check", "reload", "prove"]
    assert (actions[1].commands, actions[1].root) == (("sudo nginx -t -q",), True)


def test_the_way_back_restores_copies_and_removes_what_was_not_there() -> None:
    both = Change(
        (), (unit(), unit("ollama-chat-2.service", SECOND, own_address=False)), frozenset({"ollama-chat-2.service"})
    )
    kept = [KEPT, Kept(SECOND, root=True)]
    actions = back(Systemd(), ROOT, both, kept, {KEPT.backup}, restarted=True, wait=True)
    assert kinds(actions) == ["idle", "restart", "restore", "reload", "restart", "prove"]
    assert actions[1].commands == ("systemctl disable --now ollama-chat-2.service",)
    assert actions[2].commands == (
        f"rm -f {DROP_IN}.new-ollama-panel",
        f"mv -f {KEPT.backup} {DROP_IN}",
        f"rm -f {SECOND}.new-ollama-panel",
        f"rm -f {SECOND}",
    )
    assert actions[4].commands == ("systemctl restart ollama.service",)


def test_the_way_back_before_anything_has_restarted_restarts_nothing() -> None:
    actions = back(Systemd(), ROOT, RUNNING, [KEPT], set(), restarted=False, wait=False)
    assert kinds(actions) == ["restore", "reload"]
    assert actions[0].commands == (f"rm -f {DROP_IN}.new-ollama-panel",), "what has no copy was not written"


def test_a_copy_that_may_be_half_of_one_never_replaces_what_is_there() -> None:
    half = msgspec.structs.replace(KEPT, whole=False)
    actions = back(Systemd(), ROOT, RUNNING, [half], {half.backup}, restarted=False, wait=False)
    assert actions[0].commands == (f"rm -f {DROP_IN}.new-ollama-panel", f"rm -f {half.backup}")


def test_the_folder_of_a_drop_in_goes_with_its_only_file() -> None:
    actions = back(Systemd(), ROOT, RUNNING, [Kept(DROP_IN)], set(), restarted=False, wait=False)
    assert actions[0].commands[-1] == "rmdir /etc/systemd/system/ollama.service.d 2>/dev/null || true"


def test_copies_have_the_day_in_their_names() -> None:
    kept = kept_of([change("/a", "new\n"), change("/b", "old\n"), change("/c")], "20261130-191205")
    assert [(one.path, one.backup) for one in kept] == [("/b", "/b.before-ollama-panel-20261130-191205"), ("/c", "")]


@pytest.mark.parametrize(
    ("typed", "run"), [("sudo cp a b", "sudo -n cp a b"), ("cp a sudo", "cp a sudo"), ("sudoedit a", "sudoedit a")]
)
def test_the_panel_never_waits_for_a_password(typed: str, run: str) -> None:
    assert unattended(typed) == run


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for sh")
def test_the_commands_write_and_restore_in_a_path_with_spaces_and_quotes(tmp_path: Path) -> None:
    place, staged = tmp_path / "it's a folder" / "a file", tmp_path / "new"
    place.parent.mkdir()
    place.write_text("old\n")
    place.chmod(0o640)
    staged.write_text("new\n")
    path = str(place)
    changed = Change((change(path, "old\n", root=False),), ())
    kept = kept_of(changed.files, "1")

    def run(actions: tuple[Action, ...]) -> None:
        for one in actions:
            if one.kind in (ActionKind.BACKUP, ActionKind.WRITE, ActionKind.RESTORE):
                subprocess.run(["sh", "-ec", "\n".join(one.commands)], check=True)

    run(forth(Systemd(), ROOT, changed, kept, {path: str(staged)}, {path}))
    assert (place.read_text(), place.stat().st_mode & 0o777) == ("new\n", 0o640)
    assert Path(kept[0].backup).read_text() == "old\n"
    run(back(Systemd(), ROOT, changed, all_whole(kept), {kept[0].backup}, restarted=False, wait=False))
    assert (place.read_text(), [one.name for one in place.parent.iterdir()]) == ("old\n", ["a file"])
