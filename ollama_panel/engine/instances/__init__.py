"""The Ollama servers: starts, probes, restarts and stops managed ones, and adopts those that already run."""
