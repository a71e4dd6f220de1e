"""What the program finds out about connections: from the tables of Linux, and by psutil elsewhere."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from ollama_panel.engine.host import connections_program

PROC = Path("/proc")


@contextmanager
def connected() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The two ends of a connection: the client's, and the server's."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()[:2]) as client,
        listening.accept()[0] as server,
    ):
        yield client, server


class FakeSystem:
    """psutil of a system that tells all connections, or each process its own."""

    Error = psutil.Error
    AccessDenied = psutil.AccessDenied
    CONN_ESTABLISHED = psutil.CONN_ESTABLISHED

    def __init__(self, *, all_told: bool) -> None:
        here = SimpleNamespace(ip="127.0.0.1", port=40312)
        there = SimpleNamespace(ip="127.0.0.1", port=11435)
        self._connection = ((here.ip, here.port), (there.ip, there.port))
        self._all_told = all_told

    def net_connections(self, kind: str) -> list[Any]:
        assert kind == "tcp"
        if not self._all_told:
            raise psutil.AccessDenied
        return [_entry(self._connection, 7), _entry((self._connection[1], self._connection[0]), 8), _entry(None, 9)]

    def process_iter(self) -> list[Any]:
        def denied(_: str) -> list[Any]:
            raise psutil.AccessDenied

        mine = SimpleNamespace(pid=7, net_connections=lambda _: [_entry(self._connection, None)])
        return [SimpleNamespace(pid=1, net_connections=denied), mine]

    def Process(self, pid: int | None = None) -> Any:  # noqa: N802 - psutil's name
        def exe() -> str:
            raise psutil.AccessDenied

        return SimpleNamespace(name=lambda: "b\udcff", username=lambda: "ada", exe=exe, cmdline=lambda: ["b"])


def _entry(ends: tuple[tuple[str, int], tuple[str, int]] | None, pid: int | None) -> Any:
    laddr, raddr = ends or ((), ())
    return SimpleNamespace(laddr=laddr, raddr=raddr, pid=pid, status="ESTABLISHED" if ends else "LISTEN")


@pytest.mark.parametrize("all_told", [pytest.param(True, id="Windows"), pytest.param(False, id="macOS")])
def test_other_systems_are_asked_by_psutil(monkeypatch: pytest.MonkeyPatch, *, all_told: bool) -> None:
    monkeypatch.setitem(sys.modules, "psutil", FakeSystem(all_told=all_told))
    assert connections_program.find(frozenset({40312}), frozenset({11435})) == [
        {
            "local": ("127.0.0.1", 40312),
            "remote": ("127.0.0.1", 11435),
            "pid": 7,
            "name": "b�",
            "program": "",
            "arguments": [],
            "own": True,
            "user": "ada",
        }
    ]


def test_psutil_itself_finds_a_connection() -> None:
    with connected() as (client, server):
        found = connections_program.find(frozenset({client.getsockname()[1]}), frozenset({server.getsockname()[1]}))
        assert [(one["local"], one["pid"]) for one in found] == [(client.getsockname(), os.getpid())]


def fake_proc(folder: Path, inode: str = "77", user: int | None = None) -> Path:
    """A `/proc` with one process, 42, that holds the socket 77 of 127.0.0.1:40312 to 127.0.0.1:11435."""
    here, there = (f"{int.from_bytes(bytes((127, 0, 0, 1)), sys.byteorder):08X}:{port:04X}" for port in (40312, 11435))
    owner = os.getuid() if user is None else user
    table = f"sl local rem st\n 0: {here} {there} 01 0:0 00:0 0 {owner} 0 {inode} 1 0 20 0 0 10 -1\n"
    (folder / "self/net").mkdir(parents=True)
    (folder / "self/net/tcp").write_text(table)
    (folder / "42/fd").mkdir(parents=True)
    (folder / "42/fd/3").symlink_to("/dev/null")
    (folder / "42/fd/4").symlink_to("socket:[77]")
    (folder / "42/exe").symlink_to("/opt/ollama (deleted)")
    (folder / "42/comm").write_bytes(b"b\xff\xfe\n")
    (folder / "42/cmdline").write_bytes(b"ollama\0run\0\xff\0")
    return folder


on_linux = pytest.mark.skipif(not hasattr(os, "getuid"), reason="the table of Linux")


@on_linux
def test_a_name_may_hold_bytes_that_are_no_text_and_a_program_be_replaced(tmp_path: Path) -> None:
    (one,) = connections_program.find(frozenset({40312}), frozenset({11435}), fake_proc(tmp_path))
    assert (one["pid"], one["name"], one["program"]) == (42, "b��", "/opt/ollama")
    assert one["arguments"] == ["ollama", "run", "�"]


@on_linux
def test_a_long_name_is_told_whole_and_endless_arguments_are_not(tmp_path: Path) -> None:
    proc = fake_proc(tmp_path)
    (proc / "42/comm").write_text("a-very-long-nam\n")
    (proc / "42/cmdline").write_bytes(b"/bin/a-very-long-name-indeed\0" + b"x" * 100_000 + b"\0" + b"y\0" * 1000)
    (one,) = connections_program.find(frozenset(), frozenset({11435}), proc)
    assert one["name"] == "a-very-long-name-indeed"
    assert len(json.dumps(one)) < 1000


@on_linux
@pytest.mark.parametrize(("local", "remote"), [({40312}, {11434}), ({40313}, {11435}), ({11435}, {40312})])
def test_other_ports_are_left_out(tmp_path: Path, local: set[int], remote: set[int]) -> None:
    assert connections_program.find(frozenset(local), frozenset(remote), fake_proc(tmp_path)) == []


@on_linux
def test_connections_that_ended_or_are_not_told_are_left_out(tmp_path: Path) -> None:
    wanted = frozenset({40312}), frozenset({11435})
    assert connections_program.find(*wanted, fake_proc(tmp_path / "ended", inode="0")) == []
    assert connections_program.find(*wanted, fake_proc(tmp_path / "hidden", inode="78")) == []
    assert connections_program.find(*wanted, fake_proc(tmp_path / "others", user=os.getuid() + 1)) == []
    assert connections_program.find(*wanted, tmp_path / "nothing") == []


@on_linux
def test_a_process_that_ends_meanwhile_still_leaves_the_others(tmp_path: Path) -> None:
    proc = fake_proc(tmp_path)
    (proc / "43").mkdir()
    (one,) = connections_program.find(frozenset({40312}), frozenset({11435}), proc)
    assert one["pid"] == 42


@on_linux
def test_a_process_that_was_found_is_looked_at_first_the_next_time(tmp_path: Path) -> None:
    proc = fake_proc(tmp_path)
    assert connections_program.find(frozenset(), frozenset({11435}), proc) != []
    (proc / "43").mkdir()
    (proc / "44").mkdir()
    assert list(connections_program._processes(proc))[:1] == [42]
    assert set(connections_program._processes(proc)) >= {42, 43, 44}


# Who is connected to servers of this machine


def clients(proc: Path | None, *servers: int, besides: tuple[int, ...] = ()) -> list[tuple[object, ...]]:
    """Return the address, the process, the user and the interface of each client."""
    found = connections_program.find_clients(frozenset(servers), frozenset(besides), proc)
    return [(one["local"][0], one["pid"], one["user"], one.get("interface", "")) for one in found]


def with_connection(proc: Path, here: str, there: str, state: str = "01", inode: int = 90) -> Path:
    """Add a socket of another user to the table of a `/proc`."""
    ends = (f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}" for host in (here, there))
    ports = (11435, 50000) if here != "127.0.0.1" else (50000, 11435)
    local, remote = (f"{host}:{port:04X}" for host, port in zip(ends, ports, strict=True))
    with (proc / "self/net/tcp").open("a") as table:
        table.write(f" 1: {local} {remote} {state} 0:0 00:0 0 4294967294 0 {inode} 1 0 20 0 0 10 -1\n")
    return proc


@on_linux
def test_a_client_of_a_server_is_its_process_and_its_user(tmp_path: Path) -> None:
    (one,) = connections_program.find_clients(frozenset({11435}), frozenset(), fake_proc(tmp_path))
    me = psutil.Process().username()
    assert (one["local"], one["remote"], one["pid"], one["user"]) == (
        ("127.0.0.1", 40312),
        ("127.0.0.1", 11435),
        42,
        me,
    )


@on_linux
@pytest.mark.parametrize(("server", "besides"), [(11434, ()), (40312, ()), (11435, (42,)), (11435, (41, 42))])
def test_other_servers_and_the_panel_itself_are_left_out(tmp_path: Path, server: int, besides: tuple[int, ...]) -> None:
    assert clients(fake_proc(tmp_path), server, besides=besides) == []


@on_linux
def test_of_another_user_only_the_user_is_known(tmp_path: Path) -> None:
    proc = with_connection(fake_proc(tmp_path), "127.0.0.1", "127.0.0.1")
    assert clients(proc, 11435, besides=(42,)) == [("127.0.0.1", 0, "4294967294", "")]


@on_linux
@pytest.mark.parametrize("state", ["06", "08", "0A"])
def test_a_connection_that_ends_or_does_not_begin_yet_is_none(tmp_path: Path, state: str) -> None:
    assert clients(with_connection(fake_proc(tmp_path), "127.0.0.1", "127.0.0.1", state), 11435, besides=(42,)) == []


@on_linux
def test_a_connection_that_ends_while_its_process_is_looked_for_is_none_of_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proc = fake_proc(tmp_path)

    def closed_meanwhile(descriptors: Path, sockets: object) -> Iterator[object]:
        (proc / "self/net/tcp").write_text("a head\n")
        yield from ()

    monkeypatch.setattr(connections_program, "_owned", closed_meanwhile)
    assert clients(proc, 11435, besides=(42,)) == []


def test_a_container_or_another_machine_is_told_with_the_way_to_it(tmp_path: Path) -> None:
    proc = with_connection(fake_proc(tmp_path), "172.17.0.1", "172.17.0.2")
    (proc / "self/net/route").write_text(
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        f"eth0\t00000000\t00000000\t3\t0\t0\t0\t00000000\ndocker0\t{route('172.17.0.0')}\t0\t1\t0\t0\t0\t{route('255.255.0.0')}\n"
    )
    assert clients(proc, 11435, besides=(42,)) == [("172.17.0.2", 0, "", "docker0")]


def route(address: str) -> str:
    return f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}"


@on_linux
def test_without_a_table_of_routes_the_way_is_unknown(tmp_path: Path) -> None:
    assert clients(with_connection(fake_proc(tmp_path), "10.0.0.1", "10.0.0.7"), 11435, besides=(42,)) == [
        ("10.0.0.7", 0, "", "")
    ]


@pytest.mark.parametrize("all_told", [pytest.param(True, id="Windows"), pytest.param(False, id="macOS")])
def test_psutil_tells_the_clients_elsewhere(monkeypatch: pytest.MonkeyPatch, *, all_told: bool) -> None:
    monkeypatch.setitem(sys.modules, "psutil", FakeSystem(all_told=all_told))
    assert clients(None, 11435) == [("127.0.0.1", 7, "ada", "")]
    assert clients(None, 11435, besides=(7,)) == []
    assert clients(None, 11434) == []


@pytest.mark.parametrize("proc", [pytest.param(PROC, marks=on_linux), None])
def test_a_real_client_is_found(proc: Path | None) -> None:
    with connected() as (client, server):
        found = connections_program.find_clients(frozenset({server.getsockname()[1]}), frozenset(), proc)
        assert [(one["local"], one["pid"]) for one in found] == [(client.getsockname(), os.getpid())]
        assert clients(proc, server.getsockname()[1], besides=(os.getpid(),)) == []
