"""Tuning on the real thing: trials at workers with other settings, and back; `core.tuning` decides which to make."""
