"""The English templates about what the doctor mends, and its reports, by level; see `templates`."""

INFO: dict[str, str] = {
    # Reports
    "doctor.error": "Error",
    "doctor.warning": "Warning",
    "doctor.hint": "Hint",
    "doctor.all_well": "All is well {place}. Checks that have found nothing: {count:count}.",
    "doctor.found": "What was found {place}: errors: {error:count}, warnings: {warning:count}, hints: {info:count}.",
    "doctor.saw_nothing": "Nothing could be looked at {place}.",
    "doctor.mends_by": "What mends it: {what}",
    "doctor.set_aside": "Set aside:",
    "doctor.could_not_look": "What could not be looked at:",
    "doctor.well_with": "All is well with {area}:",
    "doctor.area_servers": "servers",
    "doctor.area_graphics": "graphics cards",
    "doctor.area_memory": "memory and disks",
    "doctor.area_models": "models",
    "doctor.area_settings": "settings",
    "doctor.area_network": "the network",
    "doctor.area_requests": "requests",
    # How a fix has ended
    "doctor.mended": "Mended: {what}",
    "doctor.undone": "Taken back, all is as before: {what}",
    "doctor.waits": "It waits for commands that you are to type: {what}",
    # The support bundle
    "doctor.bundle_report": "What the doctor has found, for people",
    "doctor.bundle_record": "The same, for programs",
    "doctor.bundle_facts": "All that it has looked at; `ollama-panel doctor --facts` reads it",
    "doctor.bundle_versions": "Versions of the panel, of Ollama, of the system and its drivers",
    "doctor.bundle_settings": "The panel's settings",
    "doctor.bundle_source": "A source of Ollama's settings: {path}",
    "doctor.bundle_evidence": "What was found of an instance before its restart: {folder}",
    "doctor.bundle_log": "The last lines of the log {name}",
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
    "doctor.remedy.take_gpu_back": "Waiting requests are answered again; models are loaded as they are needed.",
    "doctor.remedy.roll_out": "A successor is started with the settings once more; the worker serves on meanwhile.",
    "doctor.remedy.start": "The instance starts again.",
    "doctor.remedy.restart": "The server's process is replaced; running requests end first.",
    "doctor.remedy.start_all": "Every managed instance that is stopped starts.",
    "doctor.remedy.install": "The page from which Ollama is installed is opened.",
    "doctor.remedy.take_over": "The steps that are left are done, until the panel listens at Ollama's address.",
    "doctor.remedy.undo_take_over": "The steps that were done are undone, until Ollama listens there as before.",
    "doctor.remedy.connect": "The page is opened that shows how programs come to the panel.",
}

WARNING: dict[str, str] = {
    "doctor.kept_broken": (
        "{path} makes no sense ({reason}): the doctor has forgotten what was set aside and what takes its fixes back. "
        "The file is kept beside it, as {name}."
    ),
    "doctor.not_mended": "Not mended: {what} {why}",
    "doctor.went_back": "Not mended, all is as before: {what} {why}",
}

ERROR: dict[str, str] = {
    "doctor.no_finding": "The doctor has no finding {finding}; `ollama-panel doctor` shows those that there are.",
    "doctor.nothing_to_undo": "There is no fix that could be taken back.",
    "doctor.bundle_there": "{path} is there already, and nothing is overwritten: name another file.",
    "doctor.not_looked": "The doctor has not looked yet.",
    "doctor.no_fix": "For {finding} there is no fix that the panel could carry out.",
    "doctor.changed": "What the fix would do has changed since it was shown: look at it again.",
    "doctor.file_changed": "{path} was changed since the doctor has read it: let it look again.",
    "doctor.still_there": "It was done, and the doctor still finds: {what}",
    "doctor.mends": "The doctor is mending {finding}: wait until it is done.",
    "doctor.busy": "Another program is mending something from this state folder: wait until it is done.",
    "doctor.interrupted": "It has not come to its end: it was interrupted, or another program is still at it.",
    "doctor.not_aside": "No finding {finding} is set aside.",
    "doctor.no_undo": "There is nothing to undo that is named {mended}.",
    "doctor.undo_newer": "The same file was mended again later; undo {mended} first: {what}",
    "doctor.needs_panel": "This is a setting of the panel: it needs one that runs {place}.",
    "doctor.demo": (
        "The panel shows a simulation, and changes nothing of this machine meanwhile: end it, and let"
        " `ollama-panel doctor` mend this."
    ),
    "doctor.in_window": "Only the panel's window can do this.",
}
