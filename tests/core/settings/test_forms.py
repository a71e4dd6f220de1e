"""Texts of the right type that nobody can live with are refused by the file's check and by `settings set`."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec, forms
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, ProxySettings, Settings
from ollama_panel.core.settings.tree_values import ListenHost

DIGEST = "0123456789abcdef" * 4


def refused(key: str, text: str) -> str:
    with pytest.raises(PanelError) as caught:
        codec.set(Settings(), key, text)
    return str(caught.value)


def read(key: str, value: object) -> tuple[Settings, list[str]]:
    """Return the settings of a file that has one value, and the sentences about it."""
    content: object = value
    for name in reversed(key.split(".")):
        content = {name: content}
    settings, problems = codec.load(msgspec.json.encode(content))
    return settings, [f"{one.where} {render(one.notice)}" for one in problems]


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("192.168..5", "an address such as 127.0.0.1 or ::1, or the name of a host"),
        ("a" * 70, "an address such as 127.0.0.1 or ::1, or the name of a host"),
        ("", "an address such as 127.0.0.1 or ::1, or the name of a host"),
        ("*", "0.0.0.0 for all addresses of this machine, or :: for those of IPv6, too"),
        ("http://nas:80", "the address alone, nas"),
        ("[::1]:80", "the address alone, [::1]"),
        (" ::1", "the address alone, ::1"),
    ],
)
def test_what_cannot_listen_is_refused_with_what_is_meant(host: str, said: str) -> None:
    assert refused("proxy.host", host) == f'proxy.host must be {said}, not "{host}".'
    settings, told = read("proxy.host", host)
    assert settings == Settings()
    assert told == [f'proxy.host must be {said}, not "{host}"; "127.0.0.1" is used.']


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("proxy.allowed_hosts", "nas,http://nas.local"),
        ("proxy.allowed_hosts", "*"),
        ("proxy.allowed_origins", "https://a\nb"),
        ("ollama.binary", "/usr/bin/oll\0ama"),
        ("ollama.models_dir", "/srv/\ud8ff"),
        ("ollama.models_dir", "/srv/" + "m" * 256),
        ("ollama.models_dir", "/m" * 2048),
        ("window.language", "en\r\nX: y"),
        ("pools.chat.models", "llama\x00"),
        ("pools.chat.name", "chat\nX"),
        ("pools.chat.name", "Chat"),
        ("pools.chat.environment.A", "1\n2"),
        ("pools.chat.environment.A", "1\0"),
        ("pools.chat.environment.A", "x" * 40_000),
        ("pools.chat.environment.A=B", "1"),
        ("pools.chat.environment.A\n", "1"),
        ("pools.chat.environment", '{"A B": "1"}'),
        ("scheduling.client_headers", "X User"),
        ("scheduling.client_headers", "X-User:"),
        ("scheduling.client_headers", "X-Büro"),
        ("scheduling.client_headers", "X-User,authorization"),
        ("scheduling.client_headers", "Cookie"),
        ("scheduling.client_headers", "X-Api-Key"),
        ("scheduling.weights.ann\n", "2"),
        ("scheduling.weights.ann", "nan"),
        ("scheduling.dwell_s", "inf"),
        ("proxy.queue_timeout_s", "nan"),
        ("proxy.queue_timeout_s", "1e400"),
        ("proxy.body_timeout_s", "1e12"),
        ("proxy.queue_limit", "9" * 30),
        ("proxy.max_body_mib", "9" * 30),
        ("proxy.connections_per_client", "9" * 30),
    ],
)
def test_a_value_that_the_panel_cannot_live_with_is_refused_with_one_sentence(key: str, text: str) -> None:
    said = refused(key, text)
    assert key.split("\n")[0] in said or "pools[1] needs a name" in said
    assert len(said.splitlines()) == 1
    assert len(said) < 400


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("proxy.allowed_hosts", ["nas", "a b", "nas.local"], ("nas", "nas.local")),
        ("proxy.allowed_origins", ["https://a", "b\n", 7], ("https://a",)),
        ("scheduling.client_headers", ["X-User", "Authorization", "X User", 7], ("X-User",)),
        ("scheduling.weights", {"ann": 2, "b\n": 1, "c": 0, "d": None}, {"ann": 2.0}),
        (
            "proxy.api_keys",
            [
                {"name": "laptop", "digest": DIGEST},
                {"name": "phone\n", "digest": DIGEST},
                {"name": "", "digest": DIGEST},
                {"name": "tv", "digest": f"{DIGEST}\n"},
                {"name": "tv", "digest": "é" * 64},
                {"name": "tv"},
                "tv",
            ],
            (ApiKey("laptop", DIGEST),),
        ),
    ],
)
def test_a_bad_entry_of_a_list_leaves_its_neighbours_alone(key: str, value: list[object], kept: object) -> None:
    settings, told = read(key, value)
    group, _, name = key.partition(".")
    assert getattr(getattr(settings, group), name) == kept
    assert len(told) == len(value) - len(kept)  # type: ignore[arg-type]  # every case keeps a list or a mapping
    assert all(f"{key}[" in one or f"{key}." in one for one in told)
    assert DIGEST not in "".join(told)


def test_a_pool_whose_name_ends_with_a_line_break_is_left_out() -> None:
    settings, problems = codec.load(b'{"pools": [{"name": "chat\\n"}, {"name": "b"}]}')
    assert [pool.name for pool in settings.pools] == ["b"]
    assert [problem.where for problem in problems] == ["pools[1]"]
    assert codec.check(Settings(pools=(PoolSettings(PoolName("chat\n")),)))


@pytest.mark.parametrize("path", ["", "/srv/My Models", "D:\\模型\\a", "/srv/\u3000/\u00a0", "~/models"])
def test_paths_may_have_blanks_of_every_script(path: str) -> None:
    assert codec.set(Settings(), "ollama.models_dir", path).ollama.models_dir == path


def test_a_list_with_a_form_is_set_with_commas() -> None:
    assert codec.set(Settings(), "proxy.allowed_hosts", "nas, büro.example,").proxy.allowed_hosts == (
        "nas",
        "büro.example",
    )


def test_a_long_value_is_repeated_in_part() -> None:
    assert len(refused("proxy.host", "a" * 100_000)) < 300


def test_settings_of_a_program_that_no_file_can_hold_are_told() -> None:
    settings = Settings(proxy=ProxySettings(host="\ud800", queue_limit=10**30, queue_timeout_s=float("nan")))
    assert [one.where for one in codec.check(settings)] == ["proxy.host", "proxy.queue_limit", "proxy.queue_timeout_s"]


def test_a_form_is_told_before_it_is_tried() -> None:
    assert render(forms.expected(str)) == "text"
    assert render(forms.expected(ListenHost)).startswith("an address such as")
