"""The shell script: exact values, and it really starts and stops servers."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Words
from ollama_panel.core.export.machine.shell import assignments, printed, quoted
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from tests.core.export.samples import TRICKY, exported, instances, names, nasty, pools, printable

SHELLS = [shell for shell in ("sh", "dash", "bash") if shutil.which(shell)]
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def read_back(environment: dict[str, str]) -> dict[str, str]:
    """Let a shell run the assignments, and return what a program would see."""
    (first, *_) = instances(pools(environment))
    seen = subprocess.run(["sh", "-c", f"env -i {assignments(first)} env -0"], capture_output=True, check=True).stdout
    return dict(line.split("=", 1) for line in seen.decode().split("\0") if line)


def test_a_program_sees_exactly_the_environment_of_the_instance() -> None:
    (first, *_) = instances(pools(TRICKY))
    assert read_back(TRICKY) == first.environment


@given(st.dictionaries(names, printable | words, max_size=5))
def test_any_value_survives_the_shell(environment: dict[str, str]) -> None:
    seen = read_back(environment)
    assert {name: seen[name] for name in environment} == environment


def test_names_that_a_shell_reserves_are_passed_on() -> None:
    assert read_back({"PPID": "7", "UID": "8"}).items() >= {"PPID": "7", "UID": "8"}.items()


def test_a_quote_in_the_middle_is_one_word() -> None:
    assert quoted("it's") == r"'it'\''s'"


def test_words_of_any_language_are_printed_as_they_are_with_the_arguments_of_the_function() -> None:
    ready = notice("export.shell.ready", worker="\x01", url="\x02")
    script = f"say() {{ {printed(ready, nasty)}; }}\nsay 'chat 1' 'http://[::1]'"
    for shell in SHELLS:
        said = subprocess.run([shell, "-c", script], capture_output=True, check=True).stdout.decode()
        assert said == nasty(notice("export.shell.ready", worker="chat 1", url="http://[::1]")) + "\n"


def test_a_null_character_is_refused() -> None:
    with pytest.raises(PanelError, match="shell script cannot hold"):
        exported("shell", pools({"A": "\0"}))


@pytest.mark.parametrize("words", [render, nasty])
@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_accepts_the_script(shell: str, words: Words, tmp_path: Path) -> None:
    script = tmp_path / "start.sh"
    script.write_text(exported("shell", pools(TRICKY), words=words).text, encoding="utf-8", newline="\n")
    checked = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
