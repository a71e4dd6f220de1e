"""The English templates about what describes servers for others to run, by level; see `templates`."""

INFO: dict[str, str] = {
    # What becomes of an assignment, whatever the source
    "source.not_ollamas": "Ollama does not read {name}.",
    "source.later_wins": "A later line sets it again, and that counts.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
