"""The standard output, whose encoding the terminal or the system chooses: it may lack a letter of a name."""

import sys
from io import TextIOWrapper

import msgspec

UNKNOWN = "—"
"""What stands for an unknown value."""


def lose_nothing() -> None:
    """Let letters that the encoding lacks be printed as escapes, and not end the command with an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def be_for_programs() -> None:
    """Print in UTF-8 whatever the terminal uses, as files are written: what follows is read by programs."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def print_json(content: bytes) -> None:
    """Print JSON for programs, indented."""
    be_for_programs()
    print(msgspec.json.format(content, indent=2).decode())
