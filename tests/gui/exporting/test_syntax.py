"""The colours of exported texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from ollama_panel.core.export.deployment import Syntax
from ollama_panel.gui.syntax import COMMENT, HEAD, NAME, VALUE, spans
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.numbered_text import NumberedText

UNIT = '# told\n[Service]\nEnvironment="OLLAMA_NUM_PARALLEL=8"\n'
HAPROXY = 'global\n    maxconn 4096 # many\nbackend chat\n    timeout queue 5m\n    http-check send hdr Host "a b"\n'


def words(text: str, syntax: Syntax, tone: str) -> list[str]:
    return [text[start : start + length].strip() for start, length, kind in spans(text, syntax) if kind == tone]


@pytest.mark.parametrize(
    ("syntax", "text", "tone", "word"),
    [
        (Syntax.INI, UNIT, COMMENT, "# told"),
        (Syntax.INI, UNIT, HEAD, "[Service]"),
        (Syntax.INI, UNIT, NAME, "OLLAMA_NUM_PARALLEL"),
        (Syntax.HAPROXY, HAPROXY, HEAD, "backend"),
        (Syntax.HAPROXY, HAPROXY, NAME, "timeout"),
        (Syntax.HAPROXY, HAPROXY, VALUE, "5m"),
        (Syntax.HAPROXY, HAPROXY, VALUE, '"a b"'),
        (Syntax.HAPROXY, HAPROXY, COMMENT, "# many"),
        (Syntax.ENV, "# told\nA=1\n", NAME, "A"),
        (Syntax.ENV, "A='x y'\n", VALUE, "'x y'"),
        (Syntax.MODELFILE, "FROM llama3.1:8b\nPARAMETER num_ctx 8192\n", NAME, "PARAMETER"),
        (Syntax.MODELFILE, "FROM llama3.1:8b\nPARAMETER num_ctx 8192\n", VALUE, "8192"),
        (Syntax.SHELL, "#!/bin/sh\nexport A='b'\n", VALUE, "'b'"),
        (Syntax.FISH, "# told\nset -gx A 'b'\n", COMMENT, "# told"),
        (Syntax.XML, "<!-- told --><key>A</key>", NAME, "<key"),
        (Syntax.YAML, 'a: "b"\n', NAME, "a"),
        (Syntax.JSON, '{"a": true}', VALUE, "true"),
        (Syntax.POWERSHELL, "$a = 'b'\n", NAME, "$a"),
        (Syntax.NIX, "{ a = true; }", NAME, "a"),
        (Syntax.NGINX, "upstream chat {\n}\n", NAME, "upstream"),
    ],
)
def test_names_values_comments_and_heads_have_their_colours(syntax: Syntax, text: str, tone: str, word: str) -> None:
    assert word in words(text, syntax, tone)


def test_a_plain_text_has_no_colours() -> None:
    assert spans("told # so\n", Syntax.TEXT) == ()


@given(text=st.text(max_size=80), syntax=st.sampled_from(Syntax))
def test_any_text_can_be_coloured(text: str, syntax: Syntax) -> None:
    for start, length, _ in spans(text, syntax):
        assert 0 <= start <= start + length <= len(text)


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> NumberedText:
    made = NumberedText(theme, "Text")
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def colour(view: NumberedText, line: int, word: str) -> str:
    """Return the colour of a word in a line, counted from 1."""
    block = view.document().findBlockByNumber(line - 1)
    place = len(block.text()[: block.text().index(word)].encode("utf-16-le")) // 2
    formats = [one for one in block.layout().formats() if one.start <= place < one.start + one.length]
    return formats[-1].format.foreground().color().name() if formats else ""


def test_a_line_after_letters_of_two_units_has_its_colours_in_place(view: NumberedText, theme: Theme) -> None:
    view.show_text('# 🦙\n[S]\nA="🦙🦙 B_C=1"\n', Syntax.INI, {})
    assert colour(view, 3, "B_C") == theme.tokens.info
    assert colour(view, 1, "#") == theme.tokens.muted


def test_a_value_of_several_lines_is_coloured_in_each(view: NumberedText, theme: Theme) -> None:
    view.show_text('FROM a\nSYSTEM """b\nc\nd"""\nFROM e\n', Syntax.MODELFILE, {})
    assert [colour(view, line, word) for line, word in ((2, "b"), (3, "c"), (4, "d"))] == [theme.tokens.ok] * 3
    assert colour(view, 5, "e") == ""


def test_lines_of_unicode_stay_one_line_of_the_file(view: NumberedText) -> None:
    view.show_text("a\u2029b\nc\u2028d\r\ne\n", Syntax.TEXT, {})
    assert view.document().blockCount() == 3


def test_a_text_that_has_not_changed_stays_selected(view: NumberedText) -> None:
    view.show_text(UNIT, Syntax.INI, {})
    view.moveCursor(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    view.show_text(UNIT, Syntax.INI, {3: "ok"})
    assert view.textCursor().hasSelection()
    assert view.marked == {3: "ok"}


def test_marked_lines_are_tinted(view: NumberedText, theme: Theme, qtbot: QtBot) -> None:
    view.show_text("a\nb\nc\n", Syntax.TEXT, {2: "ok"})
    qtbot.waitExposed(view)
    picture = view.grab().toImage()
    ok = theme.tokens.ok
    column = [picture.pixelColor(2, y).name() for y in range(picture.height())]
    assert column.count(ok) == 22


def test_the_mark_before_a_script_for_windows_shifts_no_colour(theme: Theme, qtbot: QtBot) -> None:
    view = NumberedText(theme, "text")
    qtbot.addWidget(view)
    view.show_text("\ufeff# told\n", Syntax.POWERSHELL, {})
    (colour,) = view.document().firstBlock().layout().formats()
    assert (colour.start, colour.length) == (0, len("# told"))
