import pytest

from ollama_panel.core.sources.record import TextFile, UnreadableError
from ollama_panel.core.sources.stacks.json_text import Lines, below, listed, pairs, parsed, text, texts


def test_texts_are_found_one_after_the_other() -> None:
    lines = Lines(TextFile("x", '[\n"a",\n"é",\n"a"]'))
    assert [lines.place(one).line for one in ("a", "é", "b")] == [2, 3, 0]


def test_what_is_missing_or_of_another_kind_is_nothing() -> None:
    value = parsed(TextFile("x", '{"a": {"b": ["c", 1]}, "d": "e"}'))
    assert (texts(value, "a", "b"), texts(value, "d"), listed(value, "a", "b")) == (("c",), ("e",), ["c", 1])
    assert (text(value, "a"), below(value, "d", "x"), list(pairs(value, "d")), listed(value, "x")) == ("", None, [], [])


@pytest.mark.parametrize("wrong", ["", "{", "[" * 100_000])
def test_what_is_no_json_is_told(wrong: str) -> None:
    with pytest.raises(UnreadableError):
        parsed(TextFile("x", wrong))
