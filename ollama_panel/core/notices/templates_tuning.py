"""The English templates about how a tuning goes on, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR = {
    "tuning.not_yet": "The tuner is not ready yet.",
    "tuning.none": "No tuning is under way.",
    "tuning.unknown": "There is no tuning {tuning}.",
}
