"""The home folder that a path tells of, and folders in which it is not filled in."""

import re

from ollama_panel.core.ollama.environment import is_folder
from ollama_panel.core.ollama.environment_kinds import taken

_HOMES = re.compile(r"(/home/[^/]+|/Users/[^/]+|/root|/var/root|/var/home/[^/]+)(?:/|$)")
_UNFILLED = re.compile(r"^~(/|$)|\$\{?[A-Za-z_]")
_OF_USER = re.compile(r"([A-Za-z]:\\Users\\[^\\]+)(?:\\|$)", re.IGNORECASE)


def home_of(path: str) -> str:
    """Return the home folder of the user whose file it is, "" = its path does not tell."""
    found = _HOMES.match(path) or _OF_USER.match(path)
    return found[1] if found else ""


def is_unfilled(name: str, value: str) -> bool:
    """Return whether a variable is a folder that begins with `~`, or has a variable in it, as only shells fill in."""
    return is_folder(name) and _UNFILLED.search(taken(name, value)) is not None
