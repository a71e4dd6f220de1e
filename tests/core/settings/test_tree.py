"""The defaults are themselves valid, and everything a user may set has a limit where one is needed."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.launch import plan_instances
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import VERSION, Settings


def test_the_defaults_are_valid_and_a_file_of_them_is_read_back() -> None:
    assert codec.check(Settings()) == ()
    assert codec.load(codec.dump(Settings())) == (Settings(), ())


def test_the_defaults_leave_ollamas_own_port_alone() -> None:
    ports = {spec.port for spec in plan_instances(Settings(), ("ollama",), cores=8, gpu=True)}
    assert 11434 not in ports | {Settings().proxy.port}
    assert Settings().proxy.port not in ports


def test_a_default_panel_has_a_pool_for_chats_and_one_for_embeddings() -> None:
    assert [(pool.name, pool.role.value) for pool in Settings().pools] == [("chat", "chat"), ("embedding", "embedding")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pools.chat.workers", "17"),
        ("pools.chat.parallel", "0"),
        ("pools.chat.parallel", "65"),
        ("pools.chat.context_length", "255"),
        ("proxy.queue_limit", "0"),
        ("proxy.queue_timeout_s", "-1"),
        ("scheduling.batch_share", "1.1"),
        ("ollama.first_port", "0"),
    ],
)
def test_beyond_a_limit_there_is_nothing(key: str, value: str) -> None:
    with pytest.raises(PanelError, match=key):
        codec.set(Settings(), key, value)


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        Settings().version = 2  # type: ignore[misc]
    assert msgspec.structs.replace(Settings(), version=VERSION) == Settings()
