"""The English templates about what the doctor cannot look at, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {
    "looking.closed": "{path} cannot be read: it is another user's.",
    "looking.large": "{path} is larger than {size:bytes}, so it was not read.",
    "looking.missing": "{path} is not there.",
}

ERROR: dict[str, str] = {
    "looking.nothing": "There is no file, no unit and no container {what}.",
    "looking.no_kind": "{path} says nothing about Ollama in a format that is known.",
}
