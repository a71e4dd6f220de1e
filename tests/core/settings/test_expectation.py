"""Descriptions of the values of a setting."""

from typing import Annotated

import msgspec
import pytest

from ollama_panel.core.records import Role
from ollama_panel.core.settings.expectation import expectation
from ollama_panel.core.settings.tree import Port


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (bool, "true or false"),
        (int, "a whole number"),
        (Port, "a whole number from 1 to 65535"),
        (Annotated[float, msgspec.Meta(ge=0)], "a number from 0 up"),
        (str, "text"),
        (Role, "one of chat, embedding, code, vision, batch"),
        (tuple[str, ...], "a list"),
        (dict[str, str], "names with values, in braces"),
    ],
)
def test_a_type_is_described_in_words(kind: object, words: str) -> None:
    assert expectation(kind) == words
