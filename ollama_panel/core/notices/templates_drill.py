"""The English templates about drills, by level; see `templates`."""

INFO = {
    "drill.gave_way": "Requests of others came first: this fault was not carried out, or broken off.",
    "drill.given": "The drill was ended, because the models make room for other programs.",
    "drill.killed": "The drill has killed its process.",
    "drill.no_runner": "This server has no process of its own for the model, so that nothing of that kind can hang.",
}

WARNING: dict[str, str] = {}

ERROR = {
    "drill.running": "A drill is under way. Wait for its end, or cancel it.",
    "drill.none": "No drill is under way.",
    "drill.tuning": "A tuning is under way: the drill would be measured, too. Wait for its end, or cancel it.",
    "drill.no_model": "There is no model {model} here that answers chats. Fetch it, or name another one.",
    "drill.no_models": "There is no model here that answers chats. Fetch one first.",
    "drill.no_pool": "No pool answers chats: give one pool this role.",
    "drill.no_room": (
        "A drill needs a worker to spare: there is surely no memory for one more with {model}, and {pool} has no "
        "second one that runs. Unload models, or give {pool} one more worker."
    ),
    "drill.no_process": "The process of the instance is gone.",
    "drill.not_ready": "{instance} is not ready. Look into its log.",
    "drill.no_answer": "{instance} does not answer ({reason}). Look into its log.",
}
