"""What `ollama --version` prints, of several versions (0.9.6 and 0.32.15, with and without a server)."""

import pytest

from ollama_panel.core.ollama.programs import version_in


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("Warning: could not connect to a running Ollama instance\nWarning: client version is 0.9.6\n", "0.9.6"),
        ("ollama version is 0.32.15\n", "0.32.15"),
        ("ollama version is 0.32.15\nWarning: client version is 0.9.6\n", "0.9.6"),  # the first is the server's
        ("ollama version is v0.33.0-rc2\n", "0.33.0-rc2"),
        ("ollama version is \n", None),
        ("error while loading shared libraries: libstdc++.so.6\n", None),
        ("", None),
    ],
)
def test_the_version_of_a_program(printed: str, version: str | None) -> None:
    assert version_in(printed) == version
