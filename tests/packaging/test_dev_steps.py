"""How the commands of the folder `packaging` end."""

import shutil

import pytest

from dev_steps import status_of


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device", "/x/a"), "No space left on device: '/x/a'"),
        (
            shutil.Error([("/a", "/b", "No space left on device: '/a' -> '/b'"), ("/c", "/d", "the same again")]),
            "No space left on device: '/a' -> '/b'",
        ),
    ],
)
def test_a_full_disk_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], error: OSError, told: str) -> None:
    def fail() -> int:
        raise error

    assert status_of(fail) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Stopped: ")
    assert line.endswith(told)
