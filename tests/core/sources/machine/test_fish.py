import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ollama_panel.core.sources import codes
from ollama_panel.core.sources.record import Reading, SourceKind
from tests.core.sources.machine.readings import codes_of, mended, mistakes, reading

SCRIPTS = {
    "exported": "set -gx OLLAMA_A 1\nset -x OLLAMA_B 'x y'\nollama serve\n",
    "long options": "set --global --export OLLAMA_A 1\nollama serve\n",
    "not exported": "set -g OLLAMA_A 1\nollama serve\n",
    "exported later": "set OLLAMA_A 1\nset -gx OLLAMA_A $OLLAMA_A\nollama serve\n",
    "the last wins": "set -gx OLLAMA_A 1\nset -gx OLLAMA_A 2\nollama serve\n",
    "taken away": "set -gx OLLAMA_A 1\nset -e OLLAMA_A\nset -gx OLLAMA_B 2\nollama serve\n",
    "by env": "set -gx OLLAMA_A 1\nenv OLLAMA_B='it\\'s' ollama serve\n",
    "in front": "OLLAMA_A=1 ollama serve\n",
    "export": "export OLLAMA_A=1\nollama serve\n",
    "quotes": 'set -gx OLLAMA_A \'$HOME \\\\ \\n\' ; set -gx OLLAMA_B "\\$x \\"y\\""\nollama serve\n',
    "home": 'set -gx OLLAMA_A ~/a\nset -gx OLLAMA_B $HOME/b\nset -gx OLLAMA_C "~/c"\nollama serve\n',
    "comments": "# set -gx OLLAMA_A 1\nset -gx OLLAMA_B 2 # three\nollama serve\n",
    "block": "if true\n    set -gx OLLAMA_A 1\nend\nollama serve &\nwait\n",
    "going on": "env OLLAMA_A=1 \\\n    OLLAMA_B=2 \\\n    ollama serve >/dev/null 2>&1\n",
}


def _script(text: str, path: str = "start.fish") -> Reading:
    return reading(SourceKind.FISH, path, text)


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_gives_a_server_what_it_gets_from_fish(text: str, tmp_path: Path) -> None:
    home, seen = "/home/ana", tmp_path / "seen"
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "ollama").write_text(f'#!/bin/sh\nenv -0 | grep -z "^OLLAMA_" >"{seen}"\nexit 0\n', encoding="utf-8")
    (programs / "ollama").chmod(0o755)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": home,
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
    }
    subprocess.run(["fish", "--no-config", "-c", text], env=environment, check=True, capture_output=True)
    got = dict(pair.split("=", 1) for pair in seen.read_text(encoding="utf-8").split("\0") if pair)
    assert _script(text, f"{home}/start.fish").variables == got


def test_universal_variables_are_read_from_fish_s_own_file() -> None:
    text = "# VERSION: 3.0\nSETUVAR --export OLLAMA_HOST:0\\x2e0\\x2e0\\x2e0\\x3a1\nSETUVAR OLLAMA_DEBUG:1\n"
    found = _script(text, "~/.config/fish/fish_variables")
    assert found.variables == {"OLLAMA_HOST": "0.0.0.0:1"}
    assert codes_of(found) == {codes.NOT_EXPORTED}


def test_a_sign_between_name_and_value_is_told() -> None:
    found = _script("set -gx OLLAMA_DEBUG=1\n", "~/.config/fish/config.fish")
    assert mistakes(found) == [(codes.BAD_SYNTAX, "OLLAMA_DEBUG", 1)]
    assert mended(found, codes.BAD_SYNTAX) == "set -gx OLLAMA_DEBUG 1\n"


def test_what_is_not_exported_is_told() -> None:
    found = _script("set -g OLLAMA_DEBUG 1\n", "~/.config/fish/config.fish")
    assert (found.variables, mistakes(found)) == ({}, [(codes.NOT_EXPORTED, "OLLAMA_DEBUG", 1)])
    assert mended(found, codes.NOT_EXPORTED) == "set -gx OLLAMA_DEBUG 1\n"


@pytest.mark.parametrize("text", ["'", '"', "\\", "set -gx OLLAMA_A (", "&", "<", "env A='"])
def test_a_script_that_is_cut_off_is_read_to_its_end(text: str) -> None:
    assert _script(text).problem is None
