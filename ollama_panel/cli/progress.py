"""What Ollama says while it pulls a model, as lines: on a terminal the last one is written anew, else there are few."""

from collections.abc import Iterator

import msgspec

from ollama_panel.core.notices.render import ENGLISH

_ANEW = "\r\x1b[K"
"""Back to the begin of the line, and clear it."""
_PLAIN_PERCENT = 10


class Step(msgspec.Struct):
    """A line of the stream of `/api/pull`; sizes are bytes (Ollama `api/types.go` ProgressResponse)."""

    status: str = ""
    digest: str = ""
    total: int = 0
    completed: int = 0
    error: str = ""


class OnTerminal:
    """Progress for a terminal: `text` is to be written, `open` says that a line has no end yet."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._status = ""
        self._begun = (0.0, 0)
        self.open = False

    def text(self, step: Step, now: float) -> str:
        """Return what to write for a step; `now` is in seconds."""
        if not step.status:
            return ""
        ends = "\n" if self.open and step.status != self._status else _ANEW if self.open else ""
        if step.status != self._status:
            self._status, self._begun = step.status, (now, step.completed)
        self.open = True
        return ends + self._line(step, now)[: self._columns - 1]

    def _line(self, step: Step, now: float) -> str:
        if not step.total:
            return step.status
        since, had = self._begun
        speed = (step.completed - had) / (now - since) if now > since and step.completed > had else None
        return f"{_of_total(step)}" + ("" if speed is None else f", {ENGLISH.bytes(speed)}/s")


class Plain:
    """Progress for a file or a program: each status once, and every tenth of what is transferred."""

    def __init__(self) -> None:
        self._status = ""
        self._told = 0

    def lines(self, step: Step) -> Iterator[str]:
        """Yield the lines for a step."""
        if step.status and step.status != self._status:
            self._status, self._told = step.status, 0
            yield step.status
        percent = _percent(step)
        if step.total and percent >= self._told + _PLAIN_PERCENT:
            self._told = percent - percent % _PLAIN_PERCENT
            yield _of_total(step)


def _percent(step: Step) -> int:
    return 100 * min(step.completed, step.total) // step.total if step.total else 0


def _of_total(step: Step) -> str:
    return f"{step.status}: {_percent(step)} %, {ENGLISH.bytes(step.completed)} of {ENGLISH.bytes(step.total)}"
