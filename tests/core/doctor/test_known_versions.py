"""Which versions are known to be bad, and where that matters."""

import pytest

from ollama_panel.core.doctor.known_versions import known_bad
from ollama_panel.core.ollama.versions import numbers


@pytest.mark.parametrize(
    ("version", "is_open", "parallel", "code"),
    [
        ("0.1.33", True, False, "doctor.version_runs_code"),
        ("0.1.34", True, False, "doctor.version_tells_memory"),
        ("0.17.0", True, False, "doctor.version_tells_memory"),
        ("0.17.1-rc0", True, False, None),
        ("0.17.0", False, True, None),
        ("0.3.6", False, True, "doctor.version_drops_parallel"),
        ("0.3.7", False, True, None),
        ("0.1.48", False, True, None),
        ("0.0.0", True, True, None),
        ("", True, True, None),
    ],
)
def test_a_version_is_bad_for_what_is_done_with_it(
    version: str, is_open: bool, parallel: bool, code: str | None
) -> None:
    found = known_bad(numbers(version), is_open=is_open, parallel=parallel)
    assert (None if found is None else found.code) == code
