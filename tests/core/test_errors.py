import errno

import pytest

from ollama_panel.core.errors import PanelError, folder_advice, not_read, not_written, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render

FULL = OSError(errno.ENOSPC, "No space left on device", "/a/b")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(FULL, "No space left on device"), (OSError("no number"), "no number"), (ValueError("bad byte"), "bad byte")],
)
def test_the_reason_is_what_the_system_or_a_decoder_says_without_number_and_path(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


def test_a_file_that_cannot_be_used_is_named_with_the_reason_and_what_to_do() -> None:
    advice = notice("advice.folder_rights")
    assert render(not_written("/a", FULL, advice)) == (
        "/a cannot be written (No space left on device). Check the folder and its rights."
    )
    assert render(not_read("/a", ValueError("bad byte"))) == "/a cannot be read (bad byte)."


def test_an_error_is_its_english_sentence() -> None:
    assert str(PanelError(not_read("/a", FULL))) == "/a cannot be read (No space left on device)."


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Make room on that disk."),
        (errno.EDQUOT, "Make room on that disk."),
        (errno.EACCES, "Check the folder and its rights."),
    ],
)
def test_a_full_disk_needs_room_and_any_other_folder_a_look(number: int, advice: str) -> None:
    assert render(folder_advice(OSError(number, "x"))) == advice
