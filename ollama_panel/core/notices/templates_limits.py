"""The English templates about how many requests run at once: limits and SLOs; see `templates`."""

INFO = {
    # Why so many run at once
    "limit.slots": "{limit:count} of {slots:count} slots: nothing else limits it",
    "limit.battery": "{limit:count} of {slots:count} slots: the machine runs on its battery",
    "limit.heat": "{limit:count} of {slots:count} slots: the card is slowed down for heat",
    "limit.slo_tokens": "{limit:count} of {slots:count} slots: the SLO of {rate:number} tokens/s",
    "limit.slo_first_token": "{limit:count} of {slots:count} slots: the SLO of {seconds:seconds} to the first token",
    "limit.adjusted": "{limit:count} of {slots:count} slots: more at once made it no faster",
    "waiting.limited": "No more requests of {model} run at once now. {limit}.",
}
WARNING = {
    "slo.tokens": (
        "{model} in {pool} gives {rate:number} tokens/s even to one request at a time; its SLO asks for "
        "{wanted:number}. A smaller model, one with fewer bits, or shorter prompts would help."
    ),
    "slo.first_token": (
        "{model} in {pool} gives its first token after {seconds:seconds} even with one request at a time; its SLO asks "
        "for {wanted:seconds}. Shorter prompts or a smaller model would help."
    ),
    "slo.wait": (
        "Requests for {pool} wait too long for a slot: {percent:count} % of the last ones met its SLO of "
        "{wanted:seconds} to the first token. Another worker, more slots or a smaller model would help."
    ),
}
ERROR = dict[str, str]()
