"""No secret of a source is among the facts."""

import msgspec

from ollama_panel.core.doctor.hiding import hidden
from ollama_panel.core.doctor.mending import rebased
from ollama_panel.core.notices import notice
from ollama_panel.core.sources.record import (
    Assignment,
    Mistake,
    Place,
    Reading,
    ServerConfig,
    Source,
    SourceKind,
    TextFile,
)

SECRET = "sk-0123456789abcdef"
LINE = f"Environment=OLLAMA_API_KEY={SECRET}"
TEXT = f"{LINE}\nEnvironment=OLLAMA_HOST=0.0.0.0x\n"
PLACE = Place("/u.service", 3, LINE)
READING = Reading(
    SourceKind.SYSTEMD,
    "/u.service",
    (ServerConfig("u", (Assignment("OLLAMA_API_KEY", SECRET, PLACE), Assignment("OLLAMA_HOST", "0.0.0.0", PLACE))),),
    (Assignment("HTTPS_PROXY", "http://me:passw0rd@proxy", Place("/u.service", 4, "x"), why=None),),
    (Mistake("x", notice("source.unknown", path=f"a {SECRET} b"), PLACE, mended=TEXT.replace("0.0.0.0x", "0.0.0.0")),),
    source=Source(SourceKind.SYSTEMD, (TextFile("/u.service", TEXT),)),
)


def test_values_lines_sentences_and_texts_are_without_secrets() -> None:
    reading = hidden(READING)
    assert SECRET not in str(reading)
    assert "passw0rd" not in str(reading)
    assert reading.servers[0].variables == {"OLLAMA_API_KEY": "(hidden)", "OLLAMA_HOST": "0.0.0.0"}


def test_a_command_line_is_without_secrets() -> None:
    server = ServerConfig("u", command=("/usr/bin/ollama", "serve", "--token", SECRET, f"--password={SECRET}", "-v"))
    (shown,) = hidden(msgspec.structs.replace(READING, servers=(server,), others=())).servers
    assert shown.command == ("/usr/bin/ollama", "serve", "--token", "(hidden)", "--password=(hidden)", "-v")


def test_a_fix_goes_into_the_file_with_its_secret() -> None:
    reading = hidden(READING)
    assert reading.source is not None
    mended = reading.mistakes[0].mended
    assert mended is not None
    assert rebased(reading.source.files[0].text, mended, TEXT) == f"{LINE}\nEnvironment=OLLAMA_HOST=0.0.0.0\n"


def test_a_reading_that_keeps_no_text_stays_so() -> None:
    assert hidden(msgspec.structs.replace(READING, source=None)).source is None
