"""The script that asks for cards runs where there are none."""

import shutil
import subprocess

import pytest

from ollama_panel.core.doctor.asking.graphics import GRAPHICS
from ollama_panel.core.doctor.asking.printed import script


@pytest.mark.skipif(shutil.which("sh") is None, reason="not installed: sh")
def test_it_says_nothing_of_errors() -> None:
    done = subprocess.run(["sh", "-c", script(GRAPHICS)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
