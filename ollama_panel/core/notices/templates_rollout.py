"""The templates about rollout."""

INFO: dict[str, str] = {
    "rollout.successor_starts": "Starting the successor of {instance}, which serves on.",
    "rollout.successor_loads": "The successor of {instance} loads {model}, {number:count} of {all:count}.",
    "rollout.successor_again": "{instance} serves on; its successor has failed: {why} The next one starts in "
    "{seconds:count} s.",
    "rollout.leaves_after_one": "{instance} is replaced; its old process ends when one more request has ended.",
    "rollout.leaves_after": "{instance} is replaced; its old process ends when {requests:count} more requests have "
    "ended.",
    "rollout.changing": "{what} Changes: {changes}.",
    "rollout.warms": "{instance} has restarted and loads {model}, {number:count} of {all:count}.",
}

WARNING: dict[str, str] = {
    "rollout.successor_failed": "The successor of {instance} has failed: {why}",
}

ERROR: dict[str, str] = {
    "rollout.successors_failed": "{instance} serves on as before: {count:count} successors have failed, the last one "
    "because: {why} The others stay as they are.",
    "models.load_timeout": "{model} was not loaded within {seconds:count} seconds. Look at the log of its worker.",
}
