"""The templates about embeddings."""

INFO: dict[str, str] = {
    "embedding.done": "{inputs} of {of} inputs are done.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    # Why the answer to a part cannot be put together with the others
    "embedding.count": "The instance's answer has {vectors} embeddings for {inputs} inputs.",
    "embedding.numbers": "The embeddings in the instance's answer are not numbered one by one.",
    "embedding.too_long": "The instance's answer is longer than {limit} bytes.",
    "embedding.unreadable": 'The instance\'s answer has no embeddings: "{reason}".',
}
