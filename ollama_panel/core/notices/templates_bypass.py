"""The English templates about programs that go past the panel, by level; see `templates`."""

INFO = {
    # What goes past the panel
    "bypass.other_user": "a program of the user {user}",
    "bypass.container": "a container at {address}",
    "bypass.container_behind": "a container, behind {name}",
    "bypass.network": "the machine {address}",
    "bypass.log": "programs that only the log of the server tells of",
    "bypass.more": "{more:count} more",
    # What helps
    "bypass.way_address": "Give them the address of the panel: {url}.",
    # Why it is unknown
    "bypass.unknown": "Who goes past the panel is unknown: the system does not tell who is connected, or not now.",
}

WARNING = {
    "bypass.seen": (
        "Requests of {programs} go to Ollama at {urls} past the panel: they wait for nobody, and the queue cannot "
        "protect the others from them."
    ),
}

ERROR: dict[str, str] = {}
