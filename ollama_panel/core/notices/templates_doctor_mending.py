"""The English templates about what the doctor mends, and its reports, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
