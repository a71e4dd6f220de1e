"""The English templates of what is said about pointing programs at the panel, by level; see `templates`."""

INFO = {
    # On the command line
    "connect.address": "The address of the panel is {url}, or {openai} for programs that speak OpenAI's dialect.",
    "connect.follows": "{name}: this follows version {version}, as read at {source}.",
    "connect.belongs_into": "This belongs into {file}.",
    # The time-out of a program
    "connect.timeout.unmeasured": "A time-out of {timeout:seconds}: nothing has been measured here yet.",
    "connect.timeout.floor": (
        "A time-out of {timeout:seconds}: the slowest of {requests:count} requests waited {wait:seconds} and took "
        "{answer:seconds}, and twice that is less."
    ),
    "connect.timeout.measured": (
        "A time-out of {timeout:seconds}: the slowest of {requests:count} requests waited {wait:seconds} and took "
        "{answer:seconds}, and this is twice that."
    ),
    "connect.timeout.ceiling": (
        "A time-out of {timeout:seconds}, the longest that all programs can keep: the slowest of {requests:count} "
        "requests waited {wait:seconds} and took {answer:seconds}."
    ),
    "connect.timeout.option": "{option} sets the time-out.",
    "connect.timeout.own": "{option} sets the time-out; by itself it gives up after {own:seconds}.",
    "connect.timeout.own_longer": "By itself it waits {own:seconds}, which is longer, and stays.",
    "connect.timeout.none": "It has no time-out of its own and waits as long as it takes.",
    "connect.timeout.unset": "It waits as long as it takes, unless {option} is set: leave that away.",
    "connect.timeout.no_setting": "Its settings have no time-out for Ollama.",
    # Ways to set up a program
    "connect.way.terminal": "Terminal",
    "connect.way.environment": "Environment",
    "connect.way.settings": "In its settings",
    "connect.way.profile": "Profile",
    "connect.way.chat": "Chat",
    "connect.way.embeddings": "Embeddings",
    # What the text does not say
    "connect.note.environment": "Programs that use this library and name no address themselves read these variables.",
    "connect.note.merge": "If the file exists already, put in what is under {part}, and leave the rest.",
    "connect.note.open_webui": "Then open {url} in the browser.",
    "connect.note.open_webui_settings": (
        "Settings of the administrator, Connections, Ollama API: type in the values and press Verify Connection. A "
        "container reaches this address only with --network=host."
    ),
    "connect.note.open_webui_desktop": (
        "Settings of the administrator, Connections, Ollama API: type in the values and press Verify Connection. For "
        "Open WebUI in a container the URL is {container}."
    ),
    "connect.note.cline": "Open the settings of Cline, API Configuration, and type in the values.",
    "connect.note.zed": "Open the settings of its agent panel, LLM Providers, Ollama, type in the values and connect.",
    "connect.note.aider": (
        "Aider asks for a context as long as each request needs, and 8,192 tokens more: a pool with a context of "
        "16,384 tokens or more spares it most reloads of the model."
    ),
    "connect.note.codex": "Save it, then start Codex with this profile, as the next tab says.",
    "connect.note.long_context": (
        "{program} needs a long context: Ollama recommends {tokens:count} tokens or more, a setting of the pool."
    ),
    "connect.note.no_tools": "{program} calls tools, and no model here is able to: pull one that has them.",
    "connect.note.own_context": (
        "By itself {program} asks for a context of {tokens:count} tokens; with that of the pool the model stays loaded."
    ),
    "connect.note.own_context_trained": (
        "By itself {program} asks for the longest context of the model; with that of the pool the model stays loaded."
    ),
    # If it runs already
    "connect.running.terminal": (
        "The variable holds for commands of this terminal; put the line into your shell's profile to keep it."
    ),
    "connect.running.command": "There is nothing to restart: the address is in the command.",
    "connect.running.code": "Change the address where your program makes its client, and start the program again.",
    "connect.running.again": "End it and start {program} again with these settings.",
    "connect.running.saved": "{program} follows as soon as the file is saved.",
    "connect.running.open_webui": (
        "What was once set in its own settings counts more than variables: change the address there. Then send a "
        "message; it is seen here when it arrives."
    ),
    "connect.running.cline": "Change the values in its settings; the next message goes to the new address.",
    # Keys
    "connect.key.ollama": (
        "The ollama command sends a key to ollama.com alone. The panel asks none of it where the panel's own user runs "
        "it on the panel's machine; from elsewhere take ssh, a tunnel, or a reverse proxy that adds the key."
    ),
    "connect.key.bearer": "It sends the key as Authorization: Bearer.",
    "connect.key.x_api_key": "It sends the key as X-Api-Key.",
    "connect.key.zed": (
        "It keeps the key that you type in, in the key ring of the system, or reads it from {variable}; it sends it as "
        "Authorization: Bearer."
    ),
    "connect.key.codex": "It reads the key from {variable}, and sends it as Authorization: Bearer.",
}

WARNING = {
    "connect.key_missing": "The panel wants a key in place of {key}: {option} makes one and puts it in.",
}

ERROR = {
    "connect.note.container": (
        "A container reaches this address only if it shares the machine's network: docker run --network=host, or "
        "network_mode: host in its Compose file."
    ),
    "connect.not_listening": (
        "The panel does not listen now: switch it on to see the address that other machines reach it at."
    ),
    "connect.only_here": (
        "The panel listens to its own machine only: type ollama-panel settings set proxy.host 0.0.0.0 on it, and "
        "programs elsewhere reach it with a key."
    ),
}
