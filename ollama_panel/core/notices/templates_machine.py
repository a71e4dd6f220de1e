"""The English templates about what goes wrong between models, Ollama and the machine, by level; see `templates`."""

INFO = {
    "slots_forced": "{model} has one slot at {instances}, not {parallel:count}: {why}",
    "slots_forced.unknown": "Ollama gives it no more.",
    "context_reduced": (
        "{model} was trained for {given:count} tokens: it gets that context, not the {asked:count} that were asked for."
    ),
    "integrated_gpu_dropped": (
        "Ollama has found no GPU but {name}, which shares the main memory, and does not use it: {variable}=1 lets it."
    ),
    "vulkan_disabled": (
        "Ollama has found no GPU, and does not look for one with Vulkan: if this machine has one, {variable}=1 lets it."
    ),
    "visible_devices_set": (
        "The environment of {instances} chooses the GPUs that Ollama sees: {variables}. "
        "Unset this if it does not find one that it should."
    ),
    "option_unknown": (
        "A client of {instances} sets options that this Ollama does not know, and ignores: {options}. "
        "Remove them there."
    ),
    # Parts of the sentences below
    "model.any": "A model",
    "memory.main": "main memory",
    "memory.anywhere": "memory",
    "buffer.cache": "its context",
    "buffer.compute": "its computation",
    "buffer.weights": "its weights",
    "buffer.any": "a part of it",
    "fits.context": "It fits with a context of {tokens:count} tokens.",
    "fits.context_or_type": "It fits with a context of {tokens:count} tokens, or with its KV cache as {type}.",
    "fits.type": "It fits with its KV cache as {type}.",
    "fits.parallel": "It fits with {parallel:count} slots.",
    "fits.target": (
        "It needs {needed:bytes}, and {free:bytes} were free: "
        "Ollama leaves {margin:bytes} of each card free, and LLAMA_ARG_FIT_TARGET lets it leave less."
    ),
    "fits.never": (
        "Neither a shorter context nor a smaller KV cache is enough: take a smaller model, or a smaller quantisation."
    ),
    "fits.unknown": "Use a shorter context, fewer slots, a smaller model or fewer models at once.",
    "fits.together": "Their caches as {type} let them fit together.",
    "fits.together_context": "Contexts of {tokens:count} tokens let them fit together.",
    "fits.limit": (
        "OLLAMA_MAX_LOADED_MODELS={limit:count} lets no more stay, though they fit together: set it to {wanted:count}."
    ),
    "fits.fewer": "Use fewer models at once, or smaller ones.",
}

WARNING = {
    "layers_spilled": "{model}: {on_gpu:count} of {layers:count} layers are on the GPU. {advice}",
    "layers_spilled.slower": (
        "{model}: {on_gpu:count} of {layers:count} layers are on the GPU: about {times:number} times slower. {advice}"
    ),
    "layers_spilled.share": "{model}: {percent:count} % of it are not in the GPU's memory. {advice}",
    "layers_spilled.share_slower": (
        "{model}: {percent:count} % of it are not in the GPU's memory: about {times:number} times slower. {advice}"
    ),
    "context_reduced.memory": (
        "{model} did not fit into memory with a context of {asked:count} tokens: "
        "Ollama loads it with {given:count}. Longer prompts are cut."
    ),
    "kv_type_ignored": (
        "{model} does not take the KV cache type {asked}: its cache stays f16, {width:number} times as large."
    ),
    "flash_attention_off": (
        "{model}: the KV cache type {asked} needs flash attention, which is off: "
        "the cache stays f16, {width:number} times as large. OLLAMA_FLASH_ATTENTION=1 switches it on."
    ),
    "flash_attention_off.unsupported": (
        "{model}: the KV cache type {asked} needs flash attention, which Ollama does not use with this model or GPU: "
        "the cache stays f16, {width:number} times as large."
    ),
    "prompt_cut.logged": (
        "A prompt of {tokens:count} tokens was cut to {kept:count} at {instances}: give it a longer context."
    ),
    "prompt_cut.logged_unknown": "A prompt was cut at {instances}: give it a longer context.",
    "eviction_thrash": (
        "{models} push each other out of memory: {evictions:count} times in ten minutes, "
        "so that answers wait for loads. {advice}"
    ),
    "eviction_thrash.any": (
        "Models push each other out of memory: {evictions:count} times in ten minutes, "
        "so that answers wait for loads. {advice}"
    ),
    "vram_not_recovered": (
        "{instances}: {seconds:seconds} after a model was unloaded the GPU's memory was not free yet. "
        "The next model may get too little of it: if this goes on, restart the server, or see what else uses the GPU."
    ),
    "gpu_lost": (
        "Ollama does not find {cards} any more, and runs models on the processor: "
        "see whether the driver works (after an update, restart the machine), then restart the server."
    ),
    "gpu_lost.some": (
        "Ollama does not find {cards} any more, and runs models without: "
        "see whether the driver works (after an update, restart the machine), then restart the server."
    ),
    "gpu_lost.driver": (
        "The driver does not tell of {card} any more: models cannot use it until it does. See whether the driver works "
        "(after an update, restart the machine), then restart the servers."
    ),
    "disk.nearly_full": (
        "{path}: {free:bytes} of {total:bytes} are free. Models cannot be pulled when that is used up: "
        "remove some, or give the disk more room."
    ),
    "disk.nearly_full_state": (
        "{path}: {free:bytes} of {total:bytes} are free. The panel's settings and logs cannot be written when that is "
        "used up: give the disk more room."
    ),
}

ERROR = {
    "flash_attention_off.failed": (
        "{model} is not loaded: its KV cache type needs flash attention, which is off. "
        "OLLAMA_FLASH_ATTENTION=1 switches it on."
    ),
    "out_of_memory": "{model} is not loaded: {purpose} did not fit into {place}. {advice}",
    "out_of_memory.size": "{model} is not loaded: {size:bytes} for {purpose} did not fit into {place}. {advice}",
    "gpu_crashed": (
        "The GPU, or its driver, has failed under {instances}. If this happens again, update the driver, "
        "and see that the card is not too hot and has enough power."
    ),
    "gpu_crashed.reset": (
        "The GPU has failed under {instances}, and the system has reset it. If this happens again, update the driver, "
        "and see that the card is not too hot and has enough power."
    ),
    "gpu_unsupported": (
        "This Ollama cannot use the GPU by {library}, because it has no code for its generation: "
        "update Ollama, or let it use Vulkan (OLLAMA_VULKAN=1)."
    ),
    "models_folder_unusable": (
        "The models' folder {path} cannot be made or entered: a file may have its name, or another user own it. "
        "Mend that, or choose another folder in Settings (ollama.models_dir)."
    ),
}
