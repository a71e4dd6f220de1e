"""Programs of other systems as scripts, for what asks them by their names."""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest


def run_with(programs: Mapping[str, str], script: str) -> str:
    """Return what a script of `sh` prints where these programs, each a script itself, come first on the path."""
    if os.name != "posix":
        pytest.skip("the scripts are for sh")
    with tempfile.TemporaryDirectory() as folder:
        for name, body in programs.items():
            program = Path(folder) / name
            program.write_text(f"#!/bin/sh\n{body}\n")
            program.chmod(0o755)
        environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
        done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True, env=environment)
    return done.stdout
