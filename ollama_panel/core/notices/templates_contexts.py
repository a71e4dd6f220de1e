"""The English templates about contexts that are too short, and batch sizes that are left out; see `templates`."""

INFO = {
    "batch.left_out": (
        "{model}: the batch size of pool {pool} ({tokens:count} tokens) is left out, because {clients} cannot ask for "
        "one and each change would reload the model. It returns ten minutes after their last request."
    ),
}

WARNING = {
    # Prompts that were cut
    "prompt_cut.from_to": "{model}: a prompt of {tokens:count} tokens of {client} was cut to {kept:count}. {advice}",
    "prompt_cut.to": "{model}: a prompt of {client} was cut to {kept:count} tokens. {advice}",
    "prompt_cut.from": "{model}: a prompt of {tokens:count} tokens of {client} was cut. {advice}",
    "prompt_cut.unknown": "{model}: a prompt of {client} was cut. {advice}",
    "prompt_cut.messages": (
        "{model}: Ollama has probably left out earlier messages of {client}, too long for {tokens:count} tokens. "
        "{advice}"
    ),
    "prompt_cut.again": "{cut} So far {times:count} prompts for {model} were cut.",
    "advice.raise_context": "Raise the context of its pool.",
    "advice.raise_of_server": "Raise OLLAMA_CONTEXT_LENGTH of that server.",
    "advice.trained": "The model was trained for no more.",
    "advice.client_asked": "Its pool has more: the client asked for less itself.",
    "advice.modelfile_limits": "The model's own num_ctx limits it: set a longer one there.",
    # Models that are reloaded again and again
    "context_conflict.known": (
        "{model} is reloaded again and again: {asking} asked for a longer context than {own:count} tokens, and "
        "{silent} cannot ask for one. {advice}"
    ),
    "context_conflict.unknown": (
        "{model} is reloaded again and again: {asking} asked for a longer context than the default, and {silent} "
        "cannot ask for one. {advice}"
    ),
    "context_conflict.client": "{client} ({tokens:count})",
    "context_conflict.others": "other clients",
    "advice.modelfile": "Set a longer num_ctx in the model's own file.",
    "advice.raise_context_to": "Raise the context of its pool to {tokens:count} tokens, and one load serves all.",
    "advice.does_not_fit": (
        "{tokens:count} tokens do not fit into memory: lower the parallel requests, or ask for less."
    ),
}

ERROR: dict[str, str] = {}
