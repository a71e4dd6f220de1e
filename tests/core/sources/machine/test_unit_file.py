import re
from pathlib import Path

import pytest

from ollama_panel.core.sources.machine import unit_file
from tests.core.export.unit_reader import as_systemd_reads_them, needs_manager

LINES = {
    "bare": "A=1 B=2",
    "quoted": "\"A=a b\" 'B=c d'",
    "quotes inside": "A='x y' B=\"z\"",
    "quotes in the middle": "A=a'b c'd",
    "escapes": r'"A=\ttab \x41 \u00e9 \101 \\ \" \s."',
    "unknown escape": r"A=1 B=\q C=3",
    "open quote": 'A=1 "B=2 C=3',
    "percent": "A=100%% B=%n C=%i.",
    "no shell": "A=$HOME B=~/x C=`id`",
    "blanks": '  A=1   "B = 2"  C= 3',
    "hash": "A=1 # B=2",
}


def test_sections_keys_and_lines_are_found() -> None:
    text = "# first\n[Unit]\nDescription=x\n\n[Service]\n  Environment = A=1 \\\n# between\n   B=2\nEnvironment=\n"
    unit = unit_file.parse(text)
    assert unit.sections == ("Unit", "Service")
    assert [(entry.section, entry.key, entry.value, entry.first, entry.last) for entry in unit.entries] == [
        ("Unit", "Description", "x", 3, 3),
        ("Service", "Environment", "A=1     B=2", 6, 8),
        ("Service", "Environment", "", 9, 9),
    ]
    assert unit.comments == ((1, "first"), (7, "between"))


def test_an_assignment_before_any_section_has_none_and_a_line_without_a_sign_is_broken() -> None:
    unit = unit_file.parse("\ufeffA=1\r\nnonsense\r\n[Service]\r\nB=2\r\n")
    assert [(entry.section, entry.key) for entry in unit.entries] == [("", "A"), ("Service", "B")]
    assert unit.broken == (2,)


def test_a_line_ends_in_one_backslash_to_go_on_not_in_two() -> None:
    unit = unit_file.parse("[Service]\nA=x\\\\\nB=y\\\nz\n")
    assert [(entry.key, entry.value) for entry in unit.entries] == [("A", "x\\\\"), ("B", "y z")]


def test_comments_that_would_set_something_are_told_apart_from_prose() -> None:
    unit = unit_file.parse('[Service]\n#Environment="A=1"\n# see https://x/?a=b for more\n')
    assert list(unit_file.comments_that_set(unit)) == [(2, "Environment", '"A=1"')]


def _taken(value: str) -> dict[str, str]:
    words = (unit_file.specified(word, {"n": "x.service", "i": ""}) for word in unit_file.split(value).words)
    pairs = (word.partition("=") for word in words)
    return {name: text for name, sign, text in pairs if sign and re.fullmatch(r"[A-Za-z_]\w*", name)}


@needs_manager
@pytest.mark.parametrize("value", LINES.values(), ids=LINES)
def test_words_are_those_that_systemd_finds(value: str, tmp_path: Path) -> None:
    unit = tmp_path / "x.service"
    unit.write_text(f"[Service]\nExecStart=/bin/true\nEnvironment={value}\n", encoding="utf-8")
    assert as_systemd_reads_them(unit) == _taken(value)
