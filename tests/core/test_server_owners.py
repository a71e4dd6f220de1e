"""Who has started a server, from control groups, parents and environments as each system writes them."""

import msgspec
import pytest

from ollama_panel.core.server_owners import (
    Ancestor,
    Panel,
    ProcessFacts,
    container_of,
    is_server,
    log_of,
    may_be_server,
    owner_of,
    unit_of,
    without_wrappers,
)
from ollama_panel.core.servers import LogKind, LogSource, Owner, OwnerKind

ID = "4f1d0c2b" * 8
SYSTEMD = (Ancestor(1, "systemd", ("/sbin/init",)),)
USER_MANAGER = (Ancestor(1400, "systemd", ("/usr/lib/systemd/systemd", "--user")), *SYSTEMD)
TERMINAL = (
    Ancestor(5003, "bash", ("bash",)),
    Ancestor(5002, "gnome-terminal-", ("/usr/libexec/gnome-terminal-server",)),
    *USER_MANAGER,
)
SHIM = (Ancestor(900, "containerd-shim", ("/usr/bin/containerd-shim-runc-v2",)), *SYSTEMD)
USER = "/user.slice/user-1000.slice/user@1000.service"
V1 = (
    "12:pids:{0}\n11:memory:{0}\n10:cpuset:/\n9:blkio:{0}\n8:freezer:/\n7:net_cls,net_prio:/\n6:perf_event:/\n"
    "5:rdma:/\n4:cpu,cpuacct:{0}\n3:devices:{0}\n2:hugetlb:/\n1:name=systemd:{0}\n0::{0}\n"
)


def linux(cgroup: str | None, ancestors: tuple[Ancestor, ...] | None, **more: object) -> ProcessFacts:
    """Return a process; `cgroup` is the path of version 2, or a whole text."""
    text = cgroup if cgroup is None or "\n" in cgroup else f"0::{cgroup}\n"
    facts = {"pid": 5004, "program": "/usr/local/bin/ollama", "arguments": ("/usr/local/bin/ollama", "serve"), **more}
    return ProcessFacts(cgroup=text, ancestors=ancestors, **facts)  # type: ignore[arg-type] # each test gives fields of the record


def owner(facts: ProcessFacts, cgroup: str = "") -> tuple[OwnerKind | None, str]:
    found = owner_of(facts, Panel("mine", cgroup=cgroup))
    return found.kind, found.name


