"""Knowledge of Ollama: its API, its models and their memory, its log and its environment variables. Pure."""
