from collections import OrderedDict

from ollama_panel.core.latest import keep_latest


def test_the_entry_that_was_set_longest_ago_is_forgotten() -> None:
    entries = OrderedDict[str, int]()
    for key in "abac":
        keep_latest(entries, key, len(entries), 2)
    assert entries == {"a": 2, "c": 2}
    assert list(entries) == ["a", "c"]
