r"""The grammar of unit files, which services of systemd and quadlets of Podman share.

Quoting follows systemd.syntax(7) and systemd.exec(5), checked against systemd 252: values are in double quotes, in
which backslash and quote are escaped by a backslash, a line break is `\n`, and `%`, the sign of specifiers, is doubled.
`$` is not special in `Environment=`, but in a command line, where it is doubled. Older versions of systemd allow only
the tab of the other control characters.
"""

import re
from collections.abc import Mapping

from ollama_panel.core.export.deployment import Provenance
from ollama_panel.core.export.meanings import meaning

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What no value in a unit may have."""
_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)


def quoted(text: str) -> str:
    """Return text as one double-quoted word of a unit file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("%", "%%")
    return f'"{escaped}"'


def program_word(path: str) -> str:
    """Return the path of a program as the first word of a command line, in which `$` is not special."""
    return path if _PLAIN.fullmatch(path) else quoted(path)


def word(text: str) -> str:
    """Return text as a further word of a command line."""
    return program_word(text.replace("$", "$$"))


def plain(text: str) -> str:
    """Return text for a field without quotes: no specifier, and no backslash that would continue the line."""
    return text.replace("\\", "/").replace("%", "%%")


def environment(values: Mapping[str, str], provenance: Provenance) -> str:
    """Return variables as lines of a unit, those that Ollama's users know by name with what they mean."""
    return "".join(
        meaning(name, provenance) + f"Environment={quoted(f'{name}={value}')}\n" for name, value in values.items()
    )
