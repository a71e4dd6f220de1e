"""The values of settings as text: for `codec.set`, and as sentences repeat them."""

import json
from enum import Enum

import msgspec

from ollama_panel.core.settings import forms


def as_text(value: object) -> str:
    """Return a value of a setting as text for `set`, a group as JSON."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(value).removesuffix(".0")
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, tuple) and all(isinstance(item, str | Enum) for item in value):
        return ",".join(map(as_text, value))
    return msgspec.json.encode(value).decode()


def shown(content: object) -> str:
    """Return what stands in the file, or was given, as a sentence repeats it."""
    group = isinstance(content, dict | list | tuple)
    return forms.quoted(json.dumps(content, ensure_ascii=False) if group else as_text(content))
