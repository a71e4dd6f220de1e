"""Two changes of the same settings, by the window and by a command, both survive."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.merge import merged, taken_back
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Settings

DIGEST = "0" * 64
BASE = codec.set(
    codec.set(Settings(), "pools.chat.environment", '{"A":"1","B":"1"}'),
    "proxy.api_keys",
    f'[{{"name":"a","digest":"{DIGEST}"}},{{"name":"b","digest":"{DIGEST}"}}]',
)


def changed(*pairs: tuple[str, str]) -> Settings:
    settings = BASE
    for key, text in pairs:
        settings = codec.set(settings, key, text)
    return settings


def with_pools(*names: str) -> Settings:
    pools = {pool.name: pool for pool in BASE.pools}
    return msgspec.structs.replace(
        BASE, pools=tuple(pools.get(PoolName(name), PoolSettings(PoolName(name))) for name in names)
    )


def with_keys(*names: str) -> Settings:
    keys = tuple(ApiKey(name, DIGEST) for name in names)
    return msgspec.structs.replace(BASE, proxy=msgspec.structs.replace(BASE.proxy, api_keys=keys))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (("proxy.port", "1"), ("proxy.host", "::1")),
        (("proxy.port", "1"), ("window.theme", "dark")),
        (("pools.chat.parallel", "7"), ("pools.chat.workers", "3")),
        (("pools.chat.parallel", "7"), ("pools.embedding.parallel", "3")),
        (("pools.chat.environment.A", "2"), ("pools.chat.environment.B", "2")),
        (("pools.chat.environment.A", ""), ("pools.chat.environment.C", "2")),
        (("scheduling.weights.ann", "2"), ("scheduling.weights.bob", "3")),
    ],
)
def test_different_keys_are_united(mine: tuple[str, str], theirs: tuple[str, str]) -> None:
    assert merged(BASE, changed(mine), changed(theirs)) == changed(theirs, mine)
    assert merged(BASE, changed(theirs), changed(mine)) == changed(theirs, mine)


@pytest.mark.parametrize("key", ["proxy.port", "pools.chat.parallel", "pools.chat.environment.A"])
def test_of_one_key_the_draft_wins(key: str) -> None:
    assert merged(BASE, changed((key, "7")), changed((key, "8"))) == changed((key, "7"))


@pytest.mark.parametrize(
    ("mine", "theirs", "united"),
    [
        (("a", "b", "c"), ("a", "b", "d"), ("a", "b", "c", "d")),
        (("b",), ("a", "b", "d"), ("b", "d")),
        (("a", "b"), ("b",), ("b",)),
        (("b",), ("a",), ()),
    ],
)
def test_keys_that_are_added_and_removed_stay_so(
    mine: tuple[str, ...], theirs: tuple[str, ...], united: tuple[str, ...]
) -> None:
    assert merged(BASE, with_keys(*mine), with_keys(*theirs)) == with_keys(*united)


def test_pools_that_are_added_and_removed_stay_so() -> None:
    assert merged(BASE, with_pools("chat", "embedding", "code"), with_pools("chat", "embedding", "vision")) == (
        with_pools("chat", "embedding", "code", "vision")
    )
    assert merged(BASE, with_pools("embedding"), changed(("pools.chat.parallel", "7"))) == with_pools("embedding")


def test_a_pool_that_was_removed_but_is_changed_in_the_draft_is_kept() -> None:
    mine = changed(("pools.chat.parallel", "7"))
    assert {pool.name for pool in merged(BASE, mine, with_pools("embedding")).pools} == {"chat", "embedding"}


def test_two_new_pools_of_one_name_are_that_of_the_draft() -> None:
    mine = with_pools("chat", "code")
    theirs = codec.set(mine, "pools.code.parallel", "7")
    assert merged(with_pools("chat"), mine, theirs) == mine


PAIRS = st.lists(
    st.sampled_from(
        [(key, codec.get(BASE, key)) for key in codec.keys(BASE)]
        + [("proxy.port", "7"), ("pools.chat.parallel", "7"), ("pools.chat.environment.A", "7")]
    ),
    max_size=4,
)


@given(PAIRS, PAIRS)
def test_who_changed_nothing_loses_nothing(mine: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> None:
    one, other = changed(*mine), changed(*theirs)
    assert merged(BASE, BASE, other) == other
    assert merged(BASE, one, BASE) == one
    assert merged(BASE, one, one) == one
    assert codec.check(merged(BASE, one, other)) == ()


def test_what_is_taken_back_is_the_change_and_nothing_that_was_changed_since() -> None:
    after = changed(("pools.chat.parallel", "6"), ("pools.chat.workers", "3"))
    now = codec.set(codec.set(after, "pools.chat.parallel", "8"), "proxy.port", "11499")
    assert taken_back(BASE, after, now) == changed(("pools.chat.parallel", "8"), ("proxy.port", "11499"))


def test_pools_are_taken_back_unless_they_were_changed_since() -> None:
    more, fewer = with_pools("chat", "embedding", "extra"), with_pools("chat")
    assert taken_back(with_pools("chat", "embedding"), more, more) == with_pools("chat", "embedding")
    assert taken_back(with_pools("chat", "embedding"), fewer, fewer) == with_pools("chat", "embedding")
    touched = codec.set(more, "pools.extra.workers", "3")
    assert taken_back(with_pools("chat", "embedding"), more, touched) == touched
