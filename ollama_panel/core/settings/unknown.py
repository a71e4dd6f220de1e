"""What is said about a key that is no setting: one of an older version, or one that is written wrongly."""

import difflib
from collections.abc import Mapping, Sequence

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings import forms

MOVED: Mapping[str, Notice] = {
    "scheduling.token_time_ms": notice("setting.token_time_moved", key="pools.chat.slo_token_rate")
}
"""Keys of older versions that people and programs may still write, with what has become of them; it follows the key."""


def flaw(key: str) -> Notice:
    """Return what is wrong with a key that is no setting, to follow the key."""
    return MOVED.get(key, notice("setting.unknown"))


def no_such(key: str, known: Sequence[str]) -> Notice:
    """Return what to write instead of a key that is none of the `known` ones."""
    if key in MOVED:
        return notice("setting.refused", where=key, wrong=MOVED[key])
    closest = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if closest:
        return notice("setting.nearest", key=forms.quoted(key), nearest=closest[0])
    return notice("setting.missing", key=forms.quoted(key), known=tuple(known))
