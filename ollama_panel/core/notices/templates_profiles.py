"""The English templates about profiles, and how long what was measured holds, by level; see `templates`."""

INFO: dict[str, str] = {
    # What has changed since a measurement, as parts of a sentence
    "validity.hardware": "on {then} (now {now})",
    "validity.memory": "with {then:bytes} for models (now {now:bytes})",
    "validity.driver": "with driver {then} (now {now})",
    "validity.ollama": "with Ollama {then} (now {now})",
    "validity.digest": "with another build of {model}",
    "validity.mains": "on the mains (now on its battery)",
    "validity.battery": "on its battery (now on the mains)",
    "validity.power": "with {then:count} W for its cards (now {now:count} W)",
    # What is wrong with a file, after "This is no profile of the panel: "
    "profiles.too_long": "it is far too long.",
    "profiles.other_format": 'its "format" is not "{format}".',
    "profiles.other_version": "Ollama Panel {panel} has written it, whose profiles this version does not know.",
    "profiles.no_settings": "it has no settings of a pool.",
}

WARNING: dict[str, str] = {
    "validity.changed": "Measured {changes}; tune again.",
    "validity.made": "Made {changes}.",
    "profiles.broken": "{why} Its profiles are not used. The file stays as it is until a profile is saved.",
}

ERROR = {
    "profiles.unknown": 'There is no profile "{name}"; there are {known}.',
    "profiles.none": 'There is no profile "{name}", and no other one.',
    "profiles.no_verdict": "The tuning {tuning} has no result that could be saved: it did not come to its end.",
    "profiles.no_tuning": "There is no tuning {tuning} that has ended.",
    "profiles.from_what": "A profile is made of one of these three: tuning, pool or profile.",
    "profiles.no_file": "This is no profile of the panel: {reason}",
}
