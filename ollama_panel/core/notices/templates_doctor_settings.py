"""The English templates about the doctor's checks of settings, servers and the network, by level; see `templates`."""

INFO = {
    # What each check looks at
    "doctor.check.runs": "A server of Ollama runs",
    "doctor.check.starts": "The services of Ollama start",
    "doctor.check.stale_unit": "Each unit is known to systemd in its newest version",
    "doctor.check.restart": "Nothing was changed since Ollama was started",
    "doctor.check.in_force": "Ollama runs with what was set for it",
    "doctor.check.order": "No two places contradict each other",
    "doctor.check.values": "The variables of running servers are right",
    "doctor.check.client_side": "Nothing is set where no server reads it",
    "doctor.check.unit_name": "Drop-ins are of units that exist",
    "doctor.check.not_taken": "Every line is where it is read",
    "doctor.check.changed": "Quotes, comments and paths mean what they should",
    "doctor.check.lost": "What is set is set for the server",
    "doctor.check.panel_file": "The panel's own settings are all in force",
    "doctor.check.names": "No dead, invented or misspelt variables",
    "doctor.check.source_values": "Values that Ollama understands, in the right units",
    "doctor.check.passing": "What is set outlives a reboot and an update",
    "doctor.check.containers": "Containers reach the card and are reached",
    "doctor.check.other": "No other mistakes in files of settings",
    "doctor.check.port_fight": "No two servers want one port",
    "doctor.check.known_version": "No version that is known to be bad",
    "doctor.check.old_program": "Servers run the program that is installed",
    "doctor.check.versions": "One version of Ollama",
    "doctor.check.container_on_mac": "No container on a Mac, where none has the GPU",
    "doctor.check.other_panel": "No other panel on this machine",
    "doctor.check.open": "Only this machine reaches Ollama",
    "doctor.check.panel_open": "Who reaches the panel needs a key",
    "doctor.check.panel_port": "The port of the panel is free",
    "doctor.check.client_address": "Ollama's commands ask where a server listens",
    # Why a check could not look
    "doctor.no_variables": "No server tells with which variables it runs: its user and administrators can see them.",
    "doctor.no_version": "No server tells its version.",
    "doctor.no_address": "Where the servers listen is unknown.",
    "doctor.no_listeners": "Which programs listen on which port is unknown.",
    # What a fix does
    "doctor.mend_file": "Mend the line",
    "doctor.take_backup": "Take the settings of before the last change",
    "doctor.begin_anew": "Set the file aside, and begin with the defaults",
    "doctor.write_anew": "Write the settings as they are in force",
    "doctor.panel_file_newer": (
        "A newer panel has written the file: update this one, which would lose what it does not know."
    ),
    "doctor.mend_mistakes": "Mend {count:count} lines",
    "doctor.reread_unit": "Read the files and restart {unit}",
    "doctor.restart_server": "Restart {server}",
    "doctor.set_for_service": "Set it for {owner}",
    "doctor.move_drop_in": "Move it to {unit}",
    "doctor.stop_unit": "Switch {unit} off",
    "doctor.keep_it": "Set it for good",
    "doctor.only_this_machine": "Let only this machine in",
    # Why something is as it is
    "doctor.why_changed": "{path} was changed after Ollama was started, and a server reads its variables as it starts.",
    "doctor.why_started_before": (
        "Ollama was started before that was set. A program keeps the variables that it was started with: "
        "quit it and open it again."
    ),
    "doctor.why_created_before": (
        "The container was made before {path} was changed, and a restart keeps its variables: it must be made anew."
    ),
    "doctor.why_unknown": (
        "The server that runs ({owner}) does not have it. It may have been started in another way; "
        "if a restart does not help, see what its start command does."
    ),
    "doctor.why_client_side": (
        "{path} is for programs that are started in a shell. Ollama is started by something else ({owner}), "
        "which does not read it."
    ),
    "doctor.older_than_file_why": (
        "A server reads its variables as it starts. With which ones it runs only its user and administrators can see."
    ),
    "doctor.stale_unit_why": "systemd reads the files of a unit again only by `systemctl daemon-reload`.",
    "doctor.two_places": "{name} is {value} in {path} and {lost} in {other}: {value} counts.",
    "doctor.two_places_why": "What is read last wins. Keep one of the lines, so that nobody changes the wrong one.",
    "doctor.unit_name_why": "Ollama runs as {right}. systemd keeps drop-ins of {unit} for a unit of that name.",
    "doctor.port_fight_why": "Only one server can have a port. While {unit} is switched on, it tries again and again.",
    "doctor.port_shared_why": (
        "Which of them answers depends on the address that a client uses, so that models and settings seem to change."
    ),
    "doctor.runs_installed": "Ollama is installed: this panel starts servers of it, and so does `ollama serve`.",
    "doctor.runs_none": "No program ollama was found. Install it from https://ollama.com/download, then look again.",
    "doctor.unit_fails_log": "It ends with an error soon after its start. `{command}` shows all that it says.",
    "doctor.unit_fails_why": "It ends with an error soon after its start. Its log says why.",
    "doctor.unit_no_folder": (
        "It can neither make nor enter {path}. The user that it runs as must be able to write there, and to pass every "
        "folder above: give the folder to that user, or set OLLAMA_MODELS to another one."
    ),
    "doctor.update": "Update Ollama.",
    "doctor.old_program_why": "An update replaces the program on the disk; the server goes on with the old one.",
    "doctor.several_versions": "Several versions of Ollama run: {versions}.",
    "doctor.several_versions_why": (
        "They may understand other variables and models, and an older one may not load what a newer one has pulled."
    ),
    "doctor.container_on_mac_why": "Docker on a Mac runs in a virtual machine without the GPU. Ollama's app has it.",
    "doctor.other_panel": "Another panel runs servers on this machine: {servers}.",
    "doctor.other_panel_why": "Each panel plans with the whole memory, so that models of both may not fit.",
    "doctor.open_why": (
        "Ollama asks nobody for a key: who reaches it can use, pull and delete models. "
        "Let it listen on 127.0.0.1, and other machines use the panel, which asks for a key."
    ),
    "doctor.open_published": (
        "Ollama asks nobody for a key: who reaches it can use, pull and delete models. "
        "Publish its port as 127.0.0.1:{port}, and let other machines use the panel, which asks for a key."
    ),
    "doctor.panel_open_why": "Set proxy.require_key to auto, and add a key by `ollama-panel keys add NAME`.",
    "doctor.panel_port": "{program} listens on port {port}, which is the panel's.",
    "doctor.panel_port_why": "The panel takes the next free port, or another one that you set: proxy.port.",
    "doctor.client_address_why": "Ollama's commands then say that they cannot connect. Correct or unset the variable.",
}

