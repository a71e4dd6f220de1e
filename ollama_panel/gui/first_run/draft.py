"""What the user has chosen in the first run, and the advice that it gives: nothing is in force before Start."""

import msgspec

from ollama_panel.core.advice.uses import Use
from ollama_panel.core.first_run import advised
from ollama_panel.core.first_run.advised import Advised, Asked
from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.gui import preview


class Draft:
    """The use, the number of people, the ticks and the pools as the user wants them; else they are as is likely."""

    def __init__(self) -> None:
        self.use: Use | None = None
        self.people: int | None = None
        self.pools: dict[PoolName, PoolSettings] = {}
        self.ticks: dict[str, bool] = {}
        self._seen_people = 1
        self._made_of: object = None
        self._advised = Advised()

    def go_on(self, old: "Draft") -> None:
        """Take what was chosen in a draft that this one replaces."""
        self.use, self.people = old.use, old.people
        self.pools, self.ticks = dict(old.pools), dict(old.ticks)

    def ask(self, use: Use, people: int) -> None:
        """Ask for another use; what was chosen for the pools of the former one goes."""
        if (use, people) != (self.use, self.people):
            self.use, self.people = use, people
            self.pools.clear()

    def asked(self, snapshot: Snapshot) -> Asked:
        """Return what is asked."""
        likely = advised.likely(snapshot)
        self._seen_people = max(self._seen_people, likely.people)  # what closes its connections will come again
        return Asked(self.use or likely.use, self.people or self._seen_people, dict(self.pools))

    def advised(self, snapshot: Snapshot) -> Advised:
        """Return the advice for the machine as it is; it is made anew only if something has changed that it is of."""
        asked = self.asked(snapshot)
        made_of = (preview.inputs(snapshot), _seen(snapshot), msgspec.to_builtins(asked))
        if made_of != self._made_of:
            self._made_of = made_of
            self._advised = advised.advised(snapshot, asked)
        return self._advised

    def ticked(self, snapshot: Snapshot) -> frozenset[str]:
        """Return the ids of the items that are ticked."""
        return advised.ticks(self.advised(snapshot).items, self.ticks)

    def wanted(self, snapshot: Snapshot) -> Settings:
        """Return the settings with the ticked items in force."""
        return advised.wanted(snapshot.settings, self.advised(snapshot).items, self.ticked(snapshot))


def _seen(snapshot: Snapshot) -> tuple[object, ...]:
    return snapshot.starting, snapshot.demo, snapshot.found_servers, snapshot.notices, snapshot.proxy
