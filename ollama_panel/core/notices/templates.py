"""The table of English templates, by code; the modules `templates_...` hold its parts, by area.

A field is `{name}` or `{name:format}`. Formats of numbers: `count` (whole, with separators), `number`, `seconds`,
`bytes`; without a format a number is an identifier, such as a port. A tuple is rendered as a list of its items.
`setting` is the format of a setting's title.
"""

import re
from enum import Enum
from typing import NamedTuple

from ollama_panel.core.notices import (
    templates_advice,
    templates_bypass,
    templates_connect,
    templates_contexts,
    templates_crashes,
    templates_desktop,
    templates_doctor_looking,
    templates_doctor_mending,
    templates_doctor_running,
    templates_doctor_settings,
    templates_drill,
    templates_embeddings,
    templates_engine,
    templates_environment,
    templates_export,
    templates_export_apply,
    templates_export_containers,
    templates_export_desktops,
    templates_export_judges,
    templates_export_proxies,
    templates_export_services,
    templates_first_run,
    templates_gpu_yield,
    templates_history,
    templates_import,
    templates_limits,
    templates_machine,
    templates_measuring,
    templates_models,
    templates_profiles,
    templates_recording,
    templates_requests,
    templates_respect,
    templates_rollout,
    templates_servers,
    templates_settings,
    templates_sources_machine,
    templates_sources_stacks,
    templates_sources_values,
    templates_stores,
    templates_takeover,
    templates_trial,
    templates_tuning,
    templates_tuning_choice,
    templates_tuning_plan,
    templates_tuning_report,
    templates_tuning_verdict,
    templates_values,
    templates_watchdog,
)

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


TEMPLATES: dict[str, Template] = {}
for _area in (
    templates_requests,
    templates_contexts,
    templates_engine,
    templates_desktop,
    templates_settings,
    templates_environment,
    templates_export,
    templates_export_apply,
    templates_export_containers,
    templates_export_desktops,
    templates_export_judges,
    templates_export_proxies,
    templates_export_services,
    templates_stores,
    templates_values,
    templates_servers,
    templates_takeover,
    templates_trial,
    templates_tuning,
    templates_measuring,
    templates_tuning_choice,
    templates_tuning_plan,
    templates_tuning_report,
    templates_tuning_verdict,
    templates_machine,
    templates_limits,
    templates_history,
    templates_advice,
    templates_connect,
    templates_bypass,
    templates_first_run,
    templates_profiles,
    templates_doctor_looking,
    templates_doctor_mending,
    templates_doctor_running,
    templates_doctor_settings,
    templates_import,
    templates_sources_machine,
    templates_sources_stacks,
    templates_sources_values,
    templates_models,
    templates_rollout,
    templates_watchdog,
    templates_crashes,
    templates_respect,
    templates_gpu_yield,
    templates_embeddings,
    templates_recording,
    templates_drill,
):
    TEMPLATES |= _table(Level.INFO, _area.INFO) | _table(Level.WARNING, _area.WARNING)
    TEMPLATES |= _table(Level.ERROR, _area.ERROR)
