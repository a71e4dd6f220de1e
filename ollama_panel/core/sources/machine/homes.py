"""The home folder that a path tells of."""

import re

_HOMES = re.compile(r"(/home/[^/]+|/Users/[^/]+|/root|/var/root|/var/home/[^/]+)(?:/|$)")
_OF_USER = re.compile(r"([A-Za-z]:\\Users\\[^\\]+)(?:\\|$)", re.IGNORECASE)


def home_of(path: str) -> str:
    """Return the home folder of the user whose file it is, "" = its path does not tell."""
    found = _HOMES.match(path) or _OF_USER.match(path)
    return found[1] if found else ""
