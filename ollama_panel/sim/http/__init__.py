"""The simulated machine behind Ollama's HTTP API, in all three dialects."""
