from ollama_panel.core.columns import aligned


def test_columns_are_as_wide_as_their_widest_cell_and_lines_end_with_their_last_letter() -> None:
    rows = [("NAME", "STATE"), ("chat-1", "ok"), ("a", "")]
    assert list(aligned(rows)) == ["NAME    STATE", "chat-1  ok", "a"]
