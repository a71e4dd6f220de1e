"""Programs `ollama` and their versions."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ollama_panel.core.doctor.asking.printed import Block, blocks, script
from ollama_panel.core.doctor.asking.programs import programs, programs_of


def test_a_program_that_tells_no_version_says_so() -> None:
    found = programs_of(
        [Block("program", ("/a",), "Warning: client version is 0.32.15\n"), Block("program", ("/b",), "")]
    )
    assert [(one.path, one.version, one.problem is None) for one in found] == [
        ("/a", "0.32.15", True),
        ("/b", None, False),
    ]


@pytest.mark.skipif(shutil.which("sh") is None, reason="not installed: sh")
def test_each_program_is_asked_once_whatever_leads_to_it(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    for folder in (home / ".local/bin", home / "bin"):
        folder.mkdir(parents=True)
    program = home / ".local/bin/ollama"
    program.write_text('#!/bin/sh\necho "ollama version is $OLLAMA_HOST"\n')
    program.chmod(0o755)
    (home / "bin/ollama").symlink_to(program)
    environment = {"HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin"}
    done = subprocess.run(["sh", "-c", script(programs())], env=environment, capture_output=True, text=True, check=True)
    own = [one for one in blocks(done.stdout) if one.words[0].startswith(str(home))]
    assert own == [Block("program", (f"{home}/bin/ollama",), "ollama version is 127.0.0.1:1\n")]