WARNING = {
    "doctor.panel_file_closed": (
        "The panel cannot keep a changed setting: it may not write in the folder {path} of its settings."
    ),
    "doctor.nothing_runs": "No server of Ollama runs {place}.",
    "doctor.stale_unit": "{unit} was changed, but systemd goes on with what it has read before.",
    "doctor.unit_name": "{path} has no effect: there is no unit {unit}.",
    "doctor.older_than_file": "{path} was changed after Ollama was started: it may run with other values.",
    "doctor.port_shared": "{servers} listen on the same port, {port}.",
    "doctor.old_program": "{server} still runs Ollama {running}, but {version} is installed.",
    "doctor.container_on_mac": "The container {name} computes on the processor alone.",
    "doctor.open": "Everybody in the network can use {server} at {address} ({owner}) without a key.",
    "doctor.panel_open": "Everybody in the network can use the panel at {host} without a key.",
    "doctor.client_address": (
        "OLLAMA_HOST is {value} in your session, but no server listens there; they listen on {places}."
    ),
    "doctor.version_drops_parallel": (
        "Ollama {version} may work on one request at a time, whatever parallel is set: {mended} has mended that."
    ),
    "doctor.not_expanded": '{name} must be a whole path: Ollama makes a folder of the very name "{given}".',
    "doctor.relative": (
        '{name} must be a whole path, such as /srv/models or D:\\models, not "{given}", '
        "which depends on where the server was started."
    ),
}

ERROR = {
    "doctor.panel_file_broken": "The panel's settings in {path} cannot be read, so that none of them is in force.",
    "doctor.unit_fails": "{unit} does not run: it ends with an error.",
    "doctor.set_but": "{name} is set to {wanted}, but Ollama runs with {found}.",
    "doctor.set_but_parallel": "Parallel is set to {wanted}, but Ollama runs with {found}.",
    "doctor.set_but_context": "The context length is set to {wanted}, but Ollama runs with {found}.",
    "doctor.set_but_not_there": "{name} is set to {wanted}, but Ollama runs without it.",
    "doctor.set_but_several": "Ollama does not run with what is set: {names}.",
    "doctor.port_fight": "{unit} cannot start: port {port} belongs to {who}.",
    "doctor.version_runs_code": (
        "Ollama {version} lets everybody who reaches it run programs on this machine (CVE-2024-37032); "
        "{mended} has mended that."
    ),
    "doctor.version_tells_memory": (
        "Ollama {version} lets everybody who reaches it read its memory, with prompts and keys (CVE-2026-7482); "
        "{mended} has mended that."
    ),
}
