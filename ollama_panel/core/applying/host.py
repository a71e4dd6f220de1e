"""The machine that an export is put into force on: what is asked of it first, and the answer."""

import re

import msgspec

from ollama_panel.core.notices import Notice, notice

FACTS = """\
uname -s
id -u
printf '%s\\n' "$HOME"
if [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then echo yes; else echo no; fi
"""
"""A script whose lines are the facts; it changes nothing, and asks nobody for a password."""


_OF_SHELLS = re.compile(r"[\s'\"`$\\;&<>|(){}]")
"""What OpenSSH 9.6 refuses in names (ssh.c: valid_hostname): a `ProxyCommand` gets them, and older ones do not look."""


class HostFacts(msgspec.Struct, frozen=True):
    """What is known of a machine: `system` as `uname` names it, the user's id and home, and whether root is theirs.

    `root`: the user is root, or `sudo` lets them be without a password.
    """

    system: str = "Linux"
    uid: int = 0
    home: str = "/root"
    root: bool = True

    @property
    def sudo(self) -> str:
        """What a command begins with that needs an administrator."""
        return "" if self.uid == 0 else "sudo "


def facts_of(printed: str) -> HostFacts | None:
    """Return the facts in what `FACTS` prints, None if it is no such answer.

    What a login prints besides, as the file `.bashrc` of some users does, comes before.
    """
    lines = printed.splitlines()[-4:]
    if len(lines) < 4 or not lines[1].isdecimal() or not lines[2].startswith("/"):
        return None
    return HostFacts(lines[0], int(lines[1]), lines[2].rstrip("/") or "/", lines[3] == "yes")


def place_of(host: str) -> Notice:
    """Return how a host is named in a sentence."""
    return notice("apply.on_host", host=host) if host else notice("apply.on_this_machine")


def is_host(text: str) -> bool:
    """Return whether `ssh` takes text for a destination: it could be an option, or words of a shell."""
    return bool(text) and not text.startswith("-") and text.isprintable() and not _OF_SHELLS.search(text)
