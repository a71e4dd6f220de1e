"""The English templates about the Ollama servers of this machine, by level; see `templates`."""

INFO = {
    # Who has started a server
    "servers.by_panel": "this panel",
    "servers.by_other_panel": "another panel",
    "servers.by_system_unit": "systemd: {name}",
    "servers.by_user_unit": "systemd of the user: {name}",
    "servers.by_desktop_app": "the Ollama app",
    "servers.by_homebrew": "Homebrew: {name}",
    "servers.by_launchd": "launchd: {name}",
    "servers.by_service": "a Windows service: {name}",
    "servers.by_docker": "docker: {name}",
    "servers.by_podman": "podman: {name}",
    "servers.by_container": "a container: {name}",
    "servers.by_snap": "the snap {name}",
    "servers.by_by_hand": "by hand, in {name}",
    "servers.by_hand_ended": "by hand",
    "servers.by_unknown": "unknown",
    # Where its log is
    "servers.log_file": "the file {path}",
    "servers.log_command": "shown by {command}",
    "servers.log_panel": "kept by the panel: ollama-panel logs {instance}",
    "servers.log_terminal": "the terminal {path}",
    "servers.log_nothing": "thrown away",
    # The plan to replace a server
    "replacing.stop_signal": (
        "The panel stops the server at {address} ({owner}; process {pid}) by SIGTERM. Answers under way break off."
    ),
    "replacing.stop_command": (
        "The panel stops the server at {address} ({owner}; process {pid}) by `{command}`. Answers under way break off."
    ),
    "replacing.stop_user": (
        "You stop the server at {address} ({owner}; process {pid}) by `{command}`; the panel waits until it has ended. "
        "Answers under way break off."
    ),
    "replacing.stop_unknown": (
        "You stop the server at {address} ({owner}; process {pid}) where it was started; the panel waits until it has "
        "ended. Answers under way break off."
    ),
    "replacing.frees": "That frees {memory:bytes} of main memory.",
    "replacing.start": "In its place run the panel's workers: {pools}.",
    "replacing.pool": "{workers:count} of pool {pool} ({parallel:count} at a time, context {tokens:count})",
    "replacing.same_models": "They use the same models as now.",
    "replacing.models": "They use its models, in {path}.",
    "replacing.models_closed": (
        "They keep their own models: the panel's user cannot read those in {path}. "
        "`ollama-panel status` says what helps."
    ),
    "replacing.models_unknown": "They keep their own models: where those of the server are is unknown.",
    "replacing.variables": "They get its variables: {variables}.",
    "replacing.secrets": "They do not get {names}, which hold secrets: set them in the pools if they need them.",
    "replacing.address": "The panel takes the address {address}, so that clients go on as they are.",
    "replacing.open": "Other machines reach the panel at that address, as they reached the server.",
    "replacing.other_address": "Clients must use the address of the panel: {url}.",
    "replacing.way_back": "`ollama-panel machine give-back {server}` undoes it all and starts the server as it ran.",
    "replacing.way_back_by": (
        "`ollama-panel machine give-back {server}` undoes it all; you start the server by `{command}`."
    ),
    "replacing.way_back_user": (
        "`ollama-panel machine give-back {server}` undoes it all; you start the server where it was started."
    ),
    # How it goes on
    "replacing.kept_waiting": "The panel waits until process {pid} has ended; then its workers take its place.",
    "replacing.done": "The panel's workers have taken the place of the server at {address}.",
    "replacing.runs_again": (
        "The server at {address} was replaced by the panel's workers, but runs again ({owner}; process {pid}): "
        "give it its place back, or keep it from being started."
    ),
    "replacing.returned": "The server at {address} runs again as before.",
    "replacing.cancelled": "The server at {address} stays as it is.",
    "replacing.start_user": "The panel has given its place back. Start the server where it was started.",
    "replacing.start_user_by": "The panel has given its place back. Start the server by `{command}`.",
    "servers.is_used": "The panel uses the server at {address}.",
    "servers.is_left": "The panel leaves the server at {address} alone.",
    # What helps where the app wants the port of the panel
    "app.way_quit": "Quit the app: the panel serves its clients, too.",
    "app.way_move": "Let the app use another port, on a Mac:",
    "app.step_move": "{command} # then start the app anew; until you log in again",
    "app.way_port": "Give the panel another port; its clients must then use that:",
    "app.step_port": "{command} # moves the panel",
    # Why its variables are unknown
    "servers.other_user": "It runs as {user}; the system tells its environment to {user} and to administrators only.",
    "servers.not_told": "The system does not tell its environment.",
}

WARNING = {
    # Why a server cannot be used, replaced or given back
    "servers.no_server": "There is no server {server}: `ollama-panel machine` lists them.",
    "servers.no_address": "The address of the server {server} is unknown: the panel cannot use it.",
    "servers.own": "The server {server} is a worker of this panel, which it uses anyway.",
    "replacing.of_panel": "The server {server} cannot be replaced: it belongs to {owner}.",
    "replacing.not_replaced": "The server {server} is not replaced: there is nothing to give back.",
    "replacing.demo": (
        "The panel shows a simulation, whose workers take no place of a real server: install Ollama before."
    ),
    "replacing.twice": "The server {server} is being replaced already.",
    "replacing.stays": "Process {pid} has not ended within {limit:seconds}; it stays in place.",
    "replacing.suspended": "Process {pid} is suspended, so it cannot end: let it go on by `kill -CONT {pid}` before.",
    "replacing.command_failed": "`{command}` has failed; the server stays in place.",
    "replacing.ended_at_once": "The server ended at once when it was started by `{command}`; its log is {log}.",
    "replacing.not_started": "The server could not be started again by `{command}`: {reason}.",
    # Why a program does not tell its version
    "programs.forbidden": "It may not be run: it lacks the permission to be executed.",
    "programs.not_started": "It cannot be run: {reason}.",
    "programs.slow": "It did not tell its version within {limit:seconds}.",
    "programs.failed": "It ended with exit code {code} when it was asked for its version.",
    "programs.no_version": "It did not tell its version.",
}

ERROR: dict[str, str] = {}
