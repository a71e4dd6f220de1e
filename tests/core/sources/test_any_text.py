"""Whatever a text holds, reading it ends, and says what was read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ollama_panel.core.sources import READERS, read
from ollama_panel.core.sources.kinds import kind_of
from ollama_panel.core.sources.record import Source, SourceKind, TextFile

_PIECES = st.sampled_from(
    [
        *(
            "Environment=",
            "[Service]\n",
            "EnvironmentFile=-x\n",
            "ExecStart=",
            "OLLAMA_DEBUG=1",
            "export ",
            "ollama serve",
        ),
        *(
            "set ",
            "setx ",
            "$env:",
            "launchctl setenv ",
            "sudo ",
            "env -i ",
            "sh -c ",
            "docker run -e ",
            "for i in 1; do ",
        ),
        *(
            "${",
            "$(",
            "`",
            "'",
            '"',
            "\\",
            "\n",
            "\r\n",
            " ",
            "=",
            ":",
            "{",
            "}",
            "(",
            ")",
            "<",
            ">",
            "&",
            "|",
            ";",
            "#",
            "%",
        ),
        *(
            "<plist><dict>",
            "<key>EnvironmentVariables</key>",
            "</dict></plist>",
            "<<EOF\n",
            "EOF\n",
            "@'\n",
            "- ",
            "\t",
            "\0",
        ),
        *(
            "services:\n",
            "  ollama:\n",
            "environment:\n",
            "~/x",
            "$HOME",
            "1",
            "é",
            "\ud7ff",
            "\x85",
            "\u2028",
            "if ",
            "end",
        ),
    ]
)
texts = st.lists(_PIECES | st.text(max_size=3), max_size=25).map("".join)


@pytest.mark.parametrize("kind", READERS)
@given(text=texts)
@example(text="")
@example(text="\0")
@example(text="(" * 200)
def test_a_reading_has_places_in_its_file_and_mended_texts_that_differ(kind: SourceKind, text: str) -> None:
    found = read(Source(kind, (TextFile("x", text),)))
    assert found.kind is kind
    for mistake in found.mistakes:
        assert mistake.mended != text
        assert mistake.place.text in text
    for server in found.servers:
        assert all(one.place.text in text for one in server.assignments)


@given(st.text(max_size=10), texts)
def test_any_file_has_a_format_or_none(path: str, text: str) -> None:
    kind = kind_of(path, text)
    assert kind is None or kind in READERS
