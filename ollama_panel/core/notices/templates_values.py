"""The English templates about the values that are in force for a loaded model, by level; see `templates`."""

INFO = {
    # Why a value is unknown
    "value.log_unread": "Only the log of the server tells, and the panel does not have these lines of it.",
    "value.log_silent": "The log of the server does not tell.",
    "value.mlx_silent": "The MLX runner does not tell.",
    "value.version_unknown": "The server does not tell its version, and no runner is seen.",
    "value.parallel_unread": (
        "Neither the log, nor the runner's command line, nor the environment tells: the panel counts with one slot."
    ),
    "value.environment_unread": "Neither the log nor the environment of the server can be read.",
    "value.runner_decides": "The runner decides by itself, and says so in the server's log alone.",
    "value.no_cache": "Such a model keeps nothing of the tokens that it has read.",
    "value.prompt_cache_none": "Only llama-server, from Ollama 0.30 on, keeps earlier prompts in main memory.",
    "value.layers_partly": (
        "{gpu:bytes} of {size:bytes} are on a GPU; how many layers that is, only the server's log tells."
    ),
    # Why a value is not the wanted one
    "value.context_trained": "The model was trained for {tokens:count} tokens.",
    "value.context_vision": "Models that see pictures get {tokens:count} tokens at least.",
    "value.context_modelfile": "The model's own file sets it (num_ctx), which goes before OLLAMA_CONTEXT_LENGTH.",
    "value.context_rounded": "It is rounded up to a multiple of {step:count} tokens.",
    "value.context_request": "A request may ask for a context of its own (num_ctx), and has loaded the model with it.",
    "value.kv_type_unknown": "Ollama knows these types: {types}.",
    "value.kv_needs_flash": "This type needs flash attention, which is off.",
    "value.kv_not_by_model": "Ollama does not use this type for such a model.",
    "value.flash_unsupported": "The model or the device does not support it.",
    "value.flash_needed": "The model needs it.",
    "value.layers_target": (
        "{target:bytes} of the GPU's memory shall stay free; with all layers, {missing:bytes} of that were missing."
    ),
    "value.layers_asked": "A request or the Modelfile asks for {layers:count} layers on the GPU (num_gpu).",
    "value.layers_memory": "There was not enough free GPU memory for more when the model was loaded.",
    "value.weights_mapped": "The file is mapped into memory: CPU_Mapped counts what the GPU holds once more.",
    "value.threads_request": "A request may ask for another number (num_thread), and has loaded the model with it.",
    "value.unexplained": "Neither the log nor a known rule tells why.",
}

WARNING: dict[str, str] = {}
ERROR: dict[str, str] = {}
