"""The English templates about environment variables of Ollama, by level; see `templates`."""

INFO = {
    # What is done about environment variables
    "advice.workers": "set the number of workers of a pool in the panel, which starts one server for each",
    "advice.variable": "set {name}",
    "advice.option": "set the request's option {option}",
    "advice.threads": "set LLAMA_ARG_THREADS (Ollama 0.30 and later) or the request's option num_thread",
    "advice.server_address": "set OLLAMA_HOST for the address of the server",
    "advice.model": "name the model in the request",
    "advice.pool_parallel": "set the parallel of a pool, pools.NAME.parallel",
    "advice.pool_context": "set the context length of a pool, pools.NAME.context_length",
    "advice.panel_address": "clients use the panel's address: set proxy.host and proxy.port",
    "advice.allowed_origins": "web pages use the panel: set proxy.allowed_origins",
    "advice.models_dir": "ollama.models_dir is set, too, and wins",
    "advice.read_until": "only Ollama up to {version} reads it",
    "advice.read_since": "only Ollama {version} and later reads it",
    "advice.meant": "{meant} may be meant",
    "advice.not_read": "Ollama does not read it",
    "inherited.variable": "{name} ({advice})",
    # What a change of a variable restarts
    "effect.start": "A change restarts the workers of the pool; the server reads it as it starts.",
    "effect.load": "A change restarts the workers of the pool; it takes effect with the next model that is loaded.",
    "effect.request": "A change restarts the workers of the pool; it takes effect with the next request.",
    "effect.nothing": "A change restarts nothing: only Ollama's commands and its app read it.",
    "part.environment": "environment",
    "environment.own_choice": "its own choice",
}

WARNING = {
    "preset.unknown": 'There is no preset "{name}", only {known}.',
    "preset.asks": "The preset {name} needs a value for {variable}: name it.",
    "preset.asks_nothing": "The preset {name} takes no value: leave it out.",
    # Environment variables that do not do what is expected of them
    "environment.no_version": '"{given}" is no version of Ollama: write it as 0.24.0.',
    "environment.name": '"{name}" is not a variable name: use letters, digits and underscores, and no digit first.',
    "environment.never_existed": "{name} does not exist in Ollama, although guides name it: {advice}.",
    "environment.removed": "Ollama no longer reads {name}; {version} was the last version that did: remove it.",
    "environment.too_new": "{name} has no effect yet: {version} is the first version of Ollama that reads it.",
    "environment.overruled": (
        "{name} has no effect: Ollama gives its runner this on the command line, which wins over the variable; "
        "{advice}."
    ),
    "environment.misspelt": "Ollama does not read {name}; did you mean {meant}?",
    "environment.unknown": "Ollama does not read {name}: check the name, or remove it.",
    "environment.two_lines": "The value of {name} has a line break or a null byte: write it on one line.",
    "environment.no_number": '{name} must be a whole number, not "{given}"; Ollama would use {default} instead.',
    "environment.too_low": "{name} must be at least {limit}, not {given}.",
    "environment.too_high": "{name} must be at most {limit}, not {given}.",
    "environment.no_switch": '{name} must be 1 or 0, not "{given}"; Ollama would read that as 1.',
    "environment.no_toggle": '{name} must be on or off, not "{given}".',
    "environment.no_duration": (
        '{name} must be a time such as 90s, 5m, 24h or -1, not "{given}"; Ollama would silently use {default}.'
    ),
    "environment.no_choice": '{name} must be one of {choices}, not "{given}".',
    "environment.no_address": '{name} must be an address such as 127.0.0.1:11434, not "{given}".',
    "environment.address_path": (
        "{name} must be an address without a path: the server ignores /{path}, "
        "and Ollama's commands would put it before everything that they ask for."
    ),
    "environment.in_bytes": "{name} must be in bytes: {given} of them are nothing. {given} MiB are {bytes}.",
    "environment.no_library": (
        '{name} must be the name of a folder in lib/ollama, such as cuda_v13, rocm or vulkan, not "{given}"; '
        "Ollama would find no GPU."
    ),
    "environment.no_origins": (
        "{name} must be origins with their schemes, separated by commas without blanks, "
        'such as http://a.example,https://b.example, not "{given}".'
    ),
    "environment.no_devices": (
        '{name} must be the numbers or identifiers of devices, such as 0,1, not "{given}"; '
        "the driver would leave out that and all after it."
    ),
    "environment.no_gfx": '{name} must be a type such as 10.3.0, which is gfx1030, not "{given}".',
    "environment.gfx_meant": '{name} must be {meant}, not "{given}": the driver reads only the form x.y.z.',
    "environment.flash_is_off": (
        "{name} does not work with {flash}=0: no model would be loaded; remove {flash} or set it to 1."
    ),
    "environment.flash_falls_back": "{name} has no effect with {flash}=0: set {flash} to 1.",
    "environment.flash_is_needed": (
        "{name} has no effect on most models without {flash}=1, which Ollama before 0.30 needs: set {flash}, too."
    ),
    "environment.not_expanded": (
        '{name} must be a whole path: Ollama would make a folder of the very name "{given}", '
        "so the workers do not get it."
    ),
    "environment.relative": (
        '{name} must be a whole path, such as /srv/models or D:\\models, not "{given}", '
        "which depends on where the server was started: the workers do not get it."
    ),
    "environment.inherited": "The panel was started with variables that have no effect on its workers: {variables}.",
    "environment.origins_are_ours": (
        "OLLAMA_ORIGINS has no effect here, because web pages use the panel, not its workers: "
        "set proxy.allowed_origins and remove it here."
    ),
    "environment.address_is_ours": (
        "OLLAMA_HOST is set by the panel, which gives every instance its own address: remove it here."
    ),
    "environment.parallel_is_ours": (
        "OLLAMA_NUM_PARALLEL overrides the pool's parallel slider: use the slider and remove it here."
    ),
    "environment.context_is_ours": (
        "OLLAMA_CONTEXT_LENGTH overrides the pool's context length: set that and remove it here."
    ),
}

ERROR: dict[str, str] = {}
