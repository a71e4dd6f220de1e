"""Descriptions of the values of a setting."""

from typing import Annotated

import msgspec
import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.records import Role
from ollama_panel.core.settings.expectation import expectation
from ollama_panel.core.settings.tree import PoolSettings, ProxySettings
from ollama_panel.core.settings.tree_values import Count, Port

name = next(field.type for field in msgspec.structs.fields(PoolSettings) if field.name == "name")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (bool, "true or false"),
        (int, "a whole number"),
        (Port, "a whole number from 1 to 65535"),
        (Count, "a whole number from 1 to 1000000000"),
        (Annotated[int, msgspec.Meta(ge=1)], "a whole number from 1 up"),
        (float, "a number"),
        (Annotated[float, msgspec.Meta(ge=0.5, le=2)], "a number from 0.5 to 2"),
        (name, "a name of lower-case letters, digits, - and _, 32 at most, a letter first"),
        (ProxySettings, "a group of settings in braces"),
        (Annotated[float, msgspec.Meta(ge=0)], "a number from 0 up"),
        (Annotated[Port, msgspec.Meta(title="Port", description="Where.")], "a whole number from 1 to 65535"),
        (Annotated[bool, msgspec.Meta(title="Switch")], "true or false"),
        (Role | None, "one of chat, embedding, code, vision and batch, or null"),
        (Annotated[int, msgspec.Meta(ge=1, le=8)] | None, "a whole number from 1 to 8, or null"),
        (str, "text"),
        (Role, "one of chat, embedding, code, vision and batch"),
        (tuple[str, ...], "a list"),
        (dict[str, str], "names with values, in braces"),
    ],
)
def test_a_type_is_described_in_words(kind: object, words: str) -> None:
    assert render(expectation(kind)) == words
