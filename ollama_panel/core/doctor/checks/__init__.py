"""Every check of the doctor, by what it is about."""

from ollama_panel.core.doctor.check import Check
from ollama_panel.core.doctor.checks import (
    graphics,
    memory,
    models,
    network,
    parallel,
    requests,
    servers,
    settings,
    sources,
    strays,
)

CHECKS: tuple[Check, ...] = (
    *servers.CHECKS,
    *settings.CHECKS,
    *strays.CHECKS,
    *sources.CHECKS,
    *network.CHECKS,
    *graphics.CHECKS,
    *memory.CHECKS,
    *models.CHECKS,
    *parallel.CHECKS,
    *requests.CHECKS,
)
