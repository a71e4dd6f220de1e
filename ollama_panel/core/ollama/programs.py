"""Ollama's programs: what each is, and its version as `ollama --version` prints it. Pure."""

import re

import msgspec

from ollama_panel.core.notices import Notice

NO_SERVER = {"OLLAMA_HOST": "127.0.0.1:1"}
"""With this `--version` tells the program's own version. It asks the server first, and tells that one's if there is one
(0.32 `cmd/cmd.go versionHandler`); nothing listens at port 1."""

_VERSION = re.compile(r"(?:client|ollama) version is v?([0-9][\w.+-]*)", re.IGNORECASE)


class Program(msgspec.Struct, frozen=True):
    """A program `ollama` at `path`; `version` is None if it does not tell it, then `problem` says why.

    `chosen`: the panel's workers run it.
    """

    path: str
    version: str | None = None
    problem: Notice | None = None
    chosen: bool = False


def version_in(printed: str) -> str | None:
    """Return the version that `ollama --version` has printed, None if there is none."""
    found = _VERSION.findall(printed)
    return found[-1] if found else None
