"""Configuration sources as settings of the panel: what is taken, what is not and why, and what is wrong. Pure.

`plan.planned` is given the readings of sources (`core.sources`) and the settings, and returns the settings as they
would be with the import, and what is said of it.
"""
