"""What the last change of the settings has brought: how it went before it, and has gone since."""

import msgspec
from typing_extensions import override

from ollama_panel.core import setting_changes
from ollama_panel.core.errors import PanelError
from ollama_panel.core.figures import LastChange
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.timeline.class_counts import KEPT_S, ClassCounts

EVERY_S = 1.0
"""How often the figures are reckoned anew at most."""


_ASIDE = (
    *("host", "port", "second_host", "second_port"),
    *("management", "require_key", "api_keys", "allowed_hosts", "allowed_origins"),
)
"""Of the proxy, what is about who may come, and where."""


class LastChanges:
    """Keeps the settings before the last change, and the figures around it. Times are seconds."""

    __slots__ = ("_after", "_before", "_counts", "_reckoned", "_record")

    def __init__(self, counts: ClassCounts) -> None:
        self._counts = counts
        self._before = self._after = Settings()
        self._record: LastChange | None = None
        self._reckoned = 0.0

    @override
    def __reduce__(self) -> tuple[type["LastChanges"], tuple[ClassCounts]]:
        """Return what makes a copy, which knows of no change: settings have secrets, and recordings must have none."""
        return LastChanges, (self._counts,)

    def changed(self, before: Settings, after: Settings, now: float) -> None:
        """Take note of a change of what requests are served by; nothing else of it is told, or taken back.

        So the look of the window, a key, or an address is no such change. That of a take-over has an undo of its own,
        which brings Ollama back there: the settings alone would leave nobody there.
        """
        before = _except_aside(before, after)
        applied = setting_changes.told(before, after)
        if not applied:
            return
        span = self._counts.span(now - KEPT_S, now, now)
        undoes = self._record is not None and after == _except_aside(self._before, after)
        self._before, self._after = before, after
        self._record = LastChange(now, applied, span, self._counts.span(now, now, now), undoes=undoes)
        self._reckoned = now

    def record(self, now: float) -> LastChange | None:
        """Return the last change with the figures since then, for five minutes; the same object within a second."""
        record = self._record
        if record is None or now - self._reckoned < EVERY_S or self._reckoned > record.at + KEPT_S:
            return record
        self._reckoned = now
        after = self._counts.span(record.at, min(now, record.at + KEPT_S), now)
        self._record = LastChange(record.at, record.applied, record.before, after, record.undoes)
        return self._record

    def to_undo(self) -> tuple[Settings, Settings]:
        """Return the settings before and after the last change. Raises PanelError if nothing was changed."""
        if self._record is None:
            raise PanelError(notice("change.none_to_undo"))
        return self._before, self._after


def _except_aside(settings: Settings, other: Settings) -> Settings:
    """Return `settings` with what no request is served by as `other` has it."""
    aside = {name: getattr(other.proxy, name) for name in _ASIDE}
    proxy = msgspec.structs.replace(settings.proxy, **aside)
    return msgspec.structs.replace(settings, proxy=proxy, window=other.window, history=other.history)
