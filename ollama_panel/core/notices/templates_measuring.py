"""The English templates about the requests that the tuner sends and what disturbs them, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING = {
    "workload.short_answers": "Answers ended early, with {percent} % of the tokens that were asked for.",
    "workload.shortened": "{requests:count} of {all:count} requests are shorter than usual, to fit a context of "
    "{context:count} tokens.",
}

ERROR = {
    "workload.too_few": "Only {requests:count} of your requests have ended with known lengths, and {needed:count} are "
    "needed: choose a preset.",
    "workload.small_context": "A context of {context:count} tokens is too small for any request: raise it.",
    "measuring.refused": "The server answered with status {status}: {answer}",
    "measuring.error": "An answer ended with an error: {answer}",
    "measuring.broken_off": "An answer broke off before its end: look into the log of the instance.",
    "measuring.unreachable": "{url} did not answer ({reason}).",
    "measuring.silent": "{url} sent nothing for {seconds:seconds}.",
    "measuring.nothing": "No token came within {seconds:seconds}.",
}
