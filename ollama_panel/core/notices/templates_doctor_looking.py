"""The English templates about what the doctor cannot look at, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
