"""The table of English templates, by code; the modules `templates_...` hold the rest of it, by area.

A field is `{name}` or `{name:format}`. Formats of numbers: `count` (whole, with separators), `number`, `seconds`,
`bytes`; without a format a number is an identifier, such as a port. A tuple is rendered as a list of its items.
`setting` is the format of a setting's title.
"""

import re
from enum import Enum
from typing import NamedTuple

from ollama_panel.core.notices import templates_engine, templates_export, templates_requests, templates_settings

FIELD = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Level(Enum):
    """How serious a notice is. ERROR: something does not work; WARNING: it works, but not as it should."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Template(NamedTuple):
    """The text of one code, its level, and the names of its fields."""

    text: str
    level: Level
    fields: frozenset[str]


def _table(level: Level, texts: dict[str, str]) -> dict[str, Template]:
    return {
        code: Template(text, level, frozenset(name for name, _ in FIELD.findall(text))) for code, text in texts.items()
    }


_INFO = {
    # Evidence, after the sentence that it belongs to
    "evidence": 'It said: "{line}".',
}

_WARNING = {
    # Prompts that were cut
    "prompt_cut.from_to": "{model}: a prompt of {tokens:count} tokens of {client} was cut to {kept:count}. {advice}",
    "prompt_cut.to": "{model}: a prompt of {client} was cut to {kept:count} tokens. {advice}",
    "prompt_cut.from": "{model}: a prompt of {tokens:count} tokens of {client} was cut. {advice}",
    "prompt_cut.unknown": "{model}: a prompt of {client} was cut. {advice}",
    "prompt_cut.messages": (
        "{model}: Ollama has probably left out earlier messages of {client}, too long for {tokens:count} tokens. "
        "{advice}"
    ),
    "prompt_cut.again": "{cut} So far {times:count} prompts for {model} were cut.",
    "advice.raise_context": "Raise the context of its pool.",
    "advice.raise_of_server": "Raise OLLAMA_CONTEXT_LENGTH of that server.",
    "advice.trained": "The model was trained for no more.",
    "advice.client_asked": "Its pool has more: the client asked for less itself.",
    "advice.modelfile_limits": "The model's own num_ctx limits it: set a longer one there.",
    # Models that are reloaded again and again
    "context_conflict.known": (
        "{model} is reloaded again and again: {asking} need a longer context than {own:count} tokens, and {silent} "
        "cannot ask for one. {advice}"
    ),
    "context_conflict.unknown": (
        "{model} is reloaded again and again: {asking} need a longer context than the default, and {silent} "
        "cannot ask for one. {advice}"
    ),
    "context_conflict.client": "{client} ({tokens:count})",
    "context_conflict.others": "other clients",
    "advice.modelfile": "Set a longer num_ctx in the model's own file.",
    "advice.raise_context_to": "Raise the context of its pool to {tokens:count} tokens, and one load serves all.",
    "advice.does_not_fit": (
        "{tokens:count} tokens do not fit into memory: lower the parallel requests, or ask for less."
    ),
}

_ERROR: dict[str, str] = {}

_AREAS = (templates_requests, templates_engine, templates_settings, templates_export)

TEMPLATES: dict[str, Template] = (
    _table(Level.INFO, _INFO) | _table(Level.WARNING, _WARNING) | _table(Level.ERROR, _ERROR)
)
for _area in _AREAS:
    TEMPLATES |= _table(Level.INFO, _area.INFO) | _table(Level.WARNING, _area.WARNING)
    TEMPLATES |= _table(Level.ERROR, _area.ERROR)
