"""The comparison of schedulers in virtual time that `ollama-panel bench scheduler` and `bench replay` run."""
