"""Paths as people write them in settings: which are whole, and what they are on this machine.

A program that is started without a shell gets a path as it was written: `~/models` made a folder named `~`. So the
user's home is put in where a path begins with it, and whatever else a shell would replace is refused.
"""

import re

from ollama_panel.core.notices import Notice, notice

_HOME = re.compile(r"(?:~|\$HOME|\$\{HOME\}|%(?i:USERPROFILE)%)(?=[/\\]|\Z)")
_WHOLE = re.compile(r"/|\\\\|[A-Za-z]:[/\\]")
_SEPARATORS = re.compile(r"[/\\]")
_VARIABLE = re.compile(r"\$[A-Za-z_]\w*|\$\{[^}]*\}|%[^%]+%", re.ASCII)


def flaw(path: str) -> Notice | None:
    """Return what a path must be instead, to follow "must be"; None if it is whole or begins with the user's home."""
    if not path:
        return None
    if path[0] in "\"'" or path[-1] in "\"'":
        return notice("expected.path_bare")
    home = _HOME.match(path)
    rest = path[home.end() :] if home else path
    if rest.startswith("~") or any(map(_VARIABLE.fullmatch, _SEPARATORS.split(rest))):
        return notice("expected.path_plain")
    return None if home or _WHOLE.match(path) else notice("expected.path_whole")


def begins_at_home(path: str) -> bool:
    """Return whether a path begins with the user's home, in one of the ways in which shells have it."""
    return _HOME.match(path) is not None


def expanded(path: str, home: str) -> str:
    """Return a path with the user's `home` in place of what means it; as it is where no home is known.

    What was written with the separators of Windows gets those of the system whose home it is.
    """
    found = _HOME.match(path)
    if not found or not home:
        return path
    rest = path[found.end() :]
    return home.rstrip("/\\") + (rest.replace("\\", "/") if rest.startswith("\\") and home.startswith("/") else rest)


def usable(path: str, home: str) -> str:
    """Return a path as `expanded` does; "" for one that no program without a shell can use."""
    whole = expanded(path, home)
    return "" if begins_at_home(whole) or flaw(whole) is not None else whole
