from ollama_panel.core.sources.places import assigned, at, with_overruled
from ollama_panel.core.sources.record import Fate, Place, TextFile

FILE = TextFile("x", "one\r\ntwo\n")


def test_a_place_has_the_text_of_its_line() -> None:
    assert [at(FILE, line) for line in (0, 1, 2, 9)] == [
        Place("x"),
        Place("x", 1, "one"),
        Place("x", 2, "two"),
        Place("x", 9),
    ]


def test_of_one_name_the_last_counts() -> None:
    one, path, two = (assigned(name, value, at(FILE, 1)) for name, value in (("A", "1"), ("PATH", "/bin"), ("A", "2")))
    assert [found.fate for found in with_overruled([one, path, two])] == [
        Fate.OVERRULED,
        Fate.IGNORED,
        Fate.TAKEN,
    ]
