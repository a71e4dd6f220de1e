"""Exports that are put into force on a machine: what is written there, what restarts, what proves it. Pure."""
