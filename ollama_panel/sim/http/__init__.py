"""Ollama's HTTP API for the simulated machine, in all three dialects."""
