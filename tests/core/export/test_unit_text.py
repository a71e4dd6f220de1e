"""The grammar of unit files: whatever a value holds, a reader of the grammar gets it back, and so does systemd."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ollama_panel.core.export.deployment import Provenance
from ollama_panel.core.export.unit_text import CONTROL, environment, plain, program_word, quoted, word
from tests.core.export import unit_reader
from tests.core.export.samples import TRICKY, names
from tests.core.export.unit_reader import needs_manager

PROVENANCE = Provenance("1.2.3", "2026-11-23")
values = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=60)
HOSTILE = {
    **TRICKY,
    "LINES": "two\nlines\n",
    "SECTION": "\n[Service]\nExecStart=/bin/false\n",
    "LONG": "x y\\\"'$%" * 1200,
}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a b", '"a b"'),
        ('"', r'"\""'),
        ("\\", r'"\\"'),
        ("50%", '"50%%"'),
        ("$X 'y'", "\"$X 'y'\""),
        ("模", '"模"'),
        ("a\nb", r'"a\nb"'),
    ],
)
def test_special_signs_are_escaped(value: str, written: str) -> None:
    assert quoted(value) == written


@given(st.dictionaries(names, values, max_size=5))
def test_any_value_is_one_line_and_read_back(told: dict[str, str]) -> None:
    text = environment(told, PROVENANCE)
    assert text.count("\n") == len(told)
    assert unit_reader.variables(text) == told


@given(values.filter(lambda one: not CONTROL.search(one)))
def test_a_word_of_a_command_is_one_word(value: str) -> None:
    (read,) = unit_reader.words(word(value or "x"))
    assert read.replace("$$", "$") == (value or "x")


def test_in_the_path_of_a_program_a_dollar_stays_single() -> None:
    assert program_word("/opt/my $ollama") == '"/opt/my $ollama"'
    assert word("$HOME") == '"$$HOME"'
    assert program_word("/usr/bin/ollama") == "/usr/bin/ollama"


def test_plain_text_neither_continues_its_line_nor_has_specifiers() -> None:
    assert plain("C:\\temp\\ 50%") == "C:/temp/ 50%%"


def test_a_variable_that_people_know_has_a_comment() -> None:
    text = environment({"OLLAMA_NUM_PARALLEL": "4", "MOTD": "x"}, PROVENANCE)
    assert text.splitlines() == [
        "# Requests that a loaded model works on at once",
        'Environment="OLLAMA_NUM_PARALLEL=4"',
        'Environment="MOTD=x"',
    ]


def as_systemd_reads(folder: Path, told: dict[str, str]) -> dict[str, str]:
    unit = folder / "values.service"
    unit.write_text(f"[Service]\nExecStart=/bin/true\n{environment(told, PROVENANCE)}", encoding="utf-8", newline="\n")
    return unit_reader.as_systemd_reads_them(unit)


@needs_manager
def test_systemd_reads_hostile_values_as_they_were_meant(tmp_path: Path) -> None:
    assert as_systemd_reads(tmp_path, HOSTILE) == HOSTILE


@needs_manager
@settings(max_examples=5, deadline=None)
@given(st.lists(values.filter(lambda one: "\t\t" not in one), min_size=20, max_size=60))
def test_systemd_reads_any_values(tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> None:
    named = {f"X_{number}": value for number, value in enumerate(told)}
    assert as_systemd_reads(tmp_path_factory.mktemp("unit"), named) == named
