"""The English templates about what the doctor cannot look at, by level; see `templates`."""

INFO: dict[str, str] = {
    "looking.no_shell": "there is no shell of POSIX",
}

WARNING: dict[str, str] = {
    "looking.closed": "{path} cannot be read: it is another user's.",
    "looking.large": "{path} is larger than {size:bytes}, so it was not read.",
    "looking.said": "{what} says: {reason}.",
    "looking.no_log": "Its log cannot be read by this user: `{command}`.",
    "looking.missing": "{path} is not there.",
}

ERROR: dict[str, str] = {
    "looking.nothing": "There is no file, no unit and no container {what}.",
    "looking.no_kind": "{path} says nothing about Ollama in a format that is known.",
}
