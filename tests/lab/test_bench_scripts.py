"""The scripts under tests/bench are run by hand; that they still import what they use is checked here."""

from importlib import import_module
from pathlib import Path

import pytest

SCRIPTS = sorted(path.stem for path in (Path(__file__).parents[1] / "bench").glob("*.py"))


def test_the_scripts_are_found():
    assert {"real", "scheduler", "scheduler_http", "wire"} <= set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_finds_what_it_imports(script):
    import_module(f"tests.bench.{script}")
