"""A question for advice, as the command line, the HTTP API and the window ask it, and the answer."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from ollama_panel.core.advice import families
from ollama_panel.core.advice.advise import advise
from ollama_panel.core.advice.hardware import CIRCULATING, Circulating
from ollama_panel.core.advice.machines import MachineFacts, described
from ollama_panel.core.advice.result import Advice
from ollama_panel.core.advice.speed import Measurement
from ollama_panel.core.advice.uses import Use
from ollama_panel.core.ids import ModelName
from ollama_panel.core.launch import Inherited
from ollama_panel.core.notices import Notice
from ollama_panel.core.ollama.hardware import HARDWARE, Hardware
from ollama_panel.core.ollama.models import ModelFacts


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What models are used for, and by how many people.

    `models` must all be served; none = the best of those that are installed is chosen. With `memory` or `gpu` it is
    about a machine that these describe (`core.advice.machines.described`), else about the one at hand. With `family` it
    is only whether Ollama runs several requests of that family or model at once.
    """

    use: Use = Use.CHAT
    people: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    models: tuple[str, ...] = ()
    memory: str = ""
    gpu: tuple[str, ...] = ()
    cores: Annotated[int, msgspec.Meta(ge=1, le=4096)] | None = None
    family: str = ""


class Answer(msgspec.Struct, frozen=True):
    """The advice, or for a `family` what is known of it.

    Beside it what was `measured` here, by model, and what is published of hardware: measurements with their sources,
    and figures that guides pass on.
    """

    advice: Advice | None = None
    family: Notice | None = None
    measured: dict[ModelName, Measurement] = {}
    published: tuple[Hardware, ...] = HARDWARE
    circulating: tuple[Circulating, ...] = CIRCULATING


def answer(
    question: Question,
    machine: MachineFacts,
    models: Sequence[ModelFacts],
    here: Mapping[ModelName, Measurement] | None = None,
) -> Answer:
    """Return the answer for the `machine` at hand with its `models`, and what was measured on it.

    Raises PanelError if the question describes a machine that is not understood.
    """
    measured = dict(here or {})
    if question.family:
        return Answer(family=families.answer(question.family, models, machine.version), measured=measured)
    if question.memory or question.gpu:
        found = described(question.memory, question.gpu, question.cores)
        return Answer(advise(found, models, question.use, question.people, question.models), measured=measured)
    advice = advise(machine, models, question.use, question.people, question.models, measured)
    bare = msgspec.structs.replace(advice.machine, inherited=Inherited())
    return Answer(msgspec.structs.replace(advice, machine=bare), measured=measured)
