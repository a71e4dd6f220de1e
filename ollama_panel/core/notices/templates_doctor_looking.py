"""The English templates about what the doctor cannot look at, by level; see `templates`."""

INFO: dict[str, str] = {
    "looking.no_shell": "there is no shell of POSIX",
    "looking.at_system_units": "The services of the system",
    "looking.at_user_units": "The services of the user",
    "looking.at_cards": "The graphics cards",
    "looking.at_sources": "Where settings usually are",
    "looking.at_files": "When files were changed",
    "looking.at_processes": "The running processes",
    "looking.at_programs": "The versions of the programs",
    "looking.at_logs": "The logs of the servers",
    "looking.at_answers": "What the servers answer",
    "looking.at_ports": "The ports that are taken",
    "looking.at_stores": "The folders of the models",
    "looking.at_disks": "The disks",
    "looking.at_containers": "The containers of {program}",
    "looking.at_log": "The log of process {pid}",
    "looking.at_variables": "The variables of process {pid}",
    "looking.at_part": "What {part} tells",
    # Figures beside the checks, as phrases
    "figure.no_server": "no server of Ollama",
    "figure.servers": "servers: {count:count}",
    "figure.versions": "Ollama {versions}",
    "figure.no_card": "no graphics card was found",
    "figure.card": "card: {name}",
    "figure.memory": "memory {free:bytes} free",
    "figure.disk": "disk {free:bytes} free",
    "figure.models": "models: {count:count}",
    "figure.loaded": "loaded: {count:count}",
    "figure.sources": "places read: {count:count}",
    "figure.addresses": "at {addresses}",
    "figure.requests": "{failed:count} of {ended:count} failed",
}

WARNING: dict[str, str] = {
    "looking.closed": "{path} cannot be read: it is another user's.",
    "looking.large": "{path} is larger than {size:bytes}, so it was not read.",
    "looking.said": "{what} says: {reason}.",
    "looking.slow": "It took longer than {limit:seconds}.",
    "looking.silent": "The server at {url} does not answer.",
    "looking.no_log": "The log cannot be read by this user: `{command}`.",
    "looking.missing": "{path} is not there.",
}

ERROR: dict[str, str] = {
    "looking.nothing": "There is no file, no unit and no container {what}.",
    "looking.no_kind": "{path} says nothing about Ollama in a format that is known.",
}
