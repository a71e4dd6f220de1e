"""Advice what to set: for a machine, its models, and what they are used for."""
