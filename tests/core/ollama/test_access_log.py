"""Which lines of a log tell of requests to a model."""

import pytest

from ollama_panel.core.ollama.access_log import asks_a_model

CHAT = '[GIN] 2026/03/02 - 08:15:03 | 200 |  1.250417834s |       127.0.0.1 | POST     "/api/chat"'


@pytest.mark.parametrize(
    ("line", "asks", "from_elsewhere"),
    [
        (CHAT, True, False),
        (CHAT.replace("127.0.0.1", "      ::1"), True, False),
        (CHAT.replace("127.0.0.1", "172.17.0.2"), True, True),
        (CHAT.replace("/api/chat", "/v1/embeddings"), True, False),
        (CHAT.replace("| 200 |", "| 499 |"), True, False),
        ("Mar 02 08:15:03 box ollama[7]: " + CHAT, True, False),
        (CHAT.replace("/api/chat", "/api/tags"), False, False),
        (CHAT.replace("POST ", "GET  "), False, False),
        ("[GIN] a request", False, False),
        ("llama_context: n_batch = 512", False, False),
    ],
)
def test_lines(line: str, *, asks: bool, from_elsewhere: bool) -> None:
    assert asks_a_model(line) is asks
    assert asks_a_model(line, from_elsewhere=True) is from_elsewhere
