"""The English templates about the test of the way through the panel, by level; see `templates`."""

INFO: dict[str, str] = {}

WARNING: dict[str, str] = {}

ERROR = {
    "trial.proxy_off": "The panel does not listen, so that no program can reach it: switch the proxy on.",
    "trial.running": "A test is under way: wait for its end, or cancel it.",
    "trial.unreachable": "{url} did not answer ({reason}): restart the panel.",
    "trial.status": "The panel answered with status {status}: {answer}",
    "trial.answered": "The answer ended with an error: {answer}",
    "trial.broken_off": "The answer broke off before its end: look into the log of the instance.",
}
