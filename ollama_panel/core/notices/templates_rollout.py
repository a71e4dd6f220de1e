"""The templates about rollout."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "models.load_timeout": "{model} was not loaded within {seconds:count} seconds. Look at the log of its worker.",
}
