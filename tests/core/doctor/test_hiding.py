"""No secret of a source is among the facts."""

from ollama_panel.core.doctor.hiding import hidden
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
PLACE = Place("/u.service", 3, LINE)
READING = Reading(
    SourceKind.SYSTEMD,
    "/u.service",
    (ServerConfig("u", (Assignment("OLLAMA_API_KEY", SECRET, PLACE), Assignment("OLLAMA_HOST", "0.0.0.0", PLACE))),),
    (Assignment("HTTPS_PROXY", "http://me:passw0rd@proxy", Place("/u.service", 4, "x"), why=None),),
    (Mistake("x", notice("source.unknown", path=f"a {SECRET} b"), PLACE, mended=f"whole {SECRET}"),),
    source=Source(SourceKind.SYSTEMD, (TextFile("/u.service", LINE),)),
)


def test_values_lines_and_sentences_are_without_secrets() -> None:
    reading = hidden(READING)
    shown = str((reading.servers, reading.others, reading.mistakes[0].told, reading.mistakes[0].place))
    assert SECRET not in shown
    assert "passw0rd" not in shown
    assert reading.servers[0].variables == {"OLLAMA_API_KEY": "(hidden)", "OLLAMA_HOST": "0.0.0.0"}


def test_what_a_fix_writes_stays_whole() -> None:
    reading = hidden(READING)
    assert (reading.mistakes[0].mended, reading.source) == (f"whole {SECRET}", READING.source)
