"""A machine in virtual time, and how to look at what it says."""

from collections.abc import Iterable
from typing import TypeVar

from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.machine import Machine
from ollama_panel.sim.machine.service_time import PROFILES
from ollama_panel.sim.machine.work import (
    Done,
    Event,
    Failed,
    InstanceOptions,
    MachineFaults,
    Started,
    Tokens,
    Work,
)

SECOND = 1_000_000
CHAT, OTHER, EMBED = "llama3.1:8b", "qwen2.5:7b", "nomic-embed-text:latest"
E = TypeVar("E", bound=Event)


def machine(
    *, profile: str = "rtx-4090", every_token: bool = False, faults: MachineFaults | None = None, **options: int
) -> Machine:
    found = Machine(PROFILES[profile], KNOWN, every_token=every_token, faults=faults)
    found.add_instance("a", InstanceOptions(**{"context_length": 4096, **options}))  # type: ignore[arg-type]
    return found


def work(name: str, model: str = CHAT, *, prompt: int = 100, output: int = 20, **more: object) -> Work:
    return Work(name, model, prompt=((hash_of(name), prompt),), output_tokens=output, **more)  # type: ignore[arg-type]


def hash_of(name: str) -> int:
    return sum(ord(letter) * 131**at for at, letter in enumerate(name))


def run(world: Machine, until: int | None = None) -> list[Event]:
    """Let time pass until nothing happens any more (keep-alives included), or until a time."""
    events: list[Event] = []
    while (due := world.next_event()) is not None and (until is None or due <= until):
        events += world.advance(due)
    return events + (world.advance(until) if until is not None else [])


def only(kind: type[E], events: Iterable[Event]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def kinds(events: Iterable[Event], request: str) -> list[str]:
    mine = [event for event in events if isinstance(event, Started | Tokens | Done | Failed) and event.id == request]
    return [type(event).__name__ for event in mine]


def busiest(events: Iterable[Event]) -> int:
    inside = peak = 0
    for event in events:
        inside += isinstance(event, Started) - isinstance(event, Done)
        peak = max(peak, inside)
    return peak
