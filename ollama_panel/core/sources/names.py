"""Whose a variable is: the server's, its clients', or that of any program."""

from ollama_panel.core.ollama.environment import find, is_read, may_be_read
from ollama_panel.core.ollama.environment_kinds import PREFIXES
from ollama_panel.core.ollama.environment_table import OF_OTHER_PROGRAMS

NOT_OLLAMAS = frozenset(
    (
        *("HOME", "LANG", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "PWD", "SHELL", "TERM", "TZ", "USER"),
        *("NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_VISIBLE_DEVICES"),
        *("GID", "PGID", "PUID", "UID", "UMASK"),
    )
)
"""Names that often stand beside Ollama's variables and say nothing of it: the session's, and those that the NVIDIA
runtime of containers and the scripts of images read."""

_OF_EVERY_PROGRAM = (NOT_OLLAMAS - {"LD_LIBRARY_PATH"}) | {
    *("USERNAME", "OLDPWD", "SHLVL", "_", "HOSTNAME", "LANGUAGE", "TMPDIR", "TEMP", "TMP", "USERPROFILE"),
    *("DISPLAY", "EDITOR", "MAIL", "PAGER"),
}
"""What the system gives every program; a path of libraries that is set for a server is there for its sake."""
_PREFIXES_OF_EVERY_PROGRAM = ("LC_", "XDG_", "SYSTEMD_")
_OF_BOTH = frozenset(("OLLAMA_HOST", "OLLAMA_DEBUG", "OLLAMA_ORIGINS"))
"""What Ollama's server and its commands both read, and origins, which other programs have in a sense of their own."""


def is_setting(name: str) -> bool:
    """Return whether a variable in a place that is the server's alone is a setting of it."""
    return name not in _OF_EVERY_PROGRAM and not name.startswith(_PREFIXES_OF_EVERY_PROGRAM)


def is_ollamas(name: str) -> bool:
    """Return whether a variable in a place that serves any program is meant for a server, or for a client of it."""
    return may_be_read(name) or find(name) is not None


def is_servers(name: str) -> bool:
    """Return whether a server reads it, and no client of Ollama; other programs may, as with the choice of cards."""
    return find(name) is not None and is_read(name) and name not in _OF_BOTH and name not in OF_OTHER_PROGRAMS


def is_servers_alone(name: str) -> bool:
    """Return whether only a server reads it, so that it does nothing for any other program."""
    return name.startswith(PREFIXES) and is_servers(name)


def is_clients(name: str) -> bool:
    """Return whether it is one that clients of Ollama read, and never a server."""
    return name in OF_OTHER_PROGRAMS
