"""Every setting has a title and a meaning, and is found by the key of a user."""

import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import catalog, codec
from ollama_panel.core.settings.catalog import SETTINGS, find, locate
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Settings

FULL = codec.set(
    codec.set(Settings(), "scheduling.weights.10.0.0.7", "2"), "pools.chat.environment.OLLAMA_KEEP_ALIVE", "1h"
)


def test_every_field_of_the_tree_is_listed() -> None:
    groups = (getattr(Settings(), name) for name in ("proxy", "scheduling", "ollama", "machine", "history", "window"))
    fields = [name for kind in (Settings, PoolSettings, ApiKey, *groups) for name in kind.__struct_fields__]
    assert sorted(key.rpartition(".")[2] for key in SETTINGS) == sorted(fields)


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_has_a_short_title_and_one_or_two_sentences(key: str) -> None:
    one = SETTINGS[key]
    assert 0 < len(one.title) <= 28
    assert one.title[0].isupper()
    assert not one.title.endswith(".")
    assert one.description.endswith(".")
    assert 20 <= len(one.description) <= 190


def test_titles_within_a_group_differ() -> None:
    places = [(one.key.rpartition(".")[0], one.title) for one in SETTINGS.values()]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("key", codec.keys(FULL))
def test_every_key_of_a_user_is_described(key: str) -> None:
    assert find(key).title


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("pools.chat.parallel", "pools.NAME.parallel"),
        ("pools.my-pool_2.environment.OLLAMA_KEEP_ALIVE", "pools.NAME.environment"),
        ("scheduling.weights.10.0.0.7", "scheduling.weights"),
        ("proxy", "proxy"),
        ("pools", "pools"),
    ],
)
def test_a_value_by_name_is_described_by_the_setting_that_holds_it(key: str, found: str) -> None:
    assert find(key).key == found
    assert key.endswith(locate(key)[1])


@pytest.mark.parametrize("key", ["proxy.prot", "pools.chat.paralel", "proxy.port.x", ""])
def test_what_is_no_setting_is_not_found(key: str) -> None:
    with pytest.raises(KeyError):
        find(key)


def test_defaults_and_limits_are_those_of_the_tree() -> None:
    assert find("proxy.port").default == "11435"
    assert find("pools.chat.context_length").default == "4096"
    assert (find("pools.chat.workers").low, find("pools.chat.workers").high) == (0, 16)
    assert find("pools.chat.name").default is None
    assert find("pools").default is None
    assert SETTINGS["proxy.api_keys[].request_class"].default == "null"
    assert find("ollama.binary").default == ""
    assert find("scheduling.dwell_s").default == "8"
    for key in codec.keys(Settings()):
        default = find(key).default
        assert default is None or codec.set(Settings(), key, default)


def test_the_unit_of_a_time_is_the_one_in_its_key() -> None:
    units = {"_s": "seconds", "_ms": "milliseconds", "_mib": "MiB"}
    for key, one in SETTINGS.items():
        ending = next((unit for end, unit in units.items() if key.endswith(end)), None)
        assert ending is None or one.unit == ending, key


def test_switches_and_values_by_name_are_told_apart() -> None:
    assert find("proxy.enabled").switch
    assert not find("proxy.port").switch
    assert [one.key for one in SETTINGS.values() if one.named] == [
        "scheduling.weights",
        "scheduling.classes",
        "scheduling.limits",
        "pools.NAME.environment",
    ]
    assert render(find("scheduling.weights").values_by_name) == "a number from 0.01 to 100"
    assert [one.key for one in SETTINGS.values() if one.group] == [
        "proxy",
        "scheduling",
        "ollama",
        "machine",
        "history",
        "window",
        "pools",
    ]


def test_every_text_is_handed_to_the_translators_once() -> None:
    texts = catalog.texts()
    assert len(set(texts)) == len(texts)
    assert {"Longest wait", "seconds", find("proxy.port").description} <= set(texts)
