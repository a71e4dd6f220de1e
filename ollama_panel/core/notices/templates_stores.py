"""The English templates about model stores, by level; see `templates`."""

INFO = {
    "stores.some_elsewhere": (
        "{models}: only the server at {url} has this ({who}), in {folder}. The panel's workers cannot serve it; "
        "requests for it go to that server, {slots}."
    ),
    # Whose server it is
    "stores.unit": "service {unit} of user {user}",
    "stores.user": "of user {user}",
    "stores.somebody": "of a user that the system does not tell",
    "stores.more_models": "{number:count} more",
    # Where its models are, and how that was found
    "stores.folder": "the folder {path}",
    "stores.folder_by_environment": "{path} (from the environment of its process)",
    "stores.folder_by_log": "{path} (from its log)",
    "stores.folder_by_unit": "{path} (from its systemd unit)",
    "stores.folder_by_home": "{path} (the usual place in the home of that user)",
    "stores.folder_unknown": "a folder that the system does not tell",
    "stores.in_container": "a container",
    # How many requests it runs at once
    "stores.slots_by_log": "{slots:count} at a time for each model (from its log)",
    "stores.slots_by_command": "{slots:count} at a time for each model (from the command line of its runner)",
    "stores.slots_by_environment": "{slots:count} at a time for each model (from its environment)",
    "stores.slots_by_unit": "{slots:count} at a time for each model (from its systemd unit)",
    "stores.slots_by_ollama": "{slots:count} at a time for each model (as Ollama does for such a model)",
    "stores.slots_unknown": "at first one at a time (nothing tells how many it takes; that is measured while it works)",
    # What can be done, and its steps
    "stores.way_use": "Let the workers use that folder, which they can read:",
    "stores.way_use_instead": (
        "Let the workers use that folder, which they can read, instead of {folder}, whose models are then left alone:"
    ),
    "stores.way_read": (
        "Let the workers read that folder; then this message offers it by itself. {why} What it needs:"
    ),
    "stores.way_read_again": (
        "Let the workers read that folder; then they serve its models by themselves. {why} What it needs:"
    ),
    "stores.way_rights": "Let the workers read that folder: {why} Give {user} the right to read it.",
    "stores.denied": "{path} is closed to {user}: it belongs to {owner}, group {group}, with mode {mode}.",
    "stores.step_join": (
        "{command} # adds you to group {group}; it counts when you have logged in again and started the panel anew"
    ),
    "stores.step_login": "Log in again and start the panel anew: you are in group {group}, but this session is older.",
    "stores.step_pass": "{command} # lets group {group} pass through that folder",
    "stores.step_read": "{command} # lets group {group} read the models",
    "stores.step_acl": "{command} # lets {user} alone in; needs the package acl",
    "stores.step_set": "{command} # sets that folder; the workers restart one after the other",
    "stores.step_export": "{command} # writes the settings of the workers to that file",
    "stores.step_stop": "{command} # stops the panel's own workers of that pool, whose ports the services take",
    "stores.step_units": "{command} # makes and starts a service for each worker; the panel finds and uses them",
    "stores.step_place": "{command} # puts the file where systemd reads it",
    "stores.step_reload": "{command} # lets systemd read it",
    "stores.step_restart": "{command} # restarts the server with it",
    "stores.way_name": "If you know that folder, let the workers use it:",
    "stores.way_units": "Let services of user {user} be the workers, with the same folder:",
    "stores.way_alone": (
        "Leave it so: that server alone answers, {slots}. For more, set OLLAMA_NUM_PARALLEL where it is started, and "
        "restart it."
    ),
    "stores.way_alone_more": (
        "Leave it so: that server alone answers, {slots}. For more, give it the settings of the first worker and "
        "restart it:"
    ),
}

WARNING = {
    "stores.shut": "{workers} cannot serve: the models are in {folder}, which the panel's workers cannot read.",
    "stores.shut_served": (
        "The pools cannot serve: the panel's workers cannot read the folder of their models, {folder}. The server at "
        "{url} ({who}) can: every request for them goes there, {slots}."
    ),
    "stores.none_here": (
        "The pools cannot serve: the models are with the server at {url} ({who}), in {folder}, and the panel's workers "
        "have none of them. Every request goes to that server, {slots}."
    ),
}

ERROR: dict[str, str] = {}
