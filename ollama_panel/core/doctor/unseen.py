"""What could not be looked at, as checks that could not be made."""

import re
from collections.abc import Iterable, Iterator, Mapping

from ollama_panel.core.doctor.facts import Unseen
from ollama_panel.core.findings import Area, CheckResult, CheckState
from ollama_panel.core.notices import Notice, notice

SYSTEM_UNITS, USER_UNITS = "system", "user"
CARDS = "nvidia-smi"
_PROCESS = re.compile(r"(log of )?process (\d+)")
_RUNTIMES = frozenset({"docker", "podman"})
_PARTS: Mapping[str, tuple[Area, Notice]] = {
    SYSTEM_UNITS: (Area.SERVERS, notice("looking.at_system_units")),
    USER_UNITS: (Area.SERVERS, notice("looking.at_user_units")),
    CARDS: (Area.GRAPHICS, notice("looking.at_cards")),
    "graphics": (Area.GRAPHICS, notice("looking.at_cards")),
    "sources": (Area.SETTINGS, notice("looking.at_sources")),
    "files": (Area.SETTINGS, notice("looking.at_files")),
    "processes": (Area.SERVERS, notice("looking.at_processes")),
    "programs": (Area.SERVERS, notice("looking.at_programs")),
    "logs": (Area.SERVERS, notice("looking.at_logs")),
    "journal": (Area.SERVERS, notice("looking.at_logs")),
    "answers": (Area.SERVERS, notice("looking.at_answers")),
    "ports": (Area.NETWORK, notice("looking.at_ports")),
    "models": (Area.MODELS, notice("looking.at_stores")),
    "disks": (Area.MEMORY, notice("looking.at_disks")),
}
"""The parts of a look by their names (`engine.doctor.gathering`)."""


def not_made(unseen: Iterable[Unseen]) -> Iterator[CheckResult]:
    """Yield each thing that could not be looked at, once."""
    seen = set[str]()
    for one in unseen:
        if one.what not in seen:
            seen.add(one.what)
            area, title = _about(one.what)
            yield CheckResult(f"unseen.{one.what}", area, title, CheckState.UNKNOWN, one.why)


def _about(what: str) -> tuple[Area, Notice]:
    if what in _PARTS:
        return _PARTS[what]
    if what in _RUNTIMES:
        return Area.SERVERS, notice("looking.at_containers", program=what)
    if found := _PROCESS.fullmatch(what):
        code = "looking.at_log" if found[1] else "looking.at_variables"
        return Area.SERVERS, notice(code, pid=int(found[2]))
    return Area.SERVERS, notice("looking.at_part", part=what)