@pytest.mark.parametrize(
    ("cgroup", "ancestors", "kind", "name"),
    [
        # Debian 12, Ubuntu 22.04, Fedora, Arch: version 2; Ubuntu 20.04, Debian 10, RHEL 8: both versions
        ("/system.slice/ollama.service", SYSTEMD, OwnerKind.SYSTEM_UNIT, "ollama.service"),
        (V1.format("/system.slice/ollama.service"), SYSTEMD, OwnerKind.SYSTEM_UNIT, "ollama.service"),
        ("/system.slice/system-llm.slice/llm@gpu0.service", SYSTEMD, OwnerKind.SYSTEM_UNIT, "llm@gpu0.service"),
        ("/ai.slice/Lokale KI.service", SYSTEMD, OwnerKind.SYSTEM_UNIT, "Lokale KI.service"),
        (f"{USER}/app.slice/ollama.service", USER_MANAGER, OwnerKind.USER_UNIT, "ollama.service"),
        (f"{USER}/ollama.service", USER_MANAGER, OwnerKind.USER_UNIT, "ollama.service"),  # systemd before 247
        (V1.format(f"{USER}/my-llm.service"), USER_MANAGER, OwnerKind.USER_UNIT, "my-llm.service"),
        (f"{USER}/app.slice/run-u7.service", USER_MANAGER, OwnerKind.USER_UNIT, "run-u7.service"),  # systemd-run
        (
            f"{USER}/app.slice/app-ollama@autostart.service",
            USER_MANAGER,
            OwnerKind.USER_UNIT,
            "app-ollama@autostart.service",
        ),
        (f"{USER}/app.slice/homebrew.ollama.service", USER_MANAGER, OwnerKind.HOMEBREW, "homebrew.ollama"),
        # containers
        (f"/system.slice/docker-{ID}.scope", SHIM, OwnerKind.DOCKER, ID[:12]),
        (V1.format(f"/docker/{ID}"), SHIM, OwnerKind.DOCKER, ID[:12]),
        (f"{USER}/user.slice/docker-{ID}.scope", SHIM, OwnerKind.DOCKER, ID[:12]),  # rootless
        (f"/machine.slice/libpod-{ID}.scope", SHIM, OwnerKind.PODMAN, ID[:12]),
        (f"{USER}/user.slice/libpod-{ID}.scope/container", SHIM, OwnerKind.PODMAN, ID[:12]),  # rootless
        (f"{USER}/app.slice/ollama.service/libpod-payload-{ID}", SHIM, OwnerKind.PODMAN, ID[:12]),  # quadlet
        (V1.format(f"/libpod_parent/libpod-{ID}"), SHIM, OwnerKind.PODMAN, ID[:12]),
        (f"/system.slice/nerdctl-{ID}.scope", SHIM, OwnerKind.CONTAINER, ID[:12]),
        (f"/default/{ID}", SHIM, OwnerKind.CONTAINER, ID[:12]),  # containerd's ctr
        (
            f"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/cri-containerd-{ID}.scope",
            SHIM,
            OwnerKind.CONTAINER,
            ID[:12],
        ),
        (V1.format(f"/kubepods/burstable/pod0f1e/{ID}"), SHIM, OwnerKind.CONTAINER, ID[:12]),
        (f"/kubepods.slice/kubepods-pod1.slice/crio-{ID}.scope", SHIM, OwnerKind.CONTAINER, ID[:12]),
        ("/lxc.payload.llm/system.slice/ollama.service", SYSTEMD, OwnerKind.CONTAINER, "llm"),
        ("/machine.slice/machine-llm.scope/payload", SYSTEMD, OwnerKind.CONTAINER, "llm"),
        (
            "/machine.slice/systemd-nspawn@llm.service/payload/system.slice/x.service",
            SYSTEMD,
            OwnerKind.CONTAINER,
            "llm",
        ),
        (V1.format("/payload/system.slice/ollama.service"), SYSTEMD, OwnerKind.CONTAINER, ""),
        ("/system.slice/box.service/payload/system.slice/x.service", SYSTEMD, OwnerKind.CONTAINER, "box.service"),
        # by hand
        ("/user.slice/user-1000.slice/session-3.scope", TERMINAL, OwnerKind.BY_HAND, "bash"),
        (V1.format("/user.slice/user-1000.slice/session-3.scope"), TERMINAL, OwnerKind.BY_HAND, "bash"),
        (
            f"{USER}/app.slice/app-org.gnome.Terminal.slice/vte-spawn-0f.scope",
            TERMINAL,
            OwnerKind.BY_HAND,
            "bash",
        ),
        (f"{USER}/app.slice/app-org.kde.konsole@9f.service", TERMINAL, OwnerKind.BY_HAND, "bash"),
        (f"{USER}/app.slice/app-org.kde.konsole@9f.service", USER_MANAGER, OwnerKind.BY_HAND, ""),  # nohup
        (f"{USER}/tmux-spawn-0f.scope", TERMINAL, OwnerKind.BY_HAND, "bash"),
        ("/init.scope", SYSTEMD, OwnerKind.BY_HAND, ""),
        ("/", (Ancestor(7, "bash", ("bash",)), Ancestor(1, "bash", ("bash",))), OwnerKind.BY_HAND, "bash"),
        (V1.format("/"), (), OwnerKind.BY_HAND, ""),
        # unknown
        (None, TERMINAL, None, ""),
        ("/user.slice/user-1000.slice/session-3.scope", None, None, ""),
    ],
)
def test_the_owner_on_linux(
    cgroup: str | None, ancestors: tuple[Ancestor, ...] | None, kind: OwnerKind | None, name: str
) -> None:
    assert owner(linux(cgroup, ancestors)) == (kind, name)


@pytest.mark.parametrize(
    ("unit", "above", "main", "kind"),
    [
        ("ollama.service", (Ancestor(70, "sh", ("/bin/sh", "-c", "exec ollama serve")),), None, OwnerKind.SYSTEM_UNIT),
        ("ollama.service", (Ancestor(70, "start.sh", ("/bin/sh", "/opt/start.sh")),), 70, OwnerKind.SYSTEM_UNIT),
        ("ollama.service", (), 5004, OwnerKind.SYSTEM_UNIT),
        # started by hand below a service that does much else
        (
            "ssh.service",
            (Ancestor(70, "bash", ("-bash",)), Ancestor(60, "sshd", ("sshd: me",))),
            None,
            OwnerKind.BY_HAND,
        ),
        ("ssh.service", (), 60, OwnerKind.BY_HAND),  # with nohup: the shell has ended
        (
            "cron.service",
            (Ancestor(70, "sh", ("sh", "-c", "x")), Ancestor(60, "cron", ("cron",))),
            60,
            OwnerKind.BY_HAND,
        ),
        (
            "emacs.service",
            (Ancestor(70, "zsh", ("zsh", "-i")), Ancestor(60, "emacs", ("emacs",))),
            60,
            OwnerKind.BY_HAND,
        ),
    ],
)
def test_a_unit_owns_what_it_runs_and_not_what_a_shell_in_it_has_started(
    unit: str, above: tuple[Ancestor, ...], main: int | None, kind: OwnerKind
) -> None:
    assert owner(linux(f"/system.slice/{unit}", (*above, *SYSTEMD), main_pid=main))[0] is kind


