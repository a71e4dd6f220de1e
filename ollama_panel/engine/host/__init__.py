"""The host machine: its ports, cores, memory and GPU, and the Ollama that is installed on it."""
