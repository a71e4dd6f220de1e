import pytest

from ollama_panel.core.sources.stacks.nix_words import BrokenError, Filling, Kind, words


def test_words_know_their_kinds_and_lines() -> None:
    found = list(words('{ a-b = "x"; # why\n/* no\n */ c = ./d/e; f = 4.5; g = a // b; }'))
    assert [(one.kind, one.text, one.line) for one in found if one.text not in "{}=;"] == [
        (Kind.NAME, "a-b", 1),
        (Kind.TEXT, '"x"', 1),
        (Kind.NAME, "c", 3),
        (Kind.PATH, "./d/e", 3),
        (Kind.NAME, "f", 3),
        (Kind.NUMBER, "4.5", 3),
        (Kind.NAME, "g", 3),
        (Kind.NAME, "a", 3),
        (Kind.SIGN, "//", 3),
        (Kind.NAME, "b", 3),
    ]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        (r'"a\n\"\\\${b}$c"', ('a\n"\\${b}$c',)),
        ('"a${b "}" {}}c"', ("a", Filling('b "}" {}'), "c")),
        ("''\n    a\n      b\n  ''", ("a\n  b\n",)),
        ("''a''${b} ''' ''\\n''", ("a${b} '' \n",)),
        ("''\n  a ${b}\n  c''", ("a ", Filling("b"), "\nc")),
        ('"$${a}"', ("$${a}",)),
    ],
)
def test_strings_are_those_of_nix(written: str, parts: tuple[str | Filling, ...]) -> None:
    [word] = words(written)
    assert word.parts == parts


@pytest.mark.parametrize("text", ['"a', "''a", '"${', "`"])
def test_what_does_not_end_is_told(text: str) -> None:
    with pytest.raises(BrokenError):
        list(words(text))
