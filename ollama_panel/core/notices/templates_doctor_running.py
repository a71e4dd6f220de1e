"""The English templates about the doctor's checks of memory, cards, models and requests, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
