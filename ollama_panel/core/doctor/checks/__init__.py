"""Every check of the doctor, by what it is about."""

from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.checks import (
    graphics,
    memory,
    misplaced,
    models,
    network,
    panel_file,
    parallel,
    requests,
    servers,
    settings,
    sources,
    starting,
)

CHECKS: tuple[Check, ...] = (
    *starting.CHECKS,
    *servers.CHECKS,
    *settings.CHECKS,
    *panel_file.CHECKS,
    *misplaced.CHECKS,
    *sources.CHECKS,
    *network.CHECKS,
    *graphics.CHECKS,
    *memory.CHECKS,
    *models.CHECKS,
    *parallel.CHECKS,
    *requests.CHECKS,
)
