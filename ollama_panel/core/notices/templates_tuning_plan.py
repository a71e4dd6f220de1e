"""The English templates about the trials of a tuning: what they try and why, by level; see `templates`."""

INFO = {
    # What is tried
    "tuning_plan.worker": "1 worker",
    "tuning_plan.workers_of": "{workers:count} workers with {slots} each",
    "tuning_plan.with_batch": "{name} with batch size {batch:count}",
    "tuning_plan.with_cache": "{name} with KV cache {cache}",
    "tuning_plan.with_both": "{name} with batch size {batch:count} and KV cache {cache}",
    "tuning_plan.embeddings_rate": "{rate:number} embeddings/s",
    # Why
    "tuning_plan.first": "The first step. All steps are measured with {slots} loaded: the largest step that fits.",
    "tuning_plan.first_alone": (
        "The first step. How much memory more slots need is not known, so each step is loaded by itself."
    ),
    "tuning_plan.first_worker": "The first step. This model answers one request at a time: only workers can be added.",
    "tuning_plan.gave": "{step} gave {rate}.",
    "tuning_plan.gave_more": "{step} gave {percent:number} % more than {before}.",
    "tuning_plan.gave_less": "{step} gave {percent:number} % less than {before}.",
    "tuning_plan.failed": "{step} failed; the climb goes on below.",
    "tuning_plan.climb": "The climb goes on to the memory limit; a flat step may be followed by a rise.",
    "tuning_plan.climb_workers": "The climb goes on to {workers}.",
    "tuning_plan.present": "Your settings now, to tell the gain.",
    "tuning_plan.neighbour": "Beside the best so far, {best}.",
    "tuning_plan.cache": (
        "Half the KV cache is read faster, at a slight loss of quality. Measured in turns with {best}, so that what "
        "disturbs both does not count."
    ),
    "tuning_plan.full_cache": (
        "The smaller KV cache made room for the climb; this one loses no quality. Measured in turns with {best}, so "
        "that what disturbs both does not count."
    ),
    "tuning_plan.batch": (
        "Larger batches may read prompts faster. Measured in turns with {best}, so that what disturbs both does not "
        "count."
    ),
    "tuning_plan.busy": "The GPU is busy for {percent:number} % of the time: another worker may use the rest.",
    "tuning_plan.busy_unknown": "How busy the GPU is cannot be read here: another worker tells whether it has time.",
    "tuning_plan.drift": "The first step again, to see whether the machine has changed meanwhile, as by heat.",
    "tuning_plan.verify": "The best with a fresh load, for twice as long: it should give {rate} again.",
    "tuning_plan.verify_next": "A fresh load of the best gave less than predicted. The next best should give {rate}.",
    # What is planned
    "tuning_plan.planned_steps": "{steps:count} slots, beside the best",
    "tuning_plan.planned_neighbours": "Beside the best",
    "tuning_plan.planned_batch": "Batch size {batch:count}, in turns with {before:count}",
    "tuning_plan.planned_cache": "KV cache {cache}, in turns with {before}",
    "tuning_plan.planned_batch_size": "Another batch size",
    "tuning_plan.planned_drift": "First step again",
    "tuning_plan.planned_verify": "Best again, fresh load, longer",
    # What is left out
    "tuning_plan.beyond": "{step} would need {needed:bytes}; models may use {budget:bytes}.",
    "tuning_plan.beyond_bound": "More slots break the bound further.",
    "tuning_plan.no_cache": "It loses some quality: allow less quality to have it tried.",
    "tuning_plan.no_time": "The time does not suffice.",
    "tuning_plan.no_batch": "The panel cannot set it for this model.",
    "tuning_plan.too_busy": "The GPU is busy for {percent:number} % of the time.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
