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
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {}
