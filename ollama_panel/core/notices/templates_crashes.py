"""The English templates about servers and runners that end by themselves, by level; see `templates`."""

INFO = {
    "crash.some_library": "one of its own",
    "log.started": "Process {pid} was started: {command}",
    "log.ended": "Process {pid} has ended. {why}",
    "log.stopped": "The panel has stopped it.",
    "log.closed": "The panel has ended.",
    "log.none": "There is no log of {instance} in {folder}.",
    "log.none_but": "There is no log of {instance} in {folder}; there are those of {known}.",
    "log.of_files": "No panel runs: these are the last lines of {path}.",
    "advice.log_in_memory": "Meanwhile the panel has the last lines in its memory alone.",
}

WARNING = {
    "crashed": "{instances} ended by itself: {why}",
    "crashed.again": "{instances} ended by itself, {times:count} times within an hour: {why}",
    "crashed.runner": "{model}: its runner at {instances} ended by itself: {why}",
    "crashed.runner_again": (
        "{model}: its runner at {instances} ended by itself, {times:count} times within an hour: {why}"
    ),
    "log.lost": "{count:count} lines of logs of instances are lost: the disk was too slow for them.",
    "doctor.crashed": "{instances} ended by itself",
    "doctor.crashed_runner": "The runner of {model} ended by itself",
}

ERROR = {
    "crash.memory": (
        "Memory ran out, and the system ended the process. Use a shorter context, fewer slots or a smaller model."
    ),
    "crash.gpu_memory": (
        "The GPU's memory ran out. Use a shorter context, fewer slots or a smaller model, or leave more layers to the "
        "processor."
    ),
    "crash.illegal_instruction": (
        "The processor lacks an instruction that this build of Ollama uses. Install Ollama anew, in the build for this "
        "processor; one without AVX needs a build of its own."
    ),
    "crash.driver_lost": (
        "The GPU's driver has lost the card. If this happens again, update the driver, and see that the card is not "
        "too hot and has enough power."
    ),
    "crash.disk_full": "The disk is full. Remove models or other files from it.",
    "crash.library_missing": (
        "A library cannot be loaded: {library}. Install Ollama anew, or the package of the system that has the library."
    ),
    "crash.model_unknown": "This version of Ollama does not know the kind of the model. Update Ollama.",
    "crash.model_broken": "The file of the model is broken. Remove the model, and fetch it again.",
    "crash.fault": (
        "The process used memory that is not its own, which is a fault of the program, a driver or the memory. "
        "Update Ollama and the GPU's driver; if only one model does this, fetch that again."
    ),
    "crash.panic": (
        "The program stopped at an error in itself. Update Ollama; if it happens again, report it with these lines."
    ),
    "crash.killed": (
        "It was ended by {signal}, and nothing says that memory was short. See which program, service manager or "
        "person of this machine does that."
    ),
    "crash.terminated": (
        "It was ended by {signal}. Another program did that: Ollama's desktop app does so to other servers, "
        "and so do installers."
    ),
    "crash.ended": (
        "It ended without an error, as it does when another program asks it to: Ollama's desktop app does so to other "
        "servers, and so do installers."
    ),
    "crash.unknown": "The log does not say why.",
}
