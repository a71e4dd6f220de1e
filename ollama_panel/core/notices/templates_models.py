"""The templates about models in the memory of instances: pinned ones, loads and unloads that the panel makes itself."""

INFO: dict[str, str] = {
    "updates.follow": (
        "Ollama was updated from {before} to {after}; the workers follow when they are idle. Left: {instances}."
    ),
    "updates.again": (
        "The program of Ollama {version} was replaced; the workers follow when they are idle. Left: {instances}."
    ),
    "updates.log": "Ollama was updated from {before} to {after}.",
}

WARNING: dict[str, str] = {
    "updates.off": (
        "Ollama was updated from {before} to {after}; these workers still run the old one, whose new runners are of "
        "the new one: {instances}. Run “ollama-panel restart --all”, or switch on “Follow updates”."
    ),
    "updates.failed": (
        "{instance} does not run with Ollama {after}: {why} The others go on with {before}; it is tried again."
    ),
    "models.no_room": (
        "{model} needs {need:bytes} and does not fit into the memory of {total:bytes} beside {others}. "
        "Unpin or unload one of them, or use a smaller model."
    ),
    "models.no_place": (
        "{model} is not loaded beside {pinned}: a worker has {limit:count} in memory at once "
        "(OLLAMA_MAX_LOADED_MODELS), and pinned models stay. Unpin one of them, or raise that number."
    ),
    "models.unloaded_meanwhile": "It was told to leave the memory meanwhile.",
    "models.left_again": "{model} left the memory {seconds:count} s after it was loaded.",
    "models.pinned_missing": (
        "{model} is pinned, and no worker has it on disk. Fetch it with “ollama-panel pull {model}”, or unpin it."
    ),
    "models.too_many_pinned": (
        "Pinned, but not loaded: {models}. A worker of {pool} may have {limit:count} in memory at once "
        "(OLLAMA_MAX_LOADED_MODELS): unpin some, or set it to {wanted:count}."
    ),
    "models.pinned_not_loaded": (
        "{model} is pinned and not in memory at {instance}: {why} The panel tries again by itself."
    ),
}

ERROR: dict[str, str] = {
    "models.not_up": "{instance} does not run. Start it first.",
    "models.paused": "The queue is paused, and nothing is loaded meanwhile: resume it first.",
    "models.not_here": "There is no model {model} here. Fetch it with “ollama-panel pull {model}”.",
    "models.not_in_memory": "{model} is not in the memory of {instance}.",
    "models.which_pool": "Name the pool for {model} by --pool: {pools}.",
    "models.not_pinned": "{model} is not pinned in the pool {pool}.",
}
