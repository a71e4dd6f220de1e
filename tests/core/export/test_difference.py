"""The difference between what is installed and an export."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.export.deployment import Syntax
from ollama_panel.core.export.difference import LineChange, changed_lines, differs, idle_lines, lines_of, rows

BEFORE = '# made on Monday\n[Service]\nEnvironment="A=1"\nEnvironment="B=2"\nEnvironment="OLD=1"\n'
AFTER = '# made on Tuesday\n[Service]\nEnvironment="A=1"\n# why\nEnvironment="B=3"\nEnvironment="C=4"\n'
SAME, CHANGED, ADDED, REMOVED = LineChange

texts = st.text(st.sampled_from("ab#\n <!->\u2028"), max_size=60)


def test_each_line_stands_beside_the_one_in_whose_place_it_is() -> None:
    found = rows(BEFORE, AFTER, Syntax.INI)
    assert [(row.change, row.before_number, row.after_number) for row in found] == [
        (CHANGED, 1, 1),
        (SAME, 2, 2),
        (SAME, 3, 3),
        (CHANGED, 4, 4),
        (CHANGED, 5, 5),
        (ADDED, 0, 6),
    ]


def test_lines_of_settings_count_and_comments_do_not() -> None:
    found = rows(BEFORE, AFTER, Syntax.INI)
    assert changed_lines(found)[-2:] == (5, 6)
    assert 1 not in changed_lines(found)
    assert differs(found)
    assert not differs(rows(BEFORE, BEFORE.replace("Monday", "Friday"), Syntax.INI))
    assert differs(rows(BEFORE, BEFORE.replace("A=1", "A=7"), Syntax.INI))


def test_a_setting_that_is_gone_differs_though_no_line_is_new() -> None:
    found = rows(BEFORE, BEFORE.replace('Environment="OLD=1"\n', ""), Syntax.INI)
    assert changed_lines(found) == ()
    assert differs(found)
    assert [row.change for row in found if row.matters] == [REMOVED]


@pytest.mark.parametrize(
    ("syntax", "text", "idle"),
    [
        (Syntax.SHELL, "#!/bin/sh\n# told\n\necho 1 # not whole\n", {2, 3}),
        (Syntax.XML, "<a>\n<!-- told\n  more -->\n<b/>\n<!-- one -->\n", {2, 3, 5}),
        (Syntax.JSON, '{"a":\n"# no comment"\n}\n', set()),
        (Syntax.YAML, "# told\na: 1\n  # told\n", {1, 3}),
    ],
)
def test_what_sets_nothing_depends_on_the_grammar(syntax: Syntax, text: str, idle: set[int]) -> None:
    assert idle_lines(text, syntax) == idle


@given(before=texts, after=texts, syntax=st.sampled_from(Syntax))
def test_both_texts_are_there_whole_and_in_order(before: str, after: str, syntax: Syntax) -> None:
    found = rows(before, after, syntax)
    assert [row.before for row in found if row.before_number] == lines_of(before)
    assert [row.after for row in found if row.after_number] == lines_of(after)
    assert [row.after_number for row in found if row.after_number] == [*range(1, len(lines_of(after)) + 1)]
    assert lines_of(before) != lines_of(after) or not differs(found)
