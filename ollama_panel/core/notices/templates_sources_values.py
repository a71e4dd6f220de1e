"""The English templates about values of variables in configuration sources, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING = {
    "source.unknown": "The panel cannot read {path}: its format is unknown.",
}

ERROR: dict[str, str] = {}
