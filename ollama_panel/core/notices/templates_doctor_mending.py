"""The English templates about what the doctor mends, and its reports, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "doctor.no_finding": "The doctor has no finding {finding}; `ollama-panel doctor` shows those that there are.",
    "doctor.not_looked": "The doctor has not looked yet.",
}
