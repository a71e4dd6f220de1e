"""Every check of the doctor, by what it is about."""

from ollama_panel.core.doctor.check import Check

CHECKS: tuple[Check, ...] = ()
