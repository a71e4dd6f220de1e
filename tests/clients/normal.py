"""Normalizes results for comparison: without ids, dates and durations, which differ from call to call."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pydantic

NAMED = re.compile(r"(.*_)?id|created|.*_at|system_fingerprint")
NAME_IN_TEXT = re.compile(r"\b(req|msg|resp|chatcmpl|cmpl|call|rs|fc)_?-?[0-9a-f~]{6,}\b")
DIGITS = 4
"""Decimals that two runs of one model agree in."""


class Failure(msgspec.Struct, frozen=True):
    """What a client raised."""

    kind: str
    text: str


def plain(value: Any) -> Any:
    """Return plain data; generated ids become "a name", durations are removed (Ollama omits those of 0)."""
    if isinstance(value, pydantic.BaseModel):
        return plain(value.model_dump(mode="json", warnings=False))
    if isinstance(value, Mapping):
        return {key: _part(key, part, value) for key, part in value.items() if not key.endswith("_duration")}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float):
        return round(value, DIGITS)
    return without_names(value) if isinstance(value, str) else value


def failure(error: Exception) -> Failure:
    """Return what an exception says."""
    return Failure(type(error).__name__, without_names(str(error)))


def without_names(text: str) -> str:
    """Blank out names inside of texts."""
    return NAME_IN_TEXT.sub("a name", text)


def _part(key: str, part: Any, whole: Mapping[str, Any]) -> Any:
    named = NAMED.fullmatch(key) and whole.get("object") != "model"  # the id of a model is what it is called
    return "a name" if named and part else plain(part)
