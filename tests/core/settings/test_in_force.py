"""A slip in the settings file while the panel runs: the value in force stays, and the file says nothing else."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.in_force import keeping
from ollama_panel.core.settings.tree import PoolSettings, Settings

IN_FORCE = codec.change(Settings(), {"proxy.port": 1001, "pools.chat.parallel": 7, "ollama.first_port": 20_000})


def read(content: dict[str, Any], in_force: Settings = IN_FORCE) -> tuple[Settings, list[str]]:
    """Return what is put into force of a file, and what is said."""
    settings, problems = keeping(*codec.load(json.dumps(content).encode()), in_force)
    return settings, [f"{problem.where} {render(problem.notice)}" for problem in problems]


def test_a_value_that_is_none_leaves_the_one_in_force() -> None:
    settings, said = read({"proxy": {"port": "a", "queue_limit": 5}})
    assert (settings.proxy.port, settings.proxy.queue_limit) == (1001, 5)
    assert said == ['proxy.port must be a whole number from 1 to 65535, not "a"; what is in force stays.']


def test_what_the_file_does_not_name_has_its_default() -> None:
    settings, said = read({"proxy": {"queue_limit": "many"}})
    assert (settings.proxy.port, settings.proxy.queue_limit) == (Settings().proxy.port, IN_FORCE.proxy.queue_limit)
    assert len(said) == 1


@pytest.mark.parametrize("key", ["proxy", "pools"])
def test_a_group_that_is_none_leaves_all_that_is_in_force(key: str) -> None:
    settings, said = read({key: 7})
    assert getattr(settings, key) == getattr(IN_FORCE, key)
    assert said[0].endswith("; what is in force stays.")


def test_a_value_of_a_pool_stays_and_a_new_pool_has_the_default() -> None:
    pools = [{"name": "chat", "role": "chat", "parallel": "a"}, {"name": "new", "role": "chat", "parallel": "a"}]
    settings, said = read({"pools": pools})
    usual = PoolSettings(PoolName("new"), Role.CHAT).parallel
    assert [pool.parallel for pool in settings.pools] == [7, usual]
    assert [one.rpartition("; ")[2] for one in said] == ["what is in force stays.", f'"{usual}" is used.']


def test_defaults_are_used_where_what_is_in_force_does_not_fit_to_the_rest() -> None:
    in_force = codec.change(Settings(), {"ollama.first_port": 65_525})
    pools = [{"name": name, "role": "chat", "workers": 8} for name in ("one", "two")]
    settings, said = read({"ollama": {"first_port": "a"}, "pools": pools}, in_force)
    assert settings.ollama.first_port == Settings().ollama.first_port
    assert said[0].endswith(f'; "{Settings().ollama.first_port}" is used.')


def test_what_is_only_ignored_is_told_as_at_a_start() -> None:
    assert read({"prxy": {}}) == (Settings(), ["prxy is not a setting; it is ignored."])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 70_000) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
PLACES = sorted(key for key in codec.keys(Settings()) if "environment" not in key)


@given(st.sampled_from(PLACES), JSON)
def test_whatever_stands_at_a_key_what_is_put_into_force_is_valid(key: str, value: object) -> None:
    content = msgspec.to_builtins(IN_FORCE)
    *groups, last = key.split(".")
    place = content
    for name in groups:
        place = place[name] if isinstance(place, dict) else next(pool for pool in place if pool["name"] == name)
    place[last] = value
    settings, problems = keeping(*codec.load(json.dumps(content).encode()), IN_FORCE)
    assert codec.check(settings) == ()
    if any(problem.notice.code == "setting.kept" for problem in problems):
        assert settings == IN_FORCE
