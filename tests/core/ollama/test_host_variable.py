import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ollama.host_variable import read, url_of


@pytest.mark.parametrize(
    ("value", "scheme", "host", "port"),
    [
        ("", "http", "127.0.0.1", 11434),
        ("1.2.3.4", "http", "1.2.3.4", 11434),
        (":1234", "http", "", 1234),
        ("1.2.3.4:1234", "http", "1.2.3.4", 1234),
        ("example.com", "http", "example.com", 11434),
        ("example.com:1234", "http", "example.com", 1234),
        (":0", "http", "", 0),
        (":66000", "http", "", 11434),
        (":-1", "http", "", 11434),
        ("127.0.0.1:", "http", "127.0.0.1", 11434),
        ("127.0.0.1:http", "http", "127.0.0.1", 11434),
        ("[::1]", "http", "::1", 11434),
        ("[::]", "http", "::", 11434),
        ("::1", "http", "::1", 11434),
        ("::1:1234", "http", "::1:1234", 11434),
        ("[::1]:1337", "http", "::1", 1337),
        ("[::1", "http", "::1", 11434),
        (" 1.2.3.4 ", "http", "1.2.3.4", 11434),
        ('"1.2.3.4"', "http", "1.2.3.4", 11434),
        (' " 1.2.3.4 " ', "http", "1.2.3.4", 11434),
        ("'1.2.3.4:80'", "http", "1.2.3.4", 80),
        ("http://1.2.3.4", "http", "1.2.3.4", 80),
        ("http://1.2.3.4:4321", "http", "1.2.3.4", 4321),
        ("http://1.2.3.4:99999", "http", "1.2.3.4", 80),
        ("https://1.2.3.4", "https", "1.2.3.4", 443),
        ("tcp://1.2.3.4", "tcp", "1.2.3.4", 11434),
        ("ollama.com", "https", "ollama.com", 443),
    ],
)
def test_it_means_what_it_means_to_ollama(value: str, scheme: str, host: str, port: int) -> None:
    found = read(value)
    assert (found.scheme, found.host, found.port, found.path) == (scheme, host, port, "")


def test_a_path_and_a_port_that_is_none_are_told() -> None:
    assert read("https://example.com/ollama").path == "ollama"
    assert read("http://localhost:11434/").path == ""
    assert [read(f"127.0.0.1{port}").port_is_right for port in ("", ":80", ":66000", ":x", ":")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("127.0.0.2", "http://127.0.0.2:11434"),
        ("127.1.2.3:8080", "http://127.1.2.3:8080"),
        ("localhost:9000", "http://localhost:9000"),
        ("0.0.0.0:9000", "http://127.0.0.1:9000"),
        (":9000", "http://127.0.0.1:9000"),
        ("[::]:9000", "http://[::1]:9000"),
        ("::1", "http://[::1]:11434"),
        ("http://localhost", "http://localhost:80"),
        ("127.0.0.2:99999", "http://127.0.0.2:11434"),
        (":0", None),
        ("https://localhost", None),
        ("10.1.2.3", None),
        ("example.com", None),
        ("fe80::1%eth0", None),
    ],
)
def test_a_server_of_this_machine_is_reached_at_the_address_it_listens_on(value: str, url: str | None) -> None:
    found = read(value).local
    assert (None if found is None else url_of(*found)) == url


def test_all_addresses_are_told_from_one() -> None:
    assert [read(value).is_everywhere for value in ("0.0.0.0", "[::]:80", ":80", "127.0.0.1", "nas")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@given(value=st.text(max_size=40))
def test_no_value_is_an_error(value: str) -> None:
    found = read(value)
    assert 0 <= found.port <= 65535
    assert found.local is None or url_of(*found.local)
