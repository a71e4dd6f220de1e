"""The templates about rollout."""

INFO: dict[str, str] = {
    "rollout.successor_starts": "Starting the successor of {instance}, which serves on.",
    "rollout.successor_loads": "The successor of {instance} loads {model}, {number:count} of {all:count}.",
    "rollout.leaves_after_one": "{instance} is replaced; its old process ends when one more request has ended.",
    "rollout.leaves_after": "{instance} is replaced; its old process ends when {requests:count} more requests have "
    "ended.",
    "rollout.changing": "{what} Changes: {changes}.",
    "rollout.warms": "{instance} has restarted and loads {model}, {number:count} of {all:count}.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "models.load_timeout": "{model} was not loaded within {seconds:count} seconds. Look at the log of its worker.",
}
