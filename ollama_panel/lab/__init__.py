"""Schedulers compared on one workload in virtual time: what `ollama-panel bench scheduler` and `bench replay` run."""
