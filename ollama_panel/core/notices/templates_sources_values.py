"""The English templates about values of variables in configuration sources, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {
    "source.utf16": "{path} is in UTF-16, which the panel does not read: save it as UTF-8.",
    "source.no_text_file": "{path} is no text, so it was not read.",
    "source.unknown": "The panel cannot read {path}: its format is unknown.",
    "source.relative_folder": (
        '{name} is "{given}", which depends on where the server is started: write the whole path.'
    ),
    "source.open_to_network": (
        "{given} lets every machine of the network use this server, which asks for no key: listen on "
        "127.0.0.1, and let others in through the panel with keys."
    ),
    "source.parallel_without_effect": (
        "{given} requests at once have no effect for {models}: Ollama runs one request at a time of them. "
        "Several servers help, or workers of a pool."
    ),
}

ERROR: dict[str, str] = {}
