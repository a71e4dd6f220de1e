import os
from pathlib import Path

import pytest

from tests.fakes.stub_machine import StubMachine

collect_ignore_glob = [] if os.name == "posix" else ["test_*.py"]


@pytest.fixture
def machine(tmp_path: Path) -> StubMachine:
    """Return a machine with two workers of its user's manager that run with former settings."""
    return StubMachine(tmp_path / "it's a machine")
