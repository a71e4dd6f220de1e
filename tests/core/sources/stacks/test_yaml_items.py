import pytest

from ollama_panel.core.sources.record import TextFile, UnreadableError
from ollama_panel.core.sources.stacks.yaml_items import Item, documents, duplicates


def item(text: str) -> Item:
    [found] = documents(TextFile("x", text))
    return found


@pytest.mark.parametrize(
    ("written", "text", "is_text"),
    [
        ("2", "2", False),
        ('"2"', "2", True),
        ("!!str 2", "2", True),
        ("24h", "24h", True),
        ("on", "on", False),
        ("True", "true", False),
        ("~", "", False),
        ("0x10", "16", False),
        ("010", "8", False),
        ("1_000", "1000", False),
        ("-1", "-1", False),
        ("1e3", "1000", False),
        ("0.5", "0.5", False),
        ("1.2.3", "1.2.3", True),
        ("11434:11434", "11434:11434", True),
        ('"\\ud83e\\udd99"', "🦙", True),
    ],
)
def test_a_scalar_is_what_go_prints(written: str, text: str, is_text: bool) -> None:
    found = item(f"a: {written}").get("a")
    assert found is not None
    assert (found.text, found.is_text) == (text, is_text)


def test_a_value_knows_its_line() -> None:
    found = item("a:\n  - b: 1\n  - c: 2").get("a")
    assert found is not None
    assert [one.place.line for one in found.items()] == [2, 3]
    assert found.items()[1].place.text == "  - c: 2"


def test_only_the_ends_of_lines_of_editors_count() -> None:
    found = item("a: 'x\u2028y\x85z'\nb: 1").get("b")
    assert found is not None
    assert (found.line, found.place.text) == (2, "b: 1")


def test_what_a_mapping_says_itself_goes_before_what_it_merges() -> None:
    found = item("x: &x {a: 1, b: 1}\ny: &y {a: 2, c: 2}\nz: {c: 3, <<: [*x, *y]}").get("z")
    assert found is not None
    assert {key: value.text for key, value in found.pairs()} == {"a": "1", "b": "1", "c": "3"}


def test_a_scalar_is_replaced_where_it_stands_unless_others_refer_to_it() -> None:
    found = item("a: [1, &x 2] # why\n").get("a")
    assert found is not None
    assert [one.replaced('"3"') for one in found.items()] == ['a: ["\\"3\\"", &x 2] # why\n', None]


def test_keys_that_are_there_twice_are_found_everywhere() -> None:
    assert [(name, one.line) for name, one in duplicates(item("a: {b: 1}\nc:\n  - {d: 1, d: 2}\na: 3"))] == [
        ("a", 4),
        ("d", 3),
    ]


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\x00", "[" * 5000])
def test_what_is_no_yaml_is_told(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        documents(TextFile("x", text))
    assert caught.value.told.values["path"] == "x"
