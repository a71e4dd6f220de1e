"""The English templates of the verdict of a tuning, by level; see `templates`."""

INFO = {
    # The headline
    "tuning_verdict.times": "{best} instead of {present}: {times:number} times the {unit}",
    "tuning_verdict.more": "{best} instead of {present}: {percent:number} % more {unit}",
    "tuning_verdict.fewer": "{best} instead of {present}: nearly the same {unit}, and each answer is quicker",
    "tuning_verdict.within": "{best} instead of {present}: the bounds are kept",
    "tuning_verdict.first": "{best}: {rate}",
    "tuning_verdict.same": "{present}: nothing better was found",
    "tuning_verdict.uncertain": "{best} may be better than {present}, but the difference is within the intervals",
    "tuning_verdict.no_comparison": "{best}: {rate}, but {present} could not be measured in time",
    "tuning_verdict.tokens": "tokens per second",
    "tuning_verdict.embeddings": "embeddings per second",
    # What it gives, and its price
    "tuning_verdict.gives": "{best}: {rate}.",
    "tuning_verdict.gives_times": "{best}: {rate}, {times:number} times as much as {first}.",
    "tuning_verdict.next_more": "{next} would add {percent:number} %.",
    "tuning_verdict.next_slower": (
        "{next} would add {percent:number} % and make each token take {times:number} times as long."
    ),
    "tuning_verdict.next_breaks": "{next} would break the bound.",
    "tuning_verdict.next_less": "{next} gave {percent:number} % less.",
    "tuning_verdict.token": "In one answer text comes at {after:number} tokens/s instead of {before:number}.",
    "tuning_verdict.token_alone": "In one answer text comes at {after:number} tokens/s.",
    "tuning_verdict.memory": "The model takes {after:bytes} instead of {before:bytes}.",
    "tuning_verdict.limited": "No more slots fit into the memory: more memory, or a smaller context, may give more.",
    # Settings that were compared in turns
    "tuning_verdict.batch_helped": "A batch size of {batch:count} helped ({percent}).",
    "tuning_verdict.batch_no_help": "A batch size of {batch:count} did not help ({percent}).",
    "tuning_verdict.cache_helped": "A KV cache of {cache} helped ({percent}), at a slight loss of quality.",
    "tuning_verdict.cache_no_help": "A KV cache of {cache} did not help ({percent}).",
    "tuning_verdict.workers_helped": "{workers} helped ({percent}).",
    "tuning_verdict.workers_no_help": "{workers} did not help ({percent}).",
    "tuning_verdict.plus": "+{percent:number} %",
    "tuning_verdict.minus": "-{percent:number} %",
    "tuning_verdict.failed": "{settings} could not be measured.",
    # How sure it is
    "tuning_verdict.verified": "A fresh load gave {rate}.",
    # What would help with bounds
    "tuning_verdict.first_token_help": "Shorter prompts, a smaller model or a looser bound would help.",
    "tuning_verdict.token_help": "A smaller model, a stronger quantisation or a looser bound would help.",
}

WARNING = {
    "tuning_verdict.slow": "That is slower than people read, about {pace:number} tokens/s.",
    "tuning_verdict.less_than_predicted": (
        "A fresh load of {settings} gave only {percent:number} % of what was predicted."
    ),
    "tuning_verdict.cut_short": "The budget did not suffice for all steps: a longer tuning may find a better one.",
    "tuning_verdict.not_verified": "The budget did not suffice to verify it with a fresh load.",
    "tuning_verdict.drift_less": (
        "At the end the first step gave {percent:number} % less than at the beginning: heat or another program may "
        "have slowed the machine, so the later steps may be better than they look."
    ),
    "tuning_verdict.drift_more": (
        "At the end the first step gave {percent:number} % more than at the beginning: the machine was busy with "
        "something else then, so the earlier steps may be better than they look."
    ),
    "tuning_verdict.out_of_bounds": "Nothing keeps the bounds; {best} comes nearest",
    "tuning_verdict.first_token_broken": (
        "The first token takes {value:number} s at p95; the bound is {bound:number} s."
    ),
    "tuning_verdict.token_broken": "Each token takes {value:number} ms at p95; the bound is {bound:number} ms.",
}

ERROR = {
    "tuning_verdict.nothing": "Nothing could be measured: your settings stay",
    "tuning_verdict.no_room": "Not even {step} fits: it needs {needed:bytes}, and models may use {budget:bytes}.",
}
