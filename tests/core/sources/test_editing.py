from ollama_panel.core.sources import editing


def test_lines_are_numbered_from_one_without_their_ends() -> None:
    text = "a\r\nb\n"
    assert [editing.line_at(text, number) for number in (0, 1, 2, 3, 4)] == ["", "a", "b", "", ""]


def test_lines_are_replaced_and_left_out_with_the_ends_of_the_file() -> None:
    assert editing.with_lines("a\r\nb\r\nc\r\n", 2, 2, ("x", "y")) == "a\r\nx\r\ny\r\nc\r\n"
    assert editing.with_lines("a\nb\nc\n", 1, 2, ()) == "c\n"


def test_lines_at_the_end_of_a_text_end_as_those_before() -> None:
    assert editing.with_lines("a\r\nb\r\n", 3, 2, ("x", "y")) == "a\r\nb\r\nx\r\ny\r\n"
    assert editing.with_lines("a\r\nb", 3, 2, ("x", "y")) == "a\r\nb\r\nx\r\ny"
    assert editing.with_lines("a\r\nb", 2, 2, ("x", "y")) == "a\r\nx\r\ny"
    assert editing.with_lines("a\r\nb", 2, 2, ()) == "a"


def test_lines_are_appended_whether_or_not_the_last_one_has_an_end() -> None:
    assert [editing.appended(text, "x", "y") for text in ("", "a", "a\n", "a\r\nb", "a\r\n")] == [
        "x\ny\n",
        "a\nx\ny",
        "a\nx\ny\n",
        "a\r\nb\r\nx\r\ny",
        "a\r\nx\r\ny\r\n",
    ]


def test_one_line_is_replaced_or_taken_out() -> None:
    assert editing.with_line("one\r\ntwo\n", 1, "three") == "three\r\ntwo\n"
    assert editing.with_line("one\r\ntwo\n", 2) == "one\r\n"
