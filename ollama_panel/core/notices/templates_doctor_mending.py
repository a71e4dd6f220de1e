"""The English templates about what the doctor mends, and its reports, by level; see `templates`."""

INFO: dict[str, str] = {
    # Plans
    "doctor.runs": "Run this command.",
    "doctor.by_hand": "Only you can do this; the doctor looks again afterwards.",
    "doctor.goes_back": (
        "If the server does not come back, or runs with other values, all is put back as it was; the fix can also be "
        "undone later."
    ),
    "doctor.remedy.open_log": "The panel's log is opened.",
    "doctor.remedy.restart_engine": "A new engine starts; the instances start again.",
    "doctor.remedy.use_next_port": (
        "The panel listens at the next port that is free; clients must use the new address."
    ),
    "doctor.remedy.listen_again": "The panel tries again to listen at its address.",
    "doctor.remedy.switch_on": "The panel answers clients on its address.",
    "doctor.remedy.resume": "Waiting requests are sent to the instances again.",
    "doctor.remedy.start": "The instance starts again.",
    "doctor.remedy.restart": "The server's process is replaced; running requests end first.",
    "doctor.remedy.start_all": "Every managed instance that is stopped starts.",
    "doctor.remedy.install": "The page from which Ollama is installed is opened.",
    "doctor.remedy.take_over": "The steps that are left are done, until the panel listens at Ollama's address.",
    "doctor.remedy.undo_take_over": "The steps that were done are undone, until Ollama listens there as before.",
    "doctor.remedy.connect": "The page is opened that shows how programs come to the panel.",
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "doctor.no_finding": "The doctor has no finding {finding}; `ollama-panel doctor` shows those that there are.",
    "doctor.not_looked": "The doctor has not looked yet.",
    "doctor.no_fix": "For {finding} there is no fix that the panel could carry out.",
    "doctor.changed": "What the fix would do has changed since it was shown: look at it again.",
    "doctor.file_changed": "{path} was changed since the doctor has read it: let it look again.",
    "doctor.still_there": "It was done, and the doctor still finds: {what}",
    "doctor.mends": "The doctor is mending {finding}: wait until it is done.",
    "doctor.no_undo": "There is nothing to undo that is named {mended}.",
    "doctor.undo_newer": "The same file was mended again later; undo {mended} first: {what}",
    "doctor.needs_panel": "This is a setting of the panel: it needs one that runs {place}.",
    "doctor.in_window": "Only the panel's window can do this.",
}
