"""The keys in which two settings differ."""

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings


def changed_keys(old: Settings, new: Settings) -> tuple[str, ...]:
    """Return the keys of `codec` whose values differ; of a mapping those of its entries."""
    before, after = _texts(old), _texts(new)
    changed = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    return tuple(key for key in changed if not any(one.startswith(f"{key}.") for one in changed))


def _texts(settings: Settings) -> dict[str, str]:
    return {key: codec.get(settings, key) for key in codec.keys(settings)}