@pytest.mark.parametrize(
    ("program", "cgroup", "unit"),
    [
        ("/snap/ollama/105/bin/ollama", "/system.slice/snap.ollama.listener.service", "snap.ollama.listener.service"),
        ("/snap/ollama/105/bin/ollama", f"{USER}/app.slice/snap.ollama.ollama-0f1e.scope", ""),
        ("/var/lib/snapd/snap/ollama/105/bin/ollama", "/user.slice/user-1000.slice/session-3.scope", ""),  # Fedora
        ("", "/system.slice/snap.ollama.listener.service", "snap.ollama.listener.service"),
    ],
)
def test_a_snap(program: str, cgroup: str, unit: str) -> None:
    found = owner_of(linux(cgroup, SYSTEMD, program=program), Panel())
    assert found == Owner(OwnerKind.SNAP, "ollama", unit)


def test_a_terminal_that_is_a_snap_owns_no_server() -> None:
    cgroup = f"{USER}/app.slice/snap.code.code-0f1e.scope"
    assert owner(linux(cgroup, TERMINAL)) == (OwnerKind.BY_HAND, "bash")


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("conmon", ("/usr/bin/conmon", "--api-version", "1", "-c", ID, "-u", ID, "-n", "llm"), OwnerKind.PODMAN),
        ("conmon", ("conmon", "-c", ID, "--exit-dir", "/var/run/crio/exits"), OwnerKind.CONTAINER),
        ("containerd-shim", ("containerd-shim-runc-v2", "-namespace", "moby", "-id", ID), OwnerKind.DOCKER),
        ("containerd-shim", ("containerd-shim-runc-v2", "-namespace", "k8s.io", "-id", ID), OwnerKind.CONTAINER),
    ],
)
def test_a_container_without_a_control_group_is_known_by_what_watches_it(
    name: str, arguments: tuple[str, ...], kind: OwnerKind
) -> None:
    watched = (Ancestor(72, "tini", ("tini", "--")), Ancestor(71, name, arguments), *SYSTEMD)
    assert owner(linux(V1.format("/"), watched)) == (kind, "llm" if "llm" in arguments else ID[:12])
    assert owner(linux("/", (Ancestor(71, name, (name,)), *SYSTEMD))) == (OwnerKind.BY_HAND, name)


def test_a_container_has_the_name_that_its_runtime_tells() -> None:
    facts = linux(f"/system.slice/docker-{ID}.scope", SHIM)
    assert owner_of(facts, Panel(), {ID: "ollama-rocm"}) == Owner(OwnerKind.DOCKER, "ollama-rocm")


def test_a_server_in_the_container_of_the_panel_is_an_ordinary_one() -> None:
    cgroup = f"0::/system.slice/docker-{ID}.scope\n"
    assert owner(linux(cgroup, TERMINAL[:1]), cgroup) == (OwnerKind.BY_HAND, "bash")
    assert owner(linux(cgroup, TERMINAL[:1]), "0::/\n") == (OwnerKind.DOCKER, ID[:12])


def test_the_workers_of_this_panel_and_of_others() -> None:
    facts = linux("/user.slice/user-1000.slice/session-3.scope", TERMINAL, environment={"OLLAMA_PANEL_RUN": "mine"})
    assert owner(facts) == (OwnerKind.PANEL, "")
    assert owner_of(facts, Panel("another")) == Owner(OwnerKind.OTHER_PANEL)
    unreadable = linux("/user.slice/user-1000.slice/session-3.scope", TERMINAL)
    assert owner_of(unreadable, Panel("mine", frozenset({5004}))) == Owner(OwnerKind.PANEL)
    worker = msgspec.structs.replace(unreadable, arguments=("/home/you/x/ollama-worker", "serve"))
    assert owner_of(worker, Panel("mine")) == Owner(OwnerKind.OTHER_PANEL)


