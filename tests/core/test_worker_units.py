"""Units that are workers, by their names and their addresses."""

import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.worker_units import unit_name, worker_of_unit

ADDRESS = 'Environment="OLLAMA_HOST=127.0.0.1:11501"'


def test_a_unit_with_the_address_of_a_worker_is_that_worker() -> None:
    name = unit_name(InstanceId("my-chat-2"))
    assert name == "ollama-my-chat-2.service"
    assert worker_of_unit(name, f"[Service]\n{ADDRESS}\n") == (11501, "my-chat")


def test_so_is_a_quadlet_that_publishes_its_port() -> None:
    text = "[Container]\nPublishPort=127.0.0.1:11500:11434\n"
    assert worker_of_unit("ollama-chat-1.container", text) == (11500, "chat")
    assert worker_of_unit("ollama-chat-1.service", text) is None
    assert worker_of_unit("ollama-chat-1.container", "[Container]\nPublishPort=11500:11434\n") is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ollama.service", ADDRESS),
        ("ollama-chat-2", ADDRESS),
        ("ollama.volume", ADDRESS),
        ("llm-chat-2.service", ADDRESS),
        ("ollama-chat-2.service", "[Service]\nExecStart=/usr/bin/ollama serve\n"),
        ("ollama-chat-2.service", 'Environment="OLLAMA_HOST=0.0.0.0:11501"'),
        ("ollama-chat-2.service", f"#{ADDRESS}"),
    ],
)
def test_any_other_is_none(name: str, text: str) -> None:
    assert worker_of_unit(name, text) is None
