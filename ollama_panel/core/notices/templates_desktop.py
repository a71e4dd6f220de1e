"""The English templates about the program's place on the desktop: its menu entry and its start at login."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR = {
    "desktop.no_home": "There is no home folder to write to: set the variable HOME.",
    "desktop.no_program": (
        "No installed program belongs to {python}: install Ollama Panel first, for example with pipx or uv."
    ),
    "desktop.temporary": (
        "{path} is in a cache that may be emptied at any time: install Ollama Panel first, with pipx install or "
        "uv tool install."
    ),
    "desktop.other_app": "{path} is another application: move it away, and try again.",
    "desktop.registry": "{key} in the registry cannot be changed ({reason}).",
    "desktop.launchctl": (
        "launchctl did not switch the start at login on ({reason}): "
        "allow Ollama Panel in System Settings, under Login Items."
    ),
    "file.not_removed": "{path} cannot be removed ({reason}).",
}
