"""How it is told that a variable was set and is not in force."""

from ollama_panel.core.doctor.in_force import InForce
from ollama_panel.core.notices import Notice, notice

_PARALLEL, _CONTEXT = "OLLAMA_NUM_PARALLEL", "OLLAMA_CONTEXT_LENGTH"


def is_set_but(name: str, wanted: str, found: InForce) -> Notice:
    """Return that a server does not run with what was set."""
    if not found.value:
        return notice("doctor.set_but_not_there", name=name, wanted=wanted)
    if name == _PARALLEL:
        return notice("doctor.set_but_parallel", wanted=wanted, found=found.value)
    if name == _CONTEXT:
        return notice("doctor.set_but_context", wanted=wanted, found=found.value)
    return notice("doctor.set_but", name=name, wanted=wanted, found=found.value)
