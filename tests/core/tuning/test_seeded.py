"""Tests of what is made up: always the same for the same names, another for others."""

from ollama_panel.core.tuning.seeded import words


def test_the_same_names_give_the_same_words_and_others_give_others() -> None:
    assert words(200, "trial", 3) == words(200, "trial", 3)
    assert words(200, "trial", 3) != words(200, "trial", 4)


def test_texts_have_as_many_words_as_asked_for() -> None:
    for number in (0, 1, 63, 64, 65, 1000):
        assert len(words(number, "any").split()) == number


def test_a_longer_text_begins_as_the_shorter_one() -> None:
    assert words(300, "any").startswith(words(100, "any"))
