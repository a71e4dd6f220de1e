"""The templates about the GPU that is given to others, and about requests that wait for it; see `templates`."""

INFO: dict[str, str] = {
    # Why it is given away, in the middle of a sentence
    "gpu_yield.by_user": "you said so",
    "gpu_yield.by_program": "{program} runs",
    "gpu_yield.by_use": "other programs use it",
    # What is so now
    "gpu_yield.finishing": "The GPU is being given to other programs ({why}): what runs ends first, new requests wait.",
    "gpu_yield.finishing_memory": "The memory is being given to other programs ({why}): what runs ends first, new "
    "requests wait.",
    "gpu_yield.given": "The GPU is given to other programs ({why}): requests wait until you take it back.",
    "gpu_yield.given_memory": "The memory is given to other programs ({why}): requests wait until you take it back.",
    "gpu_yield.given_for_now": "The GPU is given to other programs ({why}): requests wait until that has been over for "
    "{seconds:seconds}.",
    "gpu_yield.given_for_now_memory": "The memory is given to other programs ({why}): requests wait until that has "
    "been over for {seconds:seconds}.",
    "gpu_yield.back": "The GPU serves requests again.",
    "gpu_yield.back_memory": "The memory serves requests again.",
    "gpu_yield.serving": "Requests are served: nothing is given to other programs.",
    "gpu_yield.refused": "You have taken the GPU back from {program}: it is not given to that before it has ended "
    "once.",
    "gpu_yield.refused_use": "You have taken the GPU back from programs that use it: it is not given away by itself "
    "before they have stopped once.",
    "gpu_yield.to_end": "{running:count} still run, {waiting:count} wait.",
    "gpu_yield.freed": "{size:bytes} became free, {waiting:count} wait.",
    # What is not as one might think
    "gpu_yield.others_models": "{instance} is not the panel's, and other programs have loaded {models} there: they "
    "stay loaded.",
    "gpu_yield.restarted": "{instance} held memory without a model, and was restarted.",
    # Why a request waits, or has waited
    "waiting.given": "The GPU is given to other programs: this request waits until you take it back.",
    "waiting.given_memory": "The memory is given to other programs: this request waits until you take it back.",
    "waiting.given_program": "The GPU is given to {program}: this request waits until that has been gone for "
    "{seconds:seconds}.",
    "waiting.given_program_memory": "The memory is given to {program}: this request waits until that has been gone "
    "for {seconds:seconds}.",
    "waiting.given_busy": "Other programs use the GPU: this request waits until they have left it alone for "
    "{seconds:seconds}.",
    "waiting.given_busy_memory": "Other programs use the machine: this request waits until they have left it alone "
    "for {seconds:seconds}.",
    "slow.given": "Waited {seconds:seconds} while the models made room for other programs.",
    "preempted.given": "The models make room for other programs.",
    # Why a tuning rests
    "tuning.given": "The models make room for other programs: resume the tuning when they are back.",
}

WARNING: dict[str, str] = {
    "gpu_yield.still_loaded": "{instance} has not let go of {models}: restart it to free the memory.",
    "gpu_yield.not_freed": "The models are unloaded, but only {freed:bytes} of their {size:bytes} became free: restart "
    "the instances, or look which other program takes memory.",
    "gpu_yield.not_kept": "A restart of the panel will not know what you have said about the GPU: {why}",
}

ERROR: dict[str, str] = {
    "gpu_yield.no_load": "The models make room for other programs: take the GPU back first.",
}
