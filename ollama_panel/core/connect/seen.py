"""Which of the programs that have a guide have come to the panel, or go past it."""

from collections.abc import Iterable

from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.connect.records import Guide

_SUFFIXES = (".exe", ".py", ".js", ".mjs", ".app")


def seen(guides: Iterable[Guide], clients: Iterable[ClientRecord]) -> frozenset[str]:
    """Return the ids of the guides whose programs are among the clients, and were let in."""
    known = tuple(guides)
    came = (one for one in clients if one.let_in)
    found = (guide_of(known, one.process.name if one.process else "", one.agent) for one in came)
    return frozenset(guide.id for guide in found if guide is not None)


def guide_of(guides: Iterable[Guide], process: str, agent: str = "") -> Guide | None:
    """Return the guide of the program that a process, or else what it says of itself (`User-Agent`), shows; or None.

    A process says more: many programs send the agent of the library that they use.
    """
    known, name = tuple(guides), _bare(process)
    by_process = (guide for guide in known if name and name in guide.marks.processes)
    by_agent = (guide for guide in known if agent and agent.lower().startswith(guide.marks.agents))
    return next(by_process, None) or next(by_agent, None)


def _bare(process: str) -> str:
    name = process.lower()
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name
