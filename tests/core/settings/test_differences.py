"""The keys in which two settings differ."""

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.differences import changed_keys
from ollama_panel.core.settings.tree import Settings


def test_the_same_settings_differ_in_nothing() -> None:
    assert changed_keys(Settings(), Settings()) == ()


def test_a_value_by_name_is_told_by_its_name_in_both_directions() -> None:
    weighted = codec.set(Settings(), "scheduling.weights.ann", "2")
    assert changed_keys(Settings(), weighted) == ("scheduling.weights.ann",)
    assert changed_keys(weighted, Settings()) == ("scheduling.weights.ann",)
