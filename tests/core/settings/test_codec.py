"""Settings files: reading never fails and loses nothing silently; keys are checked before anything is written."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.settings.tree_ollama import OllamaSettings
from ollama_panel.core.settings.tree_window import Theme

DATA = Path(__file__).parents[2] / "data"


def sentences(raw: bytes) -> list[str]:
    return [f"{problem.where} {render(problem.notice)}" for problem in codec.load(raw)[1]]


def test_settings_are_read_back_without_a_problem() -> None:
    settings = codec.set(Settings(), "pools.chat.environment.OLLAMA_KEEP_ALIVE", "10m")
    assert codec.load(codec.dump(settings)) == (settings, ())


def test_a_file_of_version_1_is_read_whole() -> None:
    settings, problems = codec.load((DATA / "settings-1.json").read_bytes())
    assert problems == ()
    assert settings.proxy.port == 11440
    assert settings.window.theme is Theme.DARK
    assert settings.pools[0] == PoolSettings(
        PoolName("chat"), Role.CHAT, 2, 4, 8192, ("llama3.1:8b",), {"OLLAMA_FLASH_ATTENTION": "1"}
    )


def test_an_empty_object_is_all_defaults() -> None:
    assert codec.load(b"{}") == (Settings(), ())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_a_file_that_is_not_settings_gives_the_defaults_and_one_problem(raw: bytes) -> None:
    settings, problems = codec.load(raw)
    assert settings == Settings()
    assert [problem.where for problem in problems] == ["settings.json"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            b'{"proxy": {"port": 70000}}',
            'proxy.port must be a whole number from 1 to 65535, not "70000"; "11435" is used.',
        ),
        (b'{"proxy": 7}', "proxy must be a group of settings in braces; the default is used."),
        (b'{"prxy": {}}', "prxy is not a setting; it is ignored."),
        (
            b'{"window": {"theme": "pink"}}',
            'window.theme must be one of system, light and dark, not "pink"; "system" is used.',
        ),
        (b'{"pools": []}', "pools must hold at least one pool; the usual pair is used."),
        (b'{"pools": {}}', "pools must be a list of pools in brackets; the usual pair is used."),
        (
            b'{"pools": [{"name": "a", "parallel": true}]}',
            'pools.a.parallel must be a whole number from 1 to 64, not "true"; "2" is used.',
        ),
        (
            b'{"pools": [{"name": "a", "environment": {"A": 1}}]}',
            "pools.a.environment.A must be text in quotes, on one line; it is ignored.",
        ),
        (
            b'{"pools": [{"name": "a", "environment": {"A B": "1"}}]}',
            "pools.a.environment.A B is not a variable name: letters, digits and underscores, no digit first; "
            "it is ignored.",
        ),
        *(
            (
                f'{{"scheduling": {{"limits": {{"{name}": 2}}}}}}'.encode(),
                f"scheduling.limits.{told} must be a name on one line, of 1 to 1,000 characters; it is ignored.",
            )
            for name, told in (("", ""), (" ", " "), ("x" * 1001, "x" * 82 + "…"))
        ),
        (b'{"version": "x"}', 'version must be a whole number from 1 up, not "x"; version 3 is assumed.'),
        (
            b'{"version": 99}',
            "version is 99, newer than that of this panel (3); unknown settings are ignored.",
        ),
        (
            b'{"ollama": {"first_port": 65535}}',
            'ollama.first_port leaves too few ports below 65536 for all workers; "11500" is used.',
        ),
    ],
)
def test_a_bad_field_becomes_its_default_and_a_sentence(raw: bytes, said: str) -> None:
    assert sentences(raw) == [said]


def test_a_bad_field_leaves_its_neighbours_alone() -> None:
    settings, _ = codec.load(b'{"pools": [{"name": "big", "parallel": "many", "workers": 3}]}')
    assert settings.pools == (PoolSettings(PoolName("big"), workers=3),)


def test_two_pools_of_one_name_both_survive() -> None:
    settings, problems = codec.load(b'{"pools": [{"name": "a", "workers": 1}, {"name": "a", "workers": 2}]}')
    assert [(pool.name, pool.workers) for pool in settings.pools] == [("a", 1), ("a-2", 2)]
    assert [problem.where for problem in problems] == ["pools.a"]


def test_a_pool_without_a_usable_name_is_left_out() -> None:
    settings, problems = codec.load(b'{"pools": [{"name": "No Spaces"}, {"name": "b"}]}')
    assert [pool.name for pool in settings.pools] == ["b"]
    assert problems[0].where == "pools[1]"


NAMES = st.sampled_from([*Settings.__struct_fields__, *PoolSettings.__struct_fields__, "port", "host", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)


@given(st.binary(max_size=200) | JSON.map(msgspec.json.encode))
def test_whatever_is_in_the_file_the_result_is_valid(raw: bytes) -> None:
    settings, _ = codec.load(raw)
    assert codec.check(settings) == ()
    assert codec.load(codec.dump(settings)) == (settings, ())


@pytest.mark.parametrize(
    ("key", "text", "got"),
    [
        ("proxy.port", "8080", "8080"),
        ("proxy.heartbeat", "off", "false"),
        ("proxy.queue_timeout_s", "2.5", "2.5"),
        ("pools.chat.parallel", " 4 ", "4"),
        ("pools.chat.role", "code", "code"),
        ("pools.chat.models", "a, b:1", "a,b:1"),
        ("pools.chat.environment.OLLAMA_KEEP_ALIVE", "-1", "-1"),
        ("pools.chat.environment", '{"A":"1"}', '{"A":"1"}'),
        ("window.theme", "dark", "dark"),
        ("scheduling.weights.alice", "2.5", "2.5"),
        ("scheduling.client_headers", "X-User, X-Forwarded-For", "X-User,X-Forwarded-For"),
    ],
)
def test_a_key_is_set_and_read_back(key: str, text: str, got: str) -> None:
    assert codec.get(codec.set(Settings(), key, text), key) == got


def test_pools_can_be_set_as_a_whole() -> None:
    settings = codec.set(Settings(), "pools", '[{"name": "only", "workers": 4}]')
    assert settings.pools == (PoolSettings(PoolName("only"), workers=4),)


def test_a_group_keeps_what_is_not_named() -> None:
    before = codec.set(Settings(), "proxy.queue_limit", "7")
    assert codec.set(before, "proxy", '{"port": 8080}') == codec.set(before, "proxy.port", "8080")
    assert codec.set(before, "pools.chat", '{"workers": 3}') == codec.set(before, "pools.chat.workers", "3")


def test_an_empty_text_removes_a_variable() -> None:
    settings = codec.set(Settings(), "pools.chat.environment.A", "1")
    assert codec.set(settings, "pools.chat.environment.A", "") == Settings()


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("proxy.port", "x", 'proxy.port must be a whole number from 1 to 65535, not "x".'),
        ("proxy.port", "0", 'proxy.port must be a whole number from 1 to 65535, not "0".'),
        ("proxy.prot", "1", 'There is no setting "proxy.prot"; the nearest is "proxy.port".'),
        ("pools.chat.paralel", "1", 'There is no setting "pools.chat.paralel"; the nearest is "pools.chat.parallel".'),
        (
            "scheduling.weights.bob",
            "-1",
            'scheduling.weights.bob must be a number from 0.01 to 100, not "-1".',
        ),
        ("proxy.heartbeat", "maybe", 'proxy.heartbeat must be true or false, not "maybe".'),
        ("proxy.port", "8\udcff", 'proxy.port must be a whole number from 1 to 65535, not "8\\udcff".'),
        ("proxy", '{"prot": 1}', "proxy.prot is not a setting."),
        ("proxy", '{"port": 0}', 'proxy.port must be a whole number from 1 to 65535, not "0".'),
        (
            "proxy",
            "{port: 1}",
            'proxy must be a group of settings in braces, not "{port: 1}". '
            'It is not valid JSON: line 1, column 2: the name port needs double quotes (").',
        ),
        ("proxy", "port", 'proxy must be a group of settings in braces, not "port".'),
        ("proxy", "7", "proxy must be a group of settings in braces."),
        ("pools.chat", '{"work": 1}', "pools.chat.work is not a setting."),
        (
            "pools",
            '[{"name": "a", "role": "x"}]',
            'pools.a.role must be one of chat, embedding, code, vision and batch, not "x".',
        ),
        ("scheduling.weights", '{"bob": 0}', 'scheduling.weights.bob must be a number from 0.01 to 100, not "0".'),
        ("pools.chat.environment", '{"A": 1}', "pools.chat.environment.A must be text in quotes, on one line."),
        ("pools", "[]", "pools must hold at least one pool."),
        ("pools", '[{"name": "a"}, {"name": "a"}]', "pools.a is the name of two pools."),
        ("ollama.first_port", "65535", "ollama.first_port leaves too few ports below 65536 for all workers."),
    ],
)
def test_a_wrong_key_or_value_is_one_sentence(key: str, text: str, said: str) -> None:
    with pytest.raises(PanelError) as caught:
        codec.set(Settings(), key, text)
    assert str(caught.value) == said


def test_a_missing_key_lists_what_there_is() -> None:
    with pytest.raises(PanelError, match=r"there are proxy\.enabled, proxy\.host"):
        codec.get(Settings(), "zzz")


def test_every_key_that_is_listed_can_be_read_and_written() -> None:
    settings = codec.set(Settings(), "pools.chat.environment.A", "1")
    for key in codec.keys(settings):
        assert codec.set(settings, key, codec.get(settings, key)) == settings


def test_settings_made_by_a_program_are_checked_too() -> None:
    broken = msgspec.structs.replace(Settings(), pools=(PoolSettings(PoolName("a"), parallel=0),))
    assert [(p.where, render(p.notice)) for p in codec.check(broken)] == [
        ("pools.a.parallel", 'pools.a.parallel must be a whole number from 1 to 64, not "0".')
    ]


@pytest.mark.parametrize("workers", [1, 3])
def test_the_last_worker_needs_a_port_and_one_more_that_the_proxy_may_have(workers: int) -> None:
    pools = (PoolSettings(PoolName("chat"), workers=workers),)
    last = 65535 - workers
    assert codec.check(Settings(pools=pools, ollama=OllamaSettings(first_port=last))) == ()
    (problem,) = codec.check(Settings(pools=pools, ollama=OllamaSettings(first_port=last + 1)))
    assert problem.where == "ollama.first_port"
