"""The graphics cards of a machine, and whether servers compute on them."""

from ollama_panel.core.doctor.facts import Facts, LoadedFacts, LogFacts
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import ComputeFound
from ollama_panel.core.telemetry import GpuReading


def cards(facts: Facts) -> tuple[GpuReading, ...]:
    """Return the cards whose driver tells of them."""
    telemetry = facts.snapshot.telemetry if facts.snapshot is not None else None
    found = facts.gpus or (telemetry.gpus if telemetry is not None else ())
    return tuple(one for one in found if not one.lost)


def runs_on_processor(facts: Facts, loaded: LoadedFacts) -> bool:
    """Return whether a loaded model computes on the processor alone.

    0.32 counts some 7 % of such a model as memory of a card, so that the log of its server counts more.
    """
    logs = (log for log in facts.logs if log.server == loaded.server)
    return bool(loaded.size) and (not loaded.size_vram or any(map(found_no_card, logs)))


def found_no_card(log: LogFacts) -> str:
    """Return the line by which a server said last that it runs models on the processor alone, "" if it has a card."""
    last = ""
    for line in log.lines:
        fact = parse(line)
        if isinstance(fact, ComputeFound):
            last = line if fact.library == "cpu" else ""
    return last
