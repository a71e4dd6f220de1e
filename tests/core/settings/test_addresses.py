"""What can be an address to listen on, and what is meant by a text that has more."""

import pytest

from ollama_panel.core.settings.addresses import host_in, is_host, without_brackets


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "0.0.0.0",
        "::",
        "::1",
        "[::1]",
        "fe80::1%eth0",
        "[fe80::1%eth0]",
        "::ffff:127.0.0.1",
        "localhost",
        "nas.local",
        "nas.local.",
        "my_container-1",
        "1and1.example",
        "büro.example",
        "电脑.local",
        "a" * 63,
        ".".join(["a" * 49] * 5),
    ],
)
def test_addresses_and_host_names_can_listen(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "192.168..5",
        "192.168.1.300",
        "192.168.1",
        "192.168.001.005",
        "2130706433",
        "a" * 64,
        "a" * 70,
        "ü" * 63,
        ".".join(["a" * 49] * 6),
        "a" * 100_000,
        "-nas",
        "nas-",
        "nas..local",
        ".nas",
        "two words",
        " 127.0.0.1",
        "127.0.0.1\n",
        "nas\0",
        "nas\x7f",
        "nas\u2028",
        "\ud800",
        "*",
        "0.0.0.0:11435",
        "[::1]:11435",
        "[::1",
        "::1]",
        "[127.0.0.1]",
        "[]",
        "[[::1]]",
        "::1%",
        "fe80::1%eth\n0",
        "fe80::1%eth 0",
        "1.2.3.4%eth0",
        "http://127.0.0.1",
        "192.168.0.0/24",
        "me@nas",
        "nas#1",
        "/run/panel.sock",
    ],
)
def test_everything_else_cannot(host: str) -> None:
    assert not is_host(host)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (" 127.0.0.1\n", "127.0.0.1"),
        ("http://127.0.0.1:11435/v1", "127.0.0.1"),
        ("nas.local:11435", "nas.local"),
        ("nas.local:", "nas.local"),
        ("[::1]:11435", "[::1]"),
        ("https://[fe80::1%eth0]/", "[fe80::1%eth0]"),
        ("http://me:secret@nas", "nas"),
        ("http://me@nas:80/?a#b", "nas"),
        ("192.168..5:80", None),
        ("http://", None),
        ("a b", None),
        ("", None),
    ],
)
def test_the_host_is_found_in_a_text_that_has_more(text: str, meant: str | None) -> None:
    assert host_in(text) == meant


@pytest.mark.parametrize(
    ("host", "bare"), [("[::1]", "::1"), ("::1", "::1"), ("[fe80::1%2]", "fe80::1%2"), ("[nas]", "[nas]")]
)
def test_brackets_are_for_ipv6(host: str, bare: str) -> None:
    assert without_brackets(host) == bare
