"""How notices read that have others in them."""

import re

import pytest

from ollama_panel.core.notices.render import render
from tests.core.notices.examples import EXAMPLES, example


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_notice_is_one_line_without_doubled_signs(code: str) -> None:
    assert not re.search(r"[\n]|(?<!\.)\.\.(?!\.)|  |: :", render(example(code)))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "proxy.port_taken",
            "The proxy cannot listen on 0.0.0.0:11435: nginx (process 812) has that port. Stop it, or choose another "
            "port.",
        ),
        ("rollout.step", "2 of 5: Starting chat-1."),
        (
            "plan.restart",
            "chat-1 and chat-2: restarted one after the other, without losing a request (Parallel 2 → 4).",
        ),
        ("setting.refused", "pools.chat.parallel is not a setting."),
        ("joined", "panel.lock cannot be written (No space left on device). Check the folder and its rights."),
    ],
)
def test_how_notices_with_notices_in_them_read(code: str, text: str) -> None:
    assert render(example(code)) == text
