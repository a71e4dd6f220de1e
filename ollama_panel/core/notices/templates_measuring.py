"""The English templates about the requests that the tuner sends and what disturbs them, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING = {
    "workload.short_answers": "Answers ended early, with {percent} % of the tokens that were asked for.",
    "workload.shortened": "{requests:count} of {all:count} requests are shorter than usual, to fit a context of "
    "{context:count} tokens.",
    "workload.chats_instead": "Requests of usual chats are sent instead.",
    "conditions.battery": "The machine runs on its battery, which may slow it down: connect it to its power supply.",
    "conditions.hot": "{card} was slowed down by its heat, at {degrees} degrees Celsius.",
    "conditions.slowed": "{card} was slowed down, by its heat or its power supply.",
    "conditions.moved": "Another program has taken or freed {bytes:bytes} of the GPU's memory meanwhile.",
    "conditions.gpu": "The GPU is {percent} % busy with other programs.",
    "conditions.cpu": "Other programs take {percent} % of the CPU.",
}

ERROR = {
    "workload.too_few": "Only {requests:count} of your requests have ended with known lengths, and {needed:count} are "
    "needed.",
    "workload.small_context": "A context of {context:count} tokens is too small for any request: raise it.",
    "measuring.refused": "The server answered with status {status}: {answer}",
    "measuring.error": "An answer ended with an error: {answer}",
    "measuring.broken_off": "An answer broke off before its end: look into the log of the instance.",
    "measuring.ended_with": "An answer broke off before its end. {instance} said: {words}",
    "measuring.unreachable": "{url} did not answer ({reason}).",
    "measuring.silent": "{url} sent nothing for {seconds:seconds}.",
    "measuring.nothing": "No token came within {seconds:seconds}.",
}
