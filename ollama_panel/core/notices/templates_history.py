"""The English templates about the history, and of the events in it, by level; see `templates`."""

INFO = {
    "history.broken": "it is broken ({reason})",
    "history.newer": "it is of a newer version of the panel ({version}; this one knows {known})",
    "history.none_yet": (
        "There is no history in {path}: no panel has written one there yet, or it is switched off (history.days is 0)."
    ),
    "history.started": "The panel started, version {version}.",
    "history.ended": "The panel ended.",
    "history.ready": "{instance} is ready.",
    "history.stopped": "{instance} was stopped.",
    "history.settings": "The settings were changed: {keys}.",
    "history.alert": "Alert: {told}",
    "history.alert_over": "Over: {told}",
    "history.no_words": "Something for which this version of the panel has no words ({code}).",
    "history.clock_back": "The clock was set back by {by:seconds}: times come twice.",
    "history.clock_ahead": "The machine slept, or its clock was set ahead: {by:seconds} are missing.",
}

WARNING = {
    "history.died": "{instance} does not answer any more. {why}",
    "history.hung": "{instance} was restarted because it hung.",
    "history.set_aside": (
        "It could not be used: {why}. It was renamed to {name}, and a new one has begun; delete that file if you do "
        "not need it."
    ),
    "history.not_written": (
        "The history is not written ({reason}). Charts go on from memory; what happens meanwhile may be missing in the "
        "history. Make room on the disk, or correct the rights of the folder: it is tried again by itself."
    ),
}

ERROR = {
    "history.unreadable": "{path} cannot be read as a history: {why}.",
    "history.range": (
        "The range has {points:count} points, more than {most:count}: take a longer step or a shorter range."
    ),
    "history.series": "There is no series {name}; there are {known}.",
}
