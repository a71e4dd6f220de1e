"""The English templates about what describes servers for others to run, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
