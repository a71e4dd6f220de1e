"""The English templates about what a tuning is for where that was left open, by level; see `templates`."""

INFO = {
    "tuning_choice.pool": "The pool is {pool}: it is the only one for this.",
    "tuning_choice.only_model": "The model is {model}: it is the only one of {pool}.",
    "tuning_choice.largest_model": "The model is {model}: it is the largest of {pool}.",
}

WARNING: dict[str, str] = {}

ERROR = {
    "tuning_choice.no_pool": "No pool with workers fits: name one.",
    "tuning_choice.several_pools": "More than one pool fits ({pools}): name the one to tune.",
    "tuning_choice.no_bounds": "This goal needs a bound: the time to the first token, or for each further one.",
    "tuning_choice.no_model": "{pool} has no model to tune with: name one, or pull one first.",
}
