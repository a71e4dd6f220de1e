"""Allowed origins: what may be written, and what a `*` stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.origins import flaw, names_a_host, stands_for
from ollama_panel.core.settings.tree import Settings

KEY = "proxy.allowed_origins"


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("*", "https://anything.example"),
        ("*", "null"),
        ("https://chat.example.org", "https://chat.example.org"),
        ("https://Chat.Example.org", "https://chat.example.org"),
        ("https://chat.example.org:8443", "https://chat.example.org:8443"),
        ("chrome-extension://*", "chrome-extension://abcdefghijklmnop"),
        ("moz-extension://*", "moz-extension://0a1b-2c3d"),
        ("safari-web-extension://*", "safari-web-extension://0A1B"),
        ("app://*", "app://obsidian.md"),
        ("file://*", "file://"),
        ("http://192.168.1.*", "http://192.168.1.20"),
        ("http://192.168.1.*", "http://192.168.1.20:8080"),
        ("http://192.168.*", "http://192.168.7.20:80"),
        ("http://192.168.1.*:3000", "http://192.168.1.20:3000"),
        ("http://192.168.1.2*", "http://192.168.1.24"),
        ("https://*.example", "https://chat.example"),
        ("https://*.example", "https://my.chat.example"),
        ("https://chat-*.example", "https://chat-2.example"),
        ("http://nas:*", "http://nas:80"),
        ("http://nas:*", "http://nas:65535"),
        ("http://nas:30*", "http://nas:3000"),
        ("http://nas*", "http://nas"),
        ("http://nas*", "http://nas-2:8080"),
        ("http://[fd00::*]:80", "http://[fd00::1]:80"),
        ("http://*", "http://192.168.1.20:8080"),
        ("http://*", "http://[::1]:3000"),
        ("https://*", "https://chat.example.org"),
        ("http://*:3000", "http://nas:3000"),
    ],
)
def test_an_entry_stands_for_what_it_stands_for_in_ollama(entry: str, origin: str) -> None:
    assert flaw(entry) is None
    assert stands_for(entry, origin)


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("https://chat.example.org", "https://chat.example.org.evil.com"),
        ("https://chat.example.org", "https://evilchat.example.org"),
        ("https://chat.example.org", "https://chat-example.org"),
        ("https://chat.example.org", "http://chat.example.org"),
        ("https://chat.example.org", "https://chat.example.org:444"),
        ("https://chat.example.org", "https://chat.example.org\n"),
        ("https://chat.example.org", "https://chat.example.org/"),
        ("https://chat.example.org", "HTTPS://CHAT.EXAMPLE.ORG"),
        ("https://chat.example.org", "null"),
        ("chrome-extension://*", "https://chrome-extension"),
        ("chrome-extension://*", "evilchrome-extension://a"),
        ("chrome-extension://*", "chrome-extensions://a"),
        ("chrome-extension://*", "chrome-extension://a b"),
        ("http://192.168.1.*", "http://192.168.1.20.evil.com"),
        ("http://192.168.1.*", "http://192.168.1.com"),
        ("http://192.168.1.*", "http://192.168.1.20:80.evil.com"),
        ("http://192.168.1.*", "http://192.168.1.20@evil.com"),
        ("http://192.168.1.*", "http://192.168.1.20/evil"),
        ("http://192.168.1.*", "http://192.168.10.20"),
        ("http://192.168.1.*", "http://192x168.1.20"),
        ("http://192.168.1.*", "https://192.168.1.20"),
        ("http://192.168.1.*", "http://evil.192.168.1.20"),
        ("http://192.168.1.*:3000", "http://192.168.1.20.evil.com:3000"),
        ("http://192.168.1.*:3000", "http://192.168.1.20:30001"),
        ("http://10.*", "http://10.evil.com"),
        ("https://*.example", "https://evil-example"),
        ("https://*.example", "https://evilexample"),
        ("https://*.example", "https://chat.example.evil.com"),
        ("https://*.example", "https://chat.example:8443"),
        ("https://*.example", "https://evil.com/.example"),
        ("https://*.example", "https://evil.com:80#.example"),
        ("https://*.example", "https://evil.com@chat.example"),
        ("https://*.example", "http://chat.example"),
        ("http://nas:*", "http://nas.evil:80"),
        ("http://nas:*", "http://nas"),
        ("http://nas:*", "http://nas:"),
        ("http://nas:*", "http://nas:80@evil.com"),
        ("http://nas:*", "http://nas:80.evil.com"),
        ("http://nas:*", "http://evilnas:80"),
        ("http://nas:*", "http://nas:٨٠"),
        ("http://nas*", "http://nas.evil.com"),
        ("https://chat.*", "https://chat.evil.com"),
        ("http://[fd00::*]:80", "http://[fd00::1].evil.com:80"),
        ("http://*", "https://chat.example.org"),
        ("http://*", "http://user@chat.example.org"),
        ("http://*", "null"),
    ],
)
def test_what_only_looks_alike_stays_out(entry: str, origin: str) -> None:
    assert flaw(entry) is None
    assert not stands_for(entry, origin)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("chat.example.org", "with its scheme"),
        ("null", "with its scheme"),
        ("localhost:3000", "with its scheme"),
        ("*.example", "with its scheme"),
        ("https://", "with its scheme"),
        ("", "with its scheme"),
        ("https://*.example.*", "at most one *"),
        ("http://*:*", "at most one *"),
        ("**://chat.example", "at most one *"),
        ("http*://chat.example", "at most one *"),
        ("*://chat.example", "at most one *"),
        ("https://chat.example.org/", "no path"),
        ("https://chat.example.org/chat", "no path"),
        ("https://chat.example.org/*", "no path"),
        ("https://user@chat.example.org", "no path"),
        ("https://chat example.org", "no path"),
        ("https://chat.example.org ", "no path"),
        ("https://chat.example.org\n", "no path"),
        ("https://chat.example.org:", "no path"),
        ("https://chat.example.org:http", "no path"),
        ("https://chat.example.org:80:80", "no path"),
        ("https://:80", "no path"),
        ("https://chät.example.org", "no path"),
        ("https://[::1", "no path"),
        ("https://[::1].example.org", "no path"),
    ],
)
def test_what_cannot_match_as_meant_is_refused_with_a_sentence(entry: str, said: str) -> None:
    wrong = flaw(entry)
    assert wrong is not None
    assert said in render(wrong)
    assert not stands_for(entry, entry)


def test_the_settings_check_origins_and_keep_the_good_ones_of_a_file() -> None:
    raw = b'{"version": 2, "proxy": {"allowed_origins": ["https://a.example", "https://b.example/", "http://nas:*"]}}'
    settings, problems = codec.load(raw)
    assert settings.proxy.allowed_origins == ("https://a.example", "http://nas:*")
    assert [problem.where for problem in problems] == [KEY]
    assert render(problems[0].told) == (
        f"{KEY}: must hold origins as browsers send them, a scheme, a host and perhaps a port, with no path or blank, "
        'not "https://b.example/"; it is ignored.'
    )


def test_a_command_that_sets_a_bad_origin_is_refused() -> None:
    with pytest.raises(Exception, match=r"proxy.allowed_origins may have at most one \*"):
        codec.set(Settings(), KEY, "https://good.example,http://*.example:*")


@pytest.mark.parametrize("text", ["chrome-extension://*, http://nas:*", '["chrome-extension://*", "http://nas:*"]'])
def test_origins_are_set_with_commas_or_as_json(text: str) -> None:
    assert codec.set(Settings(), KEY, text).proxy.allowed_origins == ("chrome-extension://*", "http://nas:*")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["chrome-extension://*"', r"proxy\.allowed_origins must be a list.*ends too early"),
        ('["chrome-extension://*", 7]', r'proxy\.allowed_origins\[2\] must be text, not "7"'),
    ],
)
def test_a_broken_list_is_refused(text: str, said: str) -> None:
    with pytest.raises(Exception, match=said):
        codec.set(Settings(), KEY, text)


def test_a_star_in_place_of_the_whole_host_names_nobody() -> None:
    assert [entry for entry in ("*", "http://*", "https://*", "https://*:8443") if names_a_host(entry)] == []
    named = ["https://a.example", "https://*.example", "http://nas:*", "http://192.168.1.*", "chrome-extension://*"]
    assert all(map(names_a_host, named))


@given(st.text(alphabet="*:/.@[]%?#a1- \n"), st.text(alphabet=":/.@[]%?#a1- \n"))
def test_no_entry_breaks_the_check_and_none_with_a_flaw_matches(entry: str, text: str) -> None:
    for start in ("", "http://"):
        if flaw(start + entry) is not None:
            assert not stands_for(start + entry, start + text)
