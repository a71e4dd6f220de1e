"""The English templates of applying exports to a machine, and of the proof, by level; see `templates`."""

INFO: dict[str, str] = {
    "apply.on_host": "on {host}",
    "apply.closed": "the connection was closed",
    "apply.on_this_machine": "on this machine",
    # What it means
    "apply.nothing": "All of it is in force already: nothing is to be done.",
    "apply.breaks": (
        "Restarting {units} would break off answers that are being written, so it is waited until no client is at work."
    ),
    "apply.breaks_nothing": "Reloading {units} breaks no answer off.",
    "apply.keeps": "What is there now is kept beside, as {paths}.",
    "apply.by_sudo": "What needs an administrator is done by `sudo`, which asks for no password here.",
    "apply.by_user": (
        "What needs an administrator is yours to type: `sudo` wants a password here, and the panel never asks for one "
        "behind your back."
    ),
    "apply.goes_back": (
        "If a server does not come back, or runs with other values, all is put back as it was; `ollama-panel export "
        "TARGET --undo` does that later."
    ),
    # The actions
    "apply.backup": "Keep what is there: {paths}.",
    "apply.write": "Write {paths}.",
    "apply.restore": "Put back what was there before: {paths}.",
    "apply.check": "Let the program that reads the file check it.",
    "apply.reload": "Let the file be read.",
    "apply.idle": "Wait until no client is at work.",
    "apply.restart": "Restart {units}.",
    "apply.stop": "End what was not there before: {units}.",
    "apply.prove": "Read from the servers which values are in force.",
    "apply.prove_back": "Wait until the servers answer as before.",
    # How far it is
    "apply.planned": "Nothing was done yet {place}: {target} differs from what is there.",
    "apply.planned_same": "Nothing was done yet {place}: the files of {target} are there as they are to be.",
    "apply.under_way": "{target} is being put into force {place}.",
    "apply.returning": "What was there before {target} is being put back {place}.",
    "apply.waits_idle": "{target} is written {place}; it waits until no client is at work ({count:count} are now).",
    "apply.applied": "{target} is in force {place}: {proven:count} values are proven.",
    "apply.undone": "All is as before {place}: {target} is not in force any more.",
    # What proves a value
    "apply.holds": "{worker}: {name} is {wanted}, as {source} says.",
    "apply.unknown": "{worker}: nothing tells whether {name} is {wanted}.",
    "apply.from_log": "the server's log",
    "apply.from_environment": "its process",
    "apply.from_command_line": "its command line",
    "apply.from_unit": "its unit",
    "apply.from_answer": "its answer",
}

WARNING: dict[str, str] = {
    "apply.waits": "{target} waits {place} for the commands that need an administrator.",
    "apply.verified_partly": (
        "{target} is in force {place}, as far as it is told; of {count:count} values nothing tells."
    ),
    "apply.verified_not": (
        "{target} is not in force {place}: {count:count} values are others, {files:count} files differ."
    ),
    "apply.differs": "{worker}: {name} is {found} instead of {wanted}, as {source} says.",
    "apply.missing": "{worker}: {name} is not set instead of {wanted}, as {source} says.",
    "apply.interrupted": (
        "Putting {target} into force {place} was interrupted: `ollama-panel export {target} --apply` goes on with it, "
        "`--undo` goes back."
    ),
    "apply.interrupted_back": (
        "Putting back what {target} has changed {place} was interrupted: `ollama-panel export {target} --undo` goes on "
        "with it."
    ),
    "apply.returned": "{target} did not work {place}, and all is as before: {why}",
    "apply.changed_since": "{path} was changed by somebody since: that is kept as {copy}.",
    # Why a target is left to its own tools
    "apply.not_this": "The panel cannot put this target into force: save it, and follow its steps.",
    "apply.not_docker": (
        "The panel does not run scripts of `docker run`, because nothing tells what they replace: the target `compose` "
        "can be put into force and undone; or type `sh` and the name of the saved file."
    ),
    "apply.not_script": (
        "A script runs as long as its terminal: there is nothing to install. Type its name, or use the target "
        "`systemd-units`, which can be put into force and undone."
    ),
    "apply.not_windows": (
        "The panel puts nothing into force on Windows over this way: run the saved script there, by "
        "`powershell -ExecutionPolicy Bypass -File` and its name."
    ),
    "apply.not_app": (
        "Ollama's app has to be quit and opened by its user: save the agent, and follow the steps of this target."
    ),
    "apply.not_env": (
        "A file of variables does nothing by itself: name it in `EnvironmentFile=` of your unit or in `env_file:` of "
        "your compose file. The target `systemd` can be put into force and undone."
    ),
    "apply.not_kubernetes": "A cluster has its own way to apply and undo: `kubectl apply -k` with the saved folder.",
    "apply.not_helm": "Helm has its own way to apply and undo: `helm upgrade --install` with the saved values.",
    "apply.not_nix": (
        "NixOS has its own way to apply and undo: import the saved module, then `sudo nixos-rebuild switch`."
    ),
    "apply.not_ansible": "Ansible applies it itself: `ansible-playbook` with your inventory and the saved playbook.",
    "apply.not_modelfile": (
        "A model is made by Ollama itself, under a name of its own: `ollama create NAME -f` and the file."
    ),
    "apply.not_json": "The document is for programs: nothing on a machine reads it by itself.",
}

