"""The English templates of the advice what to set on a machine, by level; see `templates`."""

INFO = {
    "advise.machine": "{name}: models may use {budget:bytes} of {total:bytes}.",
    "advise.this_machine": "This machine",
    "advise.without_gpu": "A machine without a GPU",
    "advise.memory_unknown": "It is not known yet how much memory models may use here; ask again when the panel runs.",
    # Who uses it
    "advise.one": (
        "One person: Ollama as it is will do, if it has this context (OLLAMA_CONTEXT_LENGTH; its own is 4,096 where "
        "models have less than 23 GiB)."
    ),
    "advise.one_as_is": "One person: Ollama as it is will do.",
    "advise.one_rag": (
        "One person: Ollama as it is will do, if it has this context. Two pools keep embeddings from waiting for "
        "answers."
    ),
    "advise.team": "{people:count} people: a team. The panel's queue serves them in turn.",
    "advise.product": (
        "{people:count} people: a product. The panel's queue serves them in turn; several instances keep it up where "
        "the machine is quick enough for them."
    ),
    "advise.batch": "Batch work: as many requests at once as raise the throughput; nobody waits for a single one.",
    # A pool
    "advise.pool": (
        "Pool {pool}, for {models}: workers {workers:count}, parallel {parallel:count}, context {context:count} "
        "tokens, KV cache {cache}."
    ),
    "advise.pool_embedding": (
        "Pool {pool}, for {models}: workers {workers:count}, parallel {parallel:count}, context {context:count} tokens."
    ),
    "advise.memory": (
        "{model}: weights {weights:bytes} + {parallel:count} x {context:count} tokens x {token:bytes} = {kv:bytes} + "
        "compute {compute:bytes} + runner {overhead:bytes} = {total:bytes}"
    ),
    "advise.memory_uneven": (
        "{model}: weights {weights:bytes} + cache of {parallel:count} x {context:count} tokens {kv:bytes} (some layers "
        "keep only a part of them) + compute {compute:bytes} + runner {overhead:bytes} = {total:bytes}"
    ),
    "advise.memory_no_cache": (
        "{model}: weights {weights:bytes} + compute {compute:bytes} + runner {overhead:bytes} = {total:bytes}"
    ),
    "advise.memory_workers": "{workers:count} workers, each with its own copy: {total:bytes}",
    "advise.sum_margin": (
        "In all {needed:bytes} + {margin:bytes} that llama.cpp leaves free = {total:bytes} of {budget:bytes}."
    ),
    "advise.sum": "In all {needed:bytes} of {budget:bytes}.",
    "advise.cache_limited": (
        "Prompt cache: {runners:count} x {each:bytes} of the {room:bytes} of main memory that are left "
        "(LLAMA_ARG_CACHE_RAM; Ollama's default is 8 GiB for each loaded model)."
    ),
    "advise.cache_default": (
        "Prompt cache: {runners:count} x 8.0 GiB, Ollama's default, of the {room:bytes} of main memory that are left."
    ),
    "advise.cache_unknown": (
        "The prompt cache may take another 8 GiB of main memory for each loaded model; if that is too much, lower "
        "LLAMA_ARG_CACHE_RAM."
    ),
    # Why so many
    "advise.at_once": (
        "Of {people:count} people one in {one_in:count} waits for an answer at the same time, by our assumption: "
        "{wanted:count} at once."
    ),
    "advise.agents": "Agents do not pause: {wanted:count} at once.",
    "advise.most": "More than {most:count} at once gain little here: {source}.",
    "advise.pace": (
        "With {more:count} at once each answer would have about {each:number} tokens/s, slower than people read "
        "({pace:count}): {parallel:count} at a time, the others wait in the queue."
    ),
    "advise.fewer": (
        "Memory for {wanted:count} at once is lacking: {parallel:count} at a time, the others wait in the queue."
    ),
    "advise.knee": "{parallel:count} at once: more would gain little for the memory that they take ({source}).",
    "advise.spare": (
        "Two workers: one goes on while the other restarts. They share the machine, so together they are no faster."
    ),
    "advise.no_spare": (
        "A second worker, for the time when one restarts, is not advised: it would take memory and speed from "
        "the first."
    ),
    "advise.spare_cards": (
        "Two workers: one goes on while the other restarts. With a card each they are faster than reckoned here."
    ),
    "advise.cards": (
        "Ollama puts a worker that fits on one card there, so {cards:count} workers on {cards:count} cards are faster "
        "together than reckoned here: try as many."
    ),
    "advise.too_many": (
        "Of the {wanted:count} answers that people want at once it writes {given:count}: enough for about "
        "{people:count} people."
    ),
    "advise.singly": "Ollama runs {model} one request at a time, whatever parallel is.",
    "advise.singly_workers": (
        "{workers:count} workers run as many at once. They share the machine and take turns, so together they are no "
        "faster."
    ),
    "advise.singly_cards": (
        "{workers:count} workers run as many at once. Those that share a card take turns; with a card each they are "
        "faster than reckoned here."
    ),
    "advise.singly_pace": (
        "More workers would share the machine, and each answer would be slower than people read ({pace:count} "
        "tokens/s)."
    ),
    "advise.worker_limit": (
        "Not more than {most:count} workers in all on {total:bytes}: a rule of thumb that guides give for small "
        "machines."
    ),
    "advise.embedding_workers": (
        "{workers:count} workers: two made 1.5 to 1.8 times as many embeddings as one (2 cores, Ollama 0.32.15)."
    ),
    "advise.cores": (
        "Without a GPU all workers share the CPU, and the panel divides its cores among them from Ollama 0.30 on: two "
        "workers on all cores were 8 to 10 times slower."
    ),
    "advise.cache_type": (
        "KV cache q8_0 instead of f16 saves {saved:bytes}, and needs flash attention, which is switched on with it."
    ),
    "advise.shorter": (
        "A context of {wanted:count} tokens does not fit; {context:count} do, and save {saved:bytes} of the cache."
    ),
    "advise.trained": "{model} was trained for {context:count} tokens, so a longer context does not help.",
    "advise.modelfile": (
        "{model} has a context of {context:count} tokens in its own file (num_ctx), which goes before the pool's: "
        "set another one there, or let the requests ask for it."
    ),
    "advise.turns": (
        "The {models:count} models do not fit together: they take turns (OLLAMA_MAX_LOADED_MODELS=1), and each change "
        "loads one."
    ),
    # How fast
    "advise.speed": (
        "One answer of {model}: {share:count} % of {bandwidth:number} GB/s / {read:number} GB read for a token = about "
        "{alone:number} tokens/s ({source})."
    ),
    "advise.speed_usual": "usual for such hardware",
    "advise.speed_of": "{model} there: {rate:number} tokens/s, {source}",
    "advise.speed_measured": (
        "One answer of {model}: {alone:number} tokens/s, measured here in {answers:count} answers; by the table about "
        "{formula:number}."
    ),
    "advise.speed_measured_alone": (
        "One answer of {model}: {alone:number} tokens/s, measured here in {answers:count} answers."
    ),
    "advise.speed_unknown": "How fast it is, is not known: no bandwidth of this hardware is in the table.",
    "advise.together": (
        "{parallel:count} at once: {gain:number} times that, about {together:number} tokens/s for all, {each:number} "
        "for each ({source})."
    ),
    "advise.requests": (
        "A prompt of {prompt:count} new tokens takes {prompt_s:number} s, an answer of {answer:count} tokens "
        "{answer_s:number} s: about {requests:number} requests/s."
    ),
    "advise.requests_answer": (
        "Answers of {answer:count} tokens: about {requests:number} requests/s, without the time to read the prompts."
    ),
    "advise.prompts_on_cpu": "Without a GPU long prompts take long to read; that is not reckoned.",
    "advise.source_cards": "8B Q8_0 on an H200 with Ollama 0.32.15; guides say 6 to 8 on a card of 24 GB",
    "advise.source_h200": "8B Q8_0 on an H200 with Ollama 0.32.15",
    "advise.source_gb10": "Qwen2.5 7B Q8_0 on a GB10, llama.cpp benches/dgx-spark.md",
    "advise.source_m1": "on an M1 with Ollama 0.30.7 eight at once made as many tokens/s as one",
    "advise.source_m4_pro": "M4 Pro, llama.cpp #25250 and #25377; of a Max nothing is published",
    "advise.source_m2_ultra": "M2 Ultra, llama.cpp #10581",
    "advise.source_cpu": "2 cores with Ollama 0.32.15",
    "advise.source_experts": "gpt-oss 20B on a GB10, llama.cpp benches/dgx-spark.md",
    "advise.source_turns": "workers take turns",
    "advise.source_none": "no measurement is known, so no gain is counted",
    # What is assumed, and what else could be done
    "advise.typical": "No model is known here: these are typical ones.",
    "advise.model_unknown": "{model} is not known here, and is left out.",
    "advise.no_embedding": (
        "RAG needs an embedding model: {model} is reckoned with; ollama-panel pull {model} fetches it."
    ),
    "advise.likened": "The layout of {model} is not known: it is reckoned like {like}, so the memory is an estimate.",
    "advise.others": "Other models, each loaded in turn while this one is not needed: {models}.",
    "advise.quantisation": (
        "{model} in {new} instead of {old}: about {size:bytes} instead of {before:bytes} saves {saved:bytes} "
        "({new_bits:number} of {old_bits:number} bits per weight). {gain}"
    ),
    "advise.then_fits": "Then it fits, with a context of {context:count} tokens.",
    "advise.then_full": "Then parallel {parallel:count} and a context of {context:count} tokens fit.",
    "advise.then_faster": "Then it writes about {factor:number} times as fast.",
    "advise.smaller_full": (
        "With {model}, {size:bytes}, parallel {parallel:count} and a context of {context:count} tokens would fit."
    ),
    "advise.alone": "{model} alone fits, with a context of {context:count} tokens.",
    "advise.smaller_model": "This would fit: {model}, {size:bytes}, with a context of {context:count} tokens.",
    "advise.nothing_fits": "No model is small enough for this machine.",
    "advise.runs_parallel": (
        "{family}: Ollama does not hold it back, so it runs as many requests at once as parallel says. Each needs "
        "memory for its own context."
    ),
    "advise.serial_since": "{told} It has been so since Ollama {version}.",
    "advise.serial_later": (
        "{family}: Ollama {version} runs several requests at once; from {since} on it runs one at a time."
    ),
}

WARNING = {
    "advise.too_large": (
        "No room for {models}: {needed:bytes} with a single context of {context:count} tokens, {excess:bytes} more "
        "than the {budget:bytes} that may be used. Here a part would run on the CPU, many times slower."
    ),
    "advise.too_large_cpu": (
        "No room for {models}: {needed:bytes} with a single context of {context:count} tokens, {excess:bytes} more "
        "than the {budget:bytes} that may be used."
    ),
    "advise.short_context": (
        "A context of {context:count} tokens is short for this: {least:count} are the least that is useful."
    ),
    "advise.slow": "About {alone:number} tokens/s is slower than people read: a smaller model would be quicker.",
}

ERROR = {
    "advise.no_memory": "The memory of the machine is missing: say, for example, --memory 16GiB.",
    "advise.no_card": (
        'The card "{given}" is not understood, or its memory is not known: say, for example, --gpu "RTX 4070 12GiB" or '
        '"2x RTX 4090 24GiB".'
    ),
    "advise.not_a_size": '"{given}" is no size of a memory: say, for example, 16GiB.',
}