def test_a_script_that_waits_for_the_server_that_it_has_started_is_none() -> None:
    script = linux("/", TERMINAL, pid=6000, arguments=("/bin/bash", "/usr/local/bin/ollama", "serve"))
    server = linux("/", (Ancestor(6000, "ollama"), *TERMINAL))
    assert without_wrappers((script, server)) == (server,)
    assert without_wrappers((script,)) == (script,), "that may be all there is of it, as of a program in Python"


@pytest.mark.parametrize(
    ("name", "expected"), [("ollama", True), (".ollama-wrapped", True), ("Ollama", True), ("bash", False), ("", False)]
)
def test_what_is_worth_a_closer_look(name: str, expected: bool) -> None:
    assert may_be_server(name) is expected


def test_the_command_that_shows_a_log_can_be_typed() -> None:
    unit = r"my\x2dllm.service"
    log = log_of(linux("/", SYSTEMD), Owner(OwnerKind.SYSTEM_UNIT, unit, unit), "")
    assert log == LogSource(LogKind.JOURNAL, command=r"journalctl -u 'my\x2dllm.service'")


LAUNCHD = (Ancestor(1, "launchd", ("/sbin/launchd",)),)
APP = (Ancestor(410, "Ollama", ("/Applications/Ollama.app/Contents/MacOS/Ollama",)), *LAUNCHD)
SHELL = (Ancestor(500, "zsh", ("-zsh",)), Ancestor(499, "login", ("login",)), *LAUNCHD)
BREW = "homebrew.mxcl.ollama"


@pytest.mark.parametrize(
    ("ancestors", "environment", "label", "kind", "name"),
    [
        (APP, {"XPC_SERVICE_NAME": "application.com.electron.ollama.1"}, "", OwnerKind.DESKTOP_APP, "Ollama"),
        (APP, None, "", OwnerKind.DESKTOP_APP, "Ollama"),
        (LAUNCHD, {"XPC_SERVICE_NAME": BREW}, "", OwnerKind.HOMEBREW, BREW),
        (LAUNCHD, None, BREW, OwnerKind.HOMEBREW, BREW),  # sudo brew services: another user, known by its plist
        (LAUNCHD, {"XPC_SERVICE_NAME": "org.me.llm"}, "", OwnerKind.LAUNCHD, "org.me.llm"),
        (SHELL, {"XPC_SERVICE_NAME": "0"}, "", OwnerKind.BY_HAND, "zsh"),
        (SHELL, {"XPC_SERVICE_NAME": "org.me.terminal"}, "", OwnerKind.BY_HAND, "zsh"),
        (LAUNCHD, {"XPC_SERVICE_NAME": "0"}, "", OwnerKind.BY_HAND, ""),  # nohup
        (LAUNCHD, {"XPC_SERVICE_NAME": "application.com.apple.Terminal.3"}, "", OwnerKind.BY_HAND, ""),
        (LAUNCHD, None, "", None, ""),
        (None, {}, "", None, ""),
    ],
)
def test_the_owner_on_macos(
    ancestors: tuple[Ancestor, ...] | None,
    environment: dict[str, str] | None,
    label: str,
    kind: OwnerKind | None,
    name: str,
) -> None:
    facts = ProcessFacts(7, ancestors=ancestors, environment=environment, label=label, platform="darwin")
    assert owner(facts) == (kind, name)


@pytest.mark.parametrize(
    ("parent", "kind"),
    [
        ("ollama app.exe", OwnerKind.DESKTOP_APP),
        ("services.exe", OwnerKind.SERVICE),
        ("nssm.exe", OwnerKind.SERVICE),
        ("powershell.exe", OwnerKind.BY_HAND),
        ("", None),
    ],
)
def test_the_owner_on_windows(parent: str, kind: OwnerKind | None) -> None:
    ancestors = (Ancestor(4, parent, (parent,)),) if parent else ()
    assert owner(ProcessFacts(7, ancestors=ancestors, platform="win32"))[0] is kind


