"""The standard streams, whose encoding the terminal or the system chooses: it may lack a letter of a name."""

import codecs
import sys
from io import TextIOWrapper

import msgspec

UNKNOWN = "—"
"""What stands for an unknown value."""


def counted(number: int, what: str) -> str:
    """Return so many of a thing, whose plural has an s."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


_PLAIN = str.maketrans(
    {UNKNOWN: "-", "…": "...", "±": "+/-", "→": "->", "“": '"', "”": '"', "\N{MICRO SIGN}": "u", "°": "deg"}
)
"""What is printed in place of signs of our texts that the encoding lacks."""


def lose_nothing() -> None:
    """Let what the encoding lacks be printed as plain signs or escapes, and not end the command with an error."""
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end].translate(_PLAIN)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end


def be_for_programs() -> None:
    """Print in UTF-8 whatever the terminal uses, as files are written: what follows is read by programs."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def print_json(content: bytes) -> None:
    """Print JSON for programs, indented."""
    be_for_programs()
    print(msgspec.json.format(content, indent=2).decode())