ERROR: dict[str, str] = {
    "apply.file_link": "{path} is a link that leads nowhere: remove it, or make what it leads to.",
    "apply.file_other": "{path} is no file: move it out of the way.",
    "apply.file_unreadable": "{path} cannot be read by this user, nor by `sudo` without a password.",
    "apply.no_unit": (
        "There is no unit {unit} on that machine: install Ollama there as a service, or use the target `systemd-units`."
    ),
    "apply.no_program": "There is no {program} on that machine: install it there first.",
    "apply.no_systemd": (
        "systemd does not answer on that machine: it does not run there, or this user's own does not, which takes a "
        "login or `loginctl enable-linger`."
    ),
    "apply.not_running": "{program} does not run on that machine: start it there first.",
    "apply.other_open": (
        "Putting {target} into force {place} with other files was interrupted: go on with the same, or back by "
        "`--undo`, first."
    ),
    "apply.no_login": "Nobody is logged in on that Mac, so that no agent of a user runs there: log in first.",
    "apply.no_brew": "Homebrew has no Ollama on that machine: `brew install ollama` first.",
    "apply.no_docker": (
        "Docker does not answer there, or has no Compose: start it, install its plugin `docker compose`, or put the "
        "user into the group `docker`."
    ),
    "apply.no_system": "That machine runs {system}: this target needs {wanted}.",
    "apply.no_host": "{host} is no destination for ssh: write it as user@machine, or as ssh's configuration names it.",
    "apply.no_ssh": "There is no program `ssh` on this machine: install OpenSSH's client.",
    "apply.unreachable": "{host} cannot be reached by ssh: {reason}.",
    "apply.silent": "it has not answered within {limit:seconds}",
    "apply.denied": "{reason}; a key with a passphrase has to be in the agent before (ssh-add)",
    "apply.no_answer": "{host} does not answer as a machine with a shell does: {reason}.",
    "apply.demo": "The Ollama of this panel is simulated: nothing of it can be put into force anywhere.",
    "apply.busy": "Another export is being put into force from this state folder: wait until it is done.",
    "apply.changed": "What is there has changed since it was shown: look at the difference again.",
    "apply.refused": "`sudo` wants a password: type the commands yourself, then go on.",
    "apply.failed": "`{command}` failed: {reason}.",
    "apply.slow": "`{command}` took longer than {limit:seconds}.",
    "apply.not_back": "{unit} does not answer within {limit:seconds} after its restart.",
    "apply.ended": "{unit} ended right after its restart: {reason}.",
    "apply.copies_gone": (
        "What was there before is gone, as somebody has removed {paths}: the files stay as they are. Write them "
        "yourself."
    ),
    "apply.cancelled": "It was broken off before anything restarted.",
    "apply.nothing_to_undo": "There is nothing to undo {place}.",
    "apply.stuck_back": "{why} Putting back what was there failed, too: {then}",
}
