"""All tests run in two processes: each test in one of them, and what is printed says all of both."""

import sys
from pathlib import Path

import pytest

from dev_tests import OTHERS, WAITING, run, summed

ROOT = Path(__file__).parents[2]
PRINTS = "import sys; waiting = 'tests/e2e' in sys.argv; print(f'the first of {waiting}\\n{%d} passed'); sys.exit(%s)"


def test_each_folder_is_in_one_half() -> None:
    assert all((ROOT / folder).is_dir() for folder in WAITING)
    assert {f"--ignore={folder}" for folder in WAITING} == set(OTHERS)


@pytest.mark.parametrize(("ends", "status"), [("0", 0), ("waiting", 1), ("not waiting", 1), ("1", 1)])
def test_both_are_shown_and_counted_and_either_fails_the_whole(
    capfd: pytest.CaptureFixture[str], ends: str, status: int
) -> None:
    assert run([sys.executable, "-c", PRINTS % (4, ends)]) == status
    *lines, last = capfd.readouterr().out.splitlines()
    assert lines == ["the first of True", "4 passed", "the first of False", "4 passed"]
    assert last.startswith("8 passed in ")


def test_the_counts_of_the_last_lines_are_summed() -> None:
    runs = [
        "1 failed\n\x1b[31m2 failed, \x1b[32m30 passed\x1b[0m, 4 skipped in 5.67s (0:00:05)\n",
        "1 passed, 1 error in 8s",
    ]
    assert summed(runs) == "2 failed, 31 passed, 4 skipped, 1 error"
    assert summed(["", "no tests ran in 0.01s"]) == "no tests ran"
