import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.sources.machine import environment_text

GENERATOR = Path("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
needs_generator = pytest.mark.skipif(
    not os.access(GENERATOR, os.X_OK), reason="systemd's generator of environment.d is not installed"
)

FILES = {
    "plain": "A=1\nB=two words\n",
    "comments": "# A=0\n; B=0\nA=1 # no comment\n",
    "quotes": 'A=\'a b\'\nB="c \\" d"\nC=\'x\'y"z"\n',
    "quotes behind": "A=x 'y'\n",
    "blanks": "  A =  1  \nB=\t2\t\n",
    "going on": 'A=1\\\n2\nB="x\\\ny"\n',
    "two lines": "A='1\n2'\nB=3\n",
    "escapes": 'A=\\a\\\\b\nB="\\a\\\\b"\n',
    "no end": "A=1\nB=2  ",
    "no value": "A=\nB\nC=''\n",
    "windows": "A=1\r\nB=2\r\n",
    "exported": "export A=1\nB=2\n",
    "two assignments": "A=1 B=2\n",
}


def _read(text: str) -> dict[str, str]:
    """Return what the reader takes, as systemd's generator shows it: nothing empty."""
    lines = (line for line in environment_text.of_systemd(text) if line.is_valid)
    values = {line.name: line.value for line in lines}
    return {name: values[name] for name in ("A", "B", "C") if values.get(name)}


_SHOW = """
for name in A B C; do eval '[ "${'$name'}" ] && printf "%s=%s\\0" '$name' "$'$name'"'; done"""


def _as_systemd_reads(text: str) -> dict[str, str]:
    """Return what systemd's generator makes of a file; a shell is to read what it prints."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "environment.d")
        folder.mkdir()
        Path(folder, "1.conf").write_bytes(text.encode())
        environment = {"XDG_CONFIG_HOME": home}
        child = subprocess.run([GENERATOR], env=environment, capture_output=True, check=True, encoding="utf-8")
    shown = subprocess.run(["bash", "-c", child.stdout + _SHOW], env={}, capture_output=True, check=False)
    return dict(pair.replace("\\n", "\n").split("=", 1) for pair in shown.stdout.decode().split("\0") if pair)


@needs_generator
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_file_is_read_as_systemd_reads_it(text: str) -> None:
    assert _read(text) == _as_systemd_reads(text)


@needs_generator
@given(st.text("AB=='\"\\# \n;x", max_size=30).filter(lambda text: not re.search(r"#[^\n]*\\", text)))
def test_any_file_is_read_as_systemd_reads_it(text: str) -> None:
    assert _read(text) == _as_systemd_reads(text)


def test_lines_are_counted_from_the_first_of_an_assignment() -> None:
    lines = environment_text.of_systemd("# x\n\nA=1\nB='2\n3'\nC=4\n")
    assert [(line.name, line.first) for line in lines] == [("A", 3), ("B", 4), ("C", 6)]


def test_a_name_that_no_variable_can_have_is_kept_but_not_valid() -> None:
    (line,) = environment_text.of_systemd("export A=1\n")
    assert (line.name, line.is_valid) == ("export A", False)


def test_homebrew_takes_quotes_for_a_part_of_the_value() -> None:
    lines = environment_text.of_homebrew("# x=1\nA= '1' \nB=\n")
    assert {line.name: line.value for line in lines} == {"A": "'1'", "B": ""}


def test_homebrew_takes_away_the_blanks_of_ruby_alone() -> None:
    assert [line.value for line in environment_text.of_homebrew("A= \xa0 \r\nB=\u2003x\t")] == ["\xa0", "\u2003x"]


@pytest.mark.parametrize(
    ("printed", "variables"),
    [
        ("A=1 \"B=two words\" $'C=a b'", {"A": "1", "B": "two words", "C": "a b"}),
        ("A='open B=2 three", {"A": "'open", "B": "2"}),
        ("", {}),
    ],
    ids=["quoted", "not to be split", "none"],
)
def test_systemctl_prints_variables_as_words_of_a_shell(printed: str, variables: dict[str, str]) -> None:
    assert dict(environment_text.shown_by_systemctl(printed)) == variables
