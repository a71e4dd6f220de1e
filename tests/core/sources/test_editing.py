from ollama_panel.core.sources import editing


def test_lines_are_numbered_from_one_without_their_ends() -> None:
    text = "a\r\nb\n"
    assert [editing.line_at(text, number) for number in (0, 1, 2, 3, 4)] == ["", "a", "b", "", ""]


def test_lines_are_replaced_and_left_out_with_the_ends_of_the_file() -> None:
    assert editing.with_lines("a\r\nb\r\nc\r\n", 2, 2, ("x", "y")) == "a\r\nx\r\ny\r\nc\r\n"
    assert editing.with_lines("a\nb\nc\n", 1, 2, ()) == "c\n"


def test_one_line_is_replaced_or_taken_out() -> None:
    assert editing.with_line("one\r\ntwo\n", 1, "three") == "three\r\ntwo\n"
    assert editing.with_line("one\r\ntwo\n", 2) == "one\r\n"
