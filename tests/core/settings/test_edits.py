"""Edits of the pools and of the API keys: what is added and removed, and what is refused."""

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import ChangePools
from ollama_panel.core.settings import edits
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Settings

CODE = PoolSettings(PoolName("code"))
LAPTOP, PHONE = ApiKey("laptop", "0" * 64), ApiKey("phone", "1" * 64)


def code_of(error: pytest.ExceptionInfo[PanelError]) -> str:
    return error.value.notice.code


def test_a_pool_is_added_once_and_removed() -> None:
    settings = edits.with_pool(Settings(), CODE)
    assert [pool.name for pool in settings.pools] == ["chat", "embedding", "code"]
    assert edits.find_pool(settings, "code") is CODE
    with pytest.raises(PanelError) as error:
        edits.with_pool(settings, CODE)
    assert code_of(error) == "pool.exists"
    assert edits.without_pool(settings, "code") == Settings()


def test_a_pool_that_is_not_there_is_named_on_one_line() -> None:
    with pytest.raises(PanelError, match=r"There is no pool a\\nb; there are chat and embedding\."):
        edits.without_pool(Settings(), "a\nb")


def test_an_accepted_offer_changes_its_pools_and_removes_variables_that_would_win_over_it() -> None:
    own = PoolSettings(CODE.name, environment={"OLLAMA_CONTEXT_LENGTH": "65536", "OLLAMA_NUM_PARALLEL": "8", "A": "1"})
    other = PoolSettings(PoolName("chat"))
    offer = ChangePools((CODE.name,), context_length=8192, parallel=1, workers=3, environment=(("OLLAMA_VULKAN", "1"),))
    after = edits.changed_pools(Settings(pools=(own, other)), offer).pools
    assert (after[0].context_length, after[0].parallel, after[0].workers) == (8192, 1, 3)
    assert after[0].environment == {"A": "1", "OLLAMA_VULKAN": "1"}
    assert after[1] is other


def test_a_key_is_added_once_and_removed() -> None:
    settings = edits.with_key(edits.with_key(Settings(), LAPTOP), PHONE)
    assert settings.proxy.api_keys == (LAPTOP, PHONE)
    with pytest.raises(PanelError) as error:
        edits.with_key(settings, LAPTOP)
    assert code_of(error) == "keys.exists"
    assert edits.without_key(settings, "laptop").proxy.api_keys == (PHONE,)


@pytest.mark.parametrize(("keys", "code"), [((), "keys.none"), ((PHONE,), "keys.unknown")])
def test_a_key_that_is_not_there_cannot_be_removed(keys: tuple[ApiKey, ...], code: str) -> None:
    settings = Settings()
    for key in keys:
        settings = edits.with_key(settings, key)
    with pytest.raises(PanelError) as error:
        edits.without_key(settings, "laptop")
    assert code_of(error) == code
