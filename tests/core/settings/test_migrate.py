"""Old settings are migrated step by step on the raw data."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.migrate import Tree, migrate
from ollama_panel.core.settings.tree import Settings


def renamed(tree: Tree) -> Tree:
    return {"door": tree["proxy"], "version": 2}


def doubled(tree: Tree) -> Tree:
    return {**tree, "twice": True}


def test_each_version_is_passed_in_order() -> None:
    tree, problems = migrate({"version": 1, "proxy": 7}, {1: renamed, 2: doubled}, target=3)
    assert tree == {"version": 3, "door": 7, "twice": True}
    assert problems == ()


def test_a_file_without_a_version_is_the_first() -> None:
    assert migrate({"proxy": 7}, {1: renamed}, target=2)[0] == {"version": 2, "door": 7}


def test_a_newer_file_is_read_as_far_as_possible_and_reported() -> None:
    tree, problems = migrate({"version": 5, "proxy": 7}, {}, target=1)
    assert tree == {"version": 1, "proxy": 7}
    assert [problem.where for problem in problems] == ["version"]


def test_the_default_off_of_plain_heartbeats_in_a_file_of_version_1_becomes_on_and_is_told() -> None:
    settings, problems = codec.load(
        b'{"version": 1, "proxy": {"port": 5, "heartbeat": true, "heartbeat_plain": false}}'
    )
    assert (settings.proxy.heartbeat_plain, settings.proxy.port) == (True, 5)
    assert [(problem.where, render(problem.notice)) for problem in problems] == [
        (
            "proxy.heartbeat_plain",
            "is on now: it was off, as earlier versions had it by default. "
            "To turn it off: ollama-panel settings set proxy.heartbeat_plain off",
        )
    ]


@pytest.mark.parametrize(
    ("written", "on"),
    [
        (b'{"version": 1, "proxy": {"heartbeat": false, "heartbeat_plain": false}}', False),
        (b'{"version": 1, "proxy": {"heartbeat_plain": true}}', True),
        (b'{"version": 1, "proxy": {}}', True),
        (b'{"version": 1}', True),
        (b'{"proxy": {"heartbeat_plain": false}}', False),
        (b'{"version": 2, "proxy": {"heartbeat_plain": false}}', False),
    ],
)
def test_a_choice_about_plain_heartbeats_stays_as_it_is(written: bytes, on: bool) -> None:
    settings, problems = codec.load(written)
    assert (settings.proxy.heartbeat_plain, problems) == (on, ())


@pytest.mark.parametrize(
    ("written", "promised"),
    [
        (b'{"version": 2, "scheduling": {"token_time_ms": 50}}', [20.0, 0.0]),
        (
            b'{"version": 2, "scheduling": {"token_time_ms": 30}, "pools": [{"name": "code", "role": "code"}]}',
            [33.333],
        ),
        (b'{"version": 2, "scheduling": {"token_time_ms": 0}}', [0.0, 0.0]),
        (b'{"version": 2, "scheduling": {"token_time_ms": true}}', [0.0, 0.0]),
        (b'{"version": 2, "scheduling": {"token_time_ms": "slow"}, "pools": 7}', [0.0, 0.0]),
    ],
)
def test_the_longest_time_per_token_becomes_the_slo_of_the_pools_that_answer(
    written: bytes, promised: list[float]
) -> None:
    settings, problems = codec.load(written)
    assert [pool.slo_token_rate for pool in settings.pools] == promised
    told = [render(one.notice) for one in problems if one.where == "scheduling.token_time_ms"]
    assert [one.startswith("is an SLO of each pool now") for one in told] == ([True] if promised[0] else [])
    assert codec.load(codec.dump(settings)) == (settings, ()), "it is told once"


def test_the_longest_time_per_token_is_answered_with_what_has_become_of_it() -> None:
    with pytest.raises(PanelError, match=r"^scheduling\.token_time_ms is an SLO of each pool now"):
        codec.set(Settings(), "scheduling.token_time_ms", "50")
    [problem] = codec.load(b'{"version": 3, "scheduling": {"token_time_ms": 50}}')[1]
    assert render(problem.notice).endswith("20 as pools.chat.slo_token_rate; it is ignored.")


def test_what_was_migrated_is_told_once() -> None:
    settings, _ = codec.load(b'{"version": 1, "proxy": {"heartbeat_plain": false}}')
    assert codec.load(codec.dump(settings)) == (settings, ())


def test_a_file_of_version_1_with_a_proxy_that_is_no_group_is_still_read() -> None:
    assert [problem.where for problem in codec.load(b'{"version": 1, "proxy": 7}')[1]] == ["proxy"]
