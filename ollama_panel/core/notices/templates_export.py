"""The English templates of exports, by level; see `templates`. Each is one line: a comment or a shell's word."""

INFO = {
    "export.made": "Made by Ollama Panel {version} on {date} from these settings:",
    "export.pool_of_one": "pool {pool} ({role}): 1 worker, parallel {parallel}, context {context}",
    "export.pool": "pool {pool} ({role}): {workers} workers, parallel {parallel}, context {context}",
    "export.measured": "measured on {day}: {rate:number} tokens/s ± {half:number} ({where}; profile {name})",
    "export.measured_once": "measured on {day}: {rate:number} tokens/s ({where}; profile {name})",
    "export.driver": "driver {version}",
    "export.pinned": "Pinned models, which the panel loads at each start and nobody does without it: {models}",
    "export.hash": "Hash of the settings: {hash}",
    "role.chat": "chat",
    "role.embedding": "embedding",
    "role.code": "code",
    "role.vision": "vision",
    "role.batch": "batch",
    "export.shares": (
        "{variable} divides the cores of this machine: several workers of one role that all compute on every core "
        "slow each other down several times. Change it for another machine."
    ),
    "export.secrets": "Secrets are left out: set {variables} yourself where Ollama runs.",
    # A JSON document
    "export.json.title": "JSON",
    "export.json.summary": ("All settings and the command, address and environment of every worker, for programs."),
    "export.json.use": "For programs: the field `meaning` explains the other fields.",
    "export.json.settings": "The panel's settings, as in its settings.json, without API keys.",
    "export.json.workers": "How many Ollama servers the pool runs.",
    "export.json.parallel": "OLLAMA_NUM_PARALLEL of each: requests that a loaded model works on at once.",
    "export.json.context_length": "OLLAMA_CONTEXT_LENGTH of each: tokens per request.",
    "export.json.instances": "The servers that result from the settings, in the order of the pools.",
    "export.json.url": "Where the server answers.",
    "export.json.argv": "The command that starts it.",
    "export.json.environment": "The variables to add to the environment that the command inherits.",
    # What cannot hold a value
    "export.script": "a shell script",
    "export.unit": "a systemd unit",
}

WARNING: dict[str, str] = {}

ERROR = {
    "export.unknown_target": 'There is no export target "{target}"; there are {known}.',
    "export.no_worker": "There is no worker to export: give a pool at least one worker.",
    "export.no_variable": '"{name}" in the environment of pool {pool} is not a variable name: rename it.',
    "export.no_control": (
        "{name} in the environment of pool {pool} has a line break or control character, which {place} cannot hold: "
        "take it out."
    ),
    "export.no_path": 'A systemd unit needs the full path of Ollama, not "{program}": set it in Settings.',
}