@pytest.mark.parametrize(
    ("program", "arguments", "expected"),
    [
        ("/usr/local/bin/ollama", ("/usr/local/bin/ollama", "serve"), True),
        ("/usr/local/bin/ollama", ("ollama", "start"), True),
        ("/usr/local/bin/ollama", ("ollama", "--verbose", "serve"), True),
        ("/usr/local/bin/ollama", ("ollama-worker", "serve"), True),  # it may call itself anything
        ("", ("/opt/ollama-0.9.6", "serve"), True),
        ("", ("./ollama-linux-amd64", "serve"), True),
        ("C:\\Users\\me\\AppData\\Local\\Programs\\Ollama\\ollama.exe", ("ollama.exe", "serve"), True),
        ("/usr/bin/python3.12", ("python3", "/opt/fake/ollama", "serve"), True),
        ("/nix/store/x-ollama/bin/.ollama-wrapped", ("/nix/store/x-ollama/bin/ollama", "serve"), True),
        ("/nix/store/x-ollama/bin/.ollama-wrapped_", ("-", "serve"), True),
        ("/gnu/store/x-ollama/bin/.ollama-real", ("/gnu/store/x-ollama/bin/.ollama-real", "serve"), True),
        ("/usr/local/bin/ollama", ("ollama", "run", "llama3.2", "serve"), False),
        ("/usr/local/bin/ollama", ("ollama", "runner", "--model", "x", "--port", "1"), False),
        ("/usr/local/bin/ollama", ("ollama",), False),
        ("/usr/local/bin/ollama", (), False),
        ("", ("ollama-panel", "serve"), False),
        ("/usr/bin/python3.12", ("python3", "/usr/bin/ollama-panel", "serve"), False),
        ("", ("sudo", "-u", "ollama", "ollama", "serve"), False),
        ("", ("sh", "-c", "ollama serve"), False),
        ("", ("vim", "serve"), False),
    ],
)
def test_what_is_a_server(program: str, arguments: tuple[str, ...], expected: bool) -> None:
    assert is_server(program, arguments) is expected


def test_a_group_named_after_a_container_is_none() -> None:
    assert container_of("0::/system.slice/my-docker-ollama.service\n") is None
    assert container_of("0::/system.slice/docker.service\n") is None
    assert unit_of("no group at all") == ("", False)


TO_FILE = ("/home/me/ollama.log", "/home/me/ollama.log")


@pytest.mark.parametrize(
    ("facts", "owner", "expected"),
    [
        (
            linux("/x", (), outputs=("socket:[91]", "socket:[91]")),
            Owner(OwnerKind.SYSTEM_UNIT, "llm.service", "llm.service"),
            LogSource(LogKind.JOURNAL, command="journalctl -u llm.service"),
        ),
        (
            linux("/x", ()),
            Owner(OwnerKind.USER_UNIT, "llm.service", "llm.service", user_unit=True),
            LogSource(LogKind.JOURNAL, command="journalctl --user -u llm.service"),
        ),
        (
            linux("/x", (), outputs=("/var/log/ollama.log",)),
            Owner(OwnerKind.SYSTEM_UNIT, "llm.service", "llm.service"),
            LogSource(LogKind.FILE, "/var/log/ollama.log"),
        ),
        (linux("/x", (), outputs=TO_FILE), Owner(OwnerKind.BY_HAND), LogSource(LogKind.FILE, TO_FILE[0])),
        (linux("/x", (), outputs=("/a (deleted)",)), Owner(OwnerKind.BY_HAND), LogSource(LogKind.FILE, "/a")),
        (linux("/x", (), outputs=("/dev/null",)), Owner(OwnerKind.BY_HAND), LogSource(LogKind.NOTHING)),
        (linux("/x", (), outputs=("/dev/pts/4",)), Owner(OwnerKind.BY_HAND), LogSource(LogKind.TERMINAL, "/dev/pts/4")),
        (linux("/x", (), outputs=("pipe:[8]",)), Owner(OwnerKind.BY_HAND), None),
        (linux("/x", (), outputs=("pipe:[8]",)), Owner(OwnerKind.PANEL), LogSource(LogKind.PANEL)),
        (
            linux("/x", (), outputs=("pipe:[8]",)),
            Owner(OwnerKind.DOCKER, "ollama"),
            LogSource(LogKind.CONTAINER, command="docker logs ollama"),
        ),
        (
            ProcessFacts(7, platform="darwin"),
            Owner(OwnerKind.DESKTOP_APP, "Ollama"),
            LogSource(LogKind.FILE, "/home/me/.ollama/logs/server.log"),
        ),
        (
            ProcessFacts(7, platform="win32", environment={"LOCALAPPDATA": "C:\\Users\\me\\AppData\\Local"}),
            Owner(OwnerKind.DESKTOP_APP, "ollama app.exe"),
            LogSource(LogKind.FILE, "C:\\Users\\me\\AppData\\Local\\Ollama\\server.log"),
        ),
    ],
)
def test_where_the_log_is(facts: ProcessFacts, owner: Owner, expected: LogSource | None) -> None:
    assert log_of(facts, owner, "/home/me") == expected
