"""The English templates of the first run, by level; see `templates`."""

INFO = {
    # What was found
    "first_run.looking": "Looking for Ollama…",
    "first_run.looking_for": "Its servers, models and programs, the cards and the memory",
    "first_run.no_ollama": "No Ollama on this machine",
    "first_run.no_ollama_detail": "Until one is installed, the panel shows a simulated one.",
    "first_run.server_unknown": "Ollama, version unknown",
    "first_run.server_detail": "{owner}, {address}",
    "first_run.program": "Ollama {version}, not running",
    "first_run.program_unknown": "Ollama, not running",
    "first_run.program_detail": "{path}; the panel runs it as its workers",
    "first_run.models": "Models: {number:count}, {size:bytes}",
    "first_run.models_unread": "Models that the panel cannot read",
    "first_run.no_models": "No models yet",
    "first_run.no_models_detail": "{command} fetches a small one.",
    "first_run.card": "{name}, {total:bytes}",
    "first_run.card_free": "{free:bytes} free now",
    "first_run.card_used_unknown": "What is in use is not known",
    "first_run.no_card": "No graphics card for models",
    "first_run.no_card_detail": "Ollama computes on the processor: small models are quick enough there.",
    "first_run.memory": "{total:bytes} of memory",
    "first_run.cores": "cores: {cores:count}",
    "first_run.cores_free": "cores: {cores:count}, {free:bytes} free now",
    "first_run.address": "The panel's address {address}",
    # How useful it is
    "first_run.is_open": "Looking",
    "first_run.is_missing": "Missing",
    "first_run.is_running": "Running",
    "first_run.is_installed": "Installed",
    "first_run.is_usable": "Usable",
    "first_run.is_readable": "Readable",
    "first_run.is_of_server": "Its server only",
    "first_run.is_closed": "Service only",
    "first_run.is_slow": "Slow",
    "first_run.is_enough": "Enough",
    "first_run.is_little": "Little",
    "first_run.is_taken": "Not free",
    # What is advised, and why
    "first_run.queue": "Put a queue in front: {address}",
    "first_run.queue_why": "One address for all programs. A burst waits instead of failing.",
    "first_run.pool": "Pool {pool}: workers {workers:count}, parallel {parallel:count}, context {context:count}",
    "first_run.pool_off": "Pool {pool}: no workers",
    "first_run.pool_off_why": "Its memory is better used by the others.",
    "first_run.pool_chosen": "As you have chosen.",
    "first_run.pool_why": "For {models}.",
    "first_run.pool_embedding": (
        "Ollama makes embeddings one at a time: workers help, parallel does not. They no longer hold up the chats."
    ),
    "first_run.pool_without_models": "The workers cannot read the models yet, so the server that runs answers alone.",
    "first_run.pool_of_typical": "There are no models yet: these values are for a typical one.",
    "first_run.store": "Read the models where they are",
    "first_run.store_why": "The workers can read {path}. Nothing is copied.",
    "first_run.store_instead": (
        "The workers can read {path}. Nothing is copied; the models in their own folder are left alone."
    ),
    "first_run.store_closed": (
        "The workers need the right to read {path}: the commands are in the next step. Nothing is copied."
    ),
    "first_run.store_rights": "The workers need the right to read {path}, which its owner can give them.",
    "first_run.class": "Let {name} wait for the others",
    "first_run.class_why": (
        "It holds {held:count} connections at once. The others go first; it gets all that is left, at least "
        "{share:count} %."
    ),
    "first_run.take_over": "Take over {address}",
    "first_run.take_over_why": (
        "Programs need no change then: Ollama moves to another port. Can be done and undone later under Connect."
    ),
    "first_run.take_over_free": (
        "Nothing listens at Ollama's usual address; the panel can answer there, too. Can be undone under Connect."
    ),
    # What will happen
    "first_run.settings": "The panel writes its settings. The file before is kept beside it.",
    "first_run.settings_same": "The settings of the panel stay as they are.",
    "first_run.workers": "The panel starts these workers:",
    "first_run.workers_why": "They load a model when the first request for it comes.",
    "first_run.proof": "Proof: {how}",
    "first_run.typed": "You type this in a terminal, so that the workers can read {path}:",
    "first_run.listening": "The panel answers programs at {address}.",
    "first_run.not_listening": "The panel answers no program at {address} until its proxy is switched on in the menu.",
    "first_run.cannot_listen": "The panel cannot answer programs yet.",
    "first_run.untouched": "The Ollama at {address} ({owner}) is not touched: it runs on with its models.",
}
WARNING: dict[str, str] = {}
ERROR: dict[str, str] = {}
