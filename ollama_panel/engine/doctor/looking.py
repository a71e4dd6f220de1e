"""Asks a machine one thing after another, and keeps what could not be looked at."""

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import Unseen
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.engine.applying.hosts import Host
from ollama_panel.engine.doctor.sources import ask

LIMIT_S = 15.0
"""How long one script may take; its commands that may hang have shorter limits."""


class Looking:
    """One look at a machine; `unseen` are the things that could not be seen, with the reasons.

    `rights` are as in `printed.script`.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.rights: str | None = None
        self.unseen = list[Unseen]()

    async def ask(self, what: str, script: str) -> list[Block]:
        """Return what a script prints; nothing if it takes too long or the machine is gone, which is kept as a gap."""
        if not script:
            return []
        try:
            return await ask(self.host, script, LIMIT_S, self.rights)
        except PanelError as error:
            slow = error.notice.code == "apply.slow"  # which names the first line of a script
            self.miss(what, notice("looking.slow", limit=LIMIT_S) if slow else error.notice)
            return []

    def miss(self, what: str, why: Notice) -> None:
        """Keep that something could not be looked at."""
        self.unseen.append(Unseen(what, why))
