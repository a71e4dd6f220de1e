"""The English templates about how many requests run at once: limits, SLOs, drift, adjustments; see `templates`."""

INFO = {
    # Why so many run at once
    "limit.slots": "{limit:count} of {slots:count} slots: nothing else limits it",
    "limit.battery": "{limit:count} of {slots:count} slots: the machine runs on its battery",
    "limit.low_power": "{limit:count} of {slots:count} slots: the machine saves power",
    "limit.unsteady": "{limit:count} of {slots:count} slots: its battery use or power saving comes and goes",
    "limit.heat": "{limit:count} of {slots:count} slots: heat slows the machine down",
    "limit.critical_heat": "{limit:count} of {slots:count} slots: the machine is critically hot",
    "limit.slo_tokens": "{limit:count} of {slots:count} slots: the SLO of {rate:number} tokens/s",
    "limit.slo_first_token": "{limit:count} of {slots:count} slots: the SLO of {seconds:number} s to the first token",
    "limit.adjusted": "{limit:count} of {slots:count} slots: more at once made it no faster",
    "waiting.limited": "No more requests of {model} run at once now. {limit}.",
    # Why a model is slower than its tuning measured it
    "drift.heat": "Heat slows the machine down.",
    "drift.low_power": "The machine saves power.",
    "drift.power": "The card is slowed down by its power limit or its power supply.",
    "drift.battery": "The machine runs on its battery.",
    "drift.spilled": "Some of its layers are not on the card.",
    "drift.others": "Other programs use {bytes:bytes} of the memory for models, and may use the GPU.",
    "drift.unknown": (
        "Nothing that the panel sees explains it: another program may use the GPU, or a driver or a setting of the "
        "system has changed."
    ),
    "drift.tune": "Tune it again: {command}",
    # Proposals
    "adjust.more_slots": (
        "Requests for {pool} wait while every slot of {model} is taken: with {after:count} instead of {before:count}, "
        "more of them run at once, and the memory suffices."
    ),
    "adjust.more_slots_faster": (
        "Requests for {pool} wait while every slot of {model} is taken: with {after:count} instead of {before:count} "
        "it gives {percent:count} % more tokens per second, and the memory suffices."
    ),
    "adjust.fewer_slots": (
        "{model} uses at most {limit:count} of the {before:count} slots of {pool}: {after:count} slots would free "
        "memory. {why}."
    ),
    "adjust.more_workers": (
        "Requests for {pool} wait, and Ollama runs one request of {model} at a time: {after:count} workers instead of "
        "{before:count} run more at once, and the memory suffices."
    ),
    "adjust.done": "{pool} was changed for {model} while it was idle. {why}",
}
WARNING = {
    "slo.tokens": (
        "{model} in {pool} gives {rate:number} tokens/s even to one request at a time; its SLO asks for "
        "{wanted:number} tokens/s. A smaller model, one with fewer bits, or shorter prompts would help."
    ),
    "slo.first_token": (
        "{model} in {pool} gives its first token after {seconds:number} s even with one request at a time; its SLO "
        "asks for {wanted:number} s. Shorter prompts or a smaller model would help."
    ),
    "slo.wait": (
        "Requests for {pool} wait too long for a slot: {percent:count} % of the last ones met its SLO of "
        "{wanted:number} s to the first token. Another worker, more slots or a smaller model would help."
    ),
    "drift.slow": (
        "{model} at {instance} answers with {percent:count} % of the speed that its tuning measured. {reason}"
    ),
    "adjust.failed": "{pool} could not be adjusted: {why}",
}
ERROR = dict[str, str]()
