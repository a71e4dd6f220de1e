"""Which Host headers may mean this machine, and when a key is needed."""

import socket
from collections import namedtuple

import psutil
import pytest

from ollama_panel.proxy.access_rules import bare_host, host_allowed
from tests.proxy.conftest import ProxyHarness

HOSTNAME = socket.gethostname().lower()
Card = namedtuple("Card", ["address"])


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":80",
        "localhost",
        "LocalHost",
        "localhost:11435",
        "localhost:",
        "127.0.0.1:11435",
        "127.8.9.10",
        "[::1]",
        "[::1]:11435",
        "::1",
        "[::1%lo]:80",
        "[::ffff:127.0.0.1]:80",
        "[::FFFF:192.168.1.7]:80",
        "[fd00::7]:80",
        "10.0.0.7",
        "172.31.255.255",
        "192.168.1.7",
        "0.0.0.0",
        "[::]:80",
        "mac.local",
        "Panel.Internal:80",
        "a.localhost",
        HOSTNAME,
        f"{HOSTNAME.upper()}:11435",
        "named.example",
        "NAMED.example:11435",
    ],
)
def test_hosts_that_may_mean_this_machine_pass_as_with_ollama(host: str) -> None:
    assert host_allowed(host, ("Named.Example",))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost.",
        "localhost.:80",
        "notlocalhost",
        "local",
        "evil-local",
        "evillocal",
        "evil.local.",
        "127.0.0.1.evil.example",
        "127.0.0.1.",
        "evil127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "127.0.0.1:80:80",
        "localhost:80:80",
        "[::1].evil.example",
        "[::1].evil.example:80",
        "[::1]evil",
        "[::1]evil.local",
        "[::1]:80.evil.example:80",
        "[::1",
        "::1]",
        "[[::1]]",
        "[]",
        "[localhost]",
        "[127.0.0.1]",
        "evil[::1]",
        "evil.example:80:x.local",
        "::1.evil.example",
        "[::ffff:8.8.8.8]:80",
        "user@localhost",
        "user:word@localhost",
        "localhost@evil.example",
        "localhost:80@evil.example",
        "evil.example/.local",
        "evil.example?.local",
        "evil.example#.local",
        "evil.example\\.local",
        "localhost:80/evil",
        "local host",
        "localhost evil.example",
        "localhost\tevil.example",
        "evil.example x.local",
        "\xa0localhost",
        "localhost,evil.example",
        f"{HOSTNAME}.evil.example",
        f"evil{HOSTNAME}",
        f"evil.{HOSTNAME}",
        f"{HOSTNAME}2",
        f"{HOSTNAME}.",
        "evilnamed.example",
        "named.example.evil",
        "sub.named.example",
        "8.8.8.8",
        "172.32.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]:80",
        "[2001:db8::1]:80",
    ],
)
def test_hosts_that_only_look_like_it_are_refused(host: str) -> None:
    assert not host_allowed(host, ("Named.Example",))


def test_an_address_of_this_machine_is_its_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: {"eth0": [Card("203.0.113.7"), Card("fe80::7%eth0")]})
    assert host_allowed("203.0.113.7:80", ())
    assert host_allowed("[FE80::7]:80", ())
    assert not host_allowed("203.0.113.70", ())


def test_addresses_that_the_system_does_not_tell_are_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(psutil, "net_if_addrs", fail)
    assert not host_allowed("203.0.113.7", ())
    assert host_allowed("192.168.1.7", ())


@pytest.mark.parametrize(
    ("header", "bare"),
    [("NAS:80", "nas"), ("[FD00::7]:80", "fd00::7"), ("fd00::7", "fd00::7"), ("a:b:c", None), ("[a]", None)],
)
def test_a_host_header_is_a_host_and_perhaps_a_port(header: str, bare: str | None) -> None:
    assert bare_host(header) == bare


@pytest.mark.parametrize("host", ["evil.example", "[::1].evil.example", "user@localhost", f"{HOSTNAME}.evil.example"])
async def test_a_foreign_host_is_refused_like_ollama_does(harness: ProxyHarness, host: str) -> None:
    got = await harness.ask("GET /api/tags", host=host)
    assert (got.status, got.body) == (403, b"")
    assert harness.upstream.requests == []


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://evil.example/api/version", 403),
        ("HTTP://evil.example:80/api/version", 403),
        ("http://localhost@evil.example/api/version", 403),
        ("http://localhost:80/api/version", 200),
        ("/api/version?next=http://evil.example/", 200),
    ],
)
async def test_the_host_of_a_whole_url_counts_like_the_header(harness: ProxyHarness, target: str, status: int) -> None:
    assert (await harness.ask(f"GET {target}")).status == status
