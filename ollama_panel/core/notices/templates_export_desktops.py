"""The English templates of macOS, Windows, Nix and Ansible, by level; see `templates`."""

INFO: dict[str, str] = {
    # launchd
    "export.launchd.title": "launchd",
    "export.launchd.summary": "A launch agent of macOS for every worker: started at login, and again when it ends.",
    "export.launchd.worker": "Worker {worker}. launchd starts it at login, and again when it ends.",
    "export.launchd.copy": "Copy into {folder}.",
    "export.launchd.unload": (
        "Were these agents there before: take the old ones away. Where none was, launchctl says that it found none."
    ),
    "export.launchd.load": "Load the agents: from now on they start at each login.",
    "export.launchd.check": "See that each worker answers; what it prints is in {folder}.",
    "export.launchd.app": (
        "If Ollama's app runs too, it is one server more, with a model in memory of its own: quit it, or take {target} "
        "instead of the agent of {worker}."
    ),
    "export.launchd_app.title": "Ollama's app on a Mac",
    "export.launchd_app.summary": (
        "An agent that gives Ollama's app the settings of the first worker at each login, so that a reboot keeps them."
    ),
    "export.launchd_app.worker": (
        "The settings of {worker} for Ollama's app, at each login. The app keeps its address: 127.0.0.1:11434 unless "
        "set elsewhere."
    ),
    "export.launchd_app.load": (
        "Load the agent. If the app runs with other settings, it is started again: requests that it works on are lost."
    ),
    "export.launchd_app.check": "See that launchd has the settings.",
    "export.launchd_app.others": "The other workers have agents of their own: see {target}, and leave {file} out.",
    "export.plist": "a property list",
    # Homebrew
    "export.homebrew.title": "Homebrew service",
    "export.homebrew.summary": (
        "The file from which brew services takes the variables of the first worker, also after an upgrade."
    ),
    "export.homebrew.worker": (
        "Worker {worker}. OLLAMA_HOST is left to the service, which listens on 127.0.0.1:11434 unless it is set."
    ),
    "export.homebrew.formula": (
        "Homebrew's formula sets these by itself. Empty is Ollama's own default, which your settings mean."
    ),
    "export.homebrew.version": (
        "Homebrew {version} or newer is needed: older versions do not read the file, and write their own anew at each "
        "start."
    ),
    "export.homebrew.copy": (
        "Copy into {folder}; if XDG_CONFIG_HOME is set, into homebrew/services in that folder instead. "
        "Homebrew skips a file that a group may write to."
    ),
    "export.homebrew.restart": "Restart the service: requests that it works on are lost.",
    "export.homebrew.check": "See that the settings are in the file that Homebrew has written.",
    "export.homebrew.others": "Homebrew runs one service of Ollama; the other workers can be agents: see {target}.",
    "export.homebrew.file": "Homebrew's file of variables",
    # Windows
    "export.windows.title": "Windows",
    "export.windows.summary": (
        "PowerShell scripts: your user's variables for Ollama's app, and a task at login for every further worker."
    ),
    "export.windows.worker": (
        "The settings of {worker} for Ollama's app, which keeps its address: 127.0.0.1:11434 unless set elsewhere."
    ),
    "export.windows.task": "Worker {worker} on {url}: starts Ollama, and again when it ends.",
    "export.windows.script": "a PowerShell script",
    "export.windows.undone": "The tasks and the variables are gone. Quit Ollama's app and start it again.",
    "export.windows.no_program": "Ollama is not where its installer puts it: install it for this user, then try again.",
    "export.windows.done": "Done. Quit Ollama at its icon in the taskbar, then start it from the Start menu.",
    "export.windows.copy": "Copy all files of this export into one folder of the machine, and open PowerShell there.",
    "export.windows.run": "Set the variables of your user, and the tasks.",
    "export.windows.app": (
        "Quit Ollama at its icon in the taskbar and start it from the Start menu: a running app keeps its old settings."
    ),
    "export.windows.check": "See that each server answers.",
    "export.windows.logs": "A worker that runs as a task writes its log beside its script.",
    "export.windows.undo": "To take it back later: this takes the tasks and the variables away.",
    "export.windows.folder": "{name} is left out: {path} is no folder of Windows. Set it there yourself.",
    # Nix
    "export.nix.title": "NixOS",
    "export.nix.summary": "A module: NixOS's own service for the first worker, and a service for every further one.",
    "export.nix.worker": "Worker {worker}. The service keeps its address: services.ollama.host and port.",
    "export.nix.user": "All workers share one user, because they share the store",
    "export.nix.copy": "Put the module beside your configuration, which is in {folder} unless you use flakes.",
    "export.nix.imports": "Add {file} to its imports.",
    "export.nix.try": "See that NixOS can build it; nothing changes yet.",
    "export.nix.switch": "Put it into force: services that have changed are restarted, and requests there are lost.",
    "export.nix.check": "See that the services run.",
    # Ansible
    "export.ansible.title": "Ansible",
    "export.ansible.summary": "A playbook that installs the services of systemd on all machines of a group.",
    "export.ansible.play": "Ollama with the settings of Ollama Panel",
    "export.ansible.found": "Find {unit}: without it, install Ollama with its own installer first",
    "export.ansible.linger": "Let the services of this user run without a login",
    "export.ansible.folder": "Make the folder {folder}",
    "export.ansible.copy": "Install the file of {unit}",
    "export.ansible.restart_now": "Restart what has changed",
    "export.ansible.enable": "Start {unit}, now and at each boot",
    "export.ansible.wait": "Wait until {worker} answers",
    "export.ansible.inventory": (
        "Name your machines in the group {group} of an inventory; with a proxy such as nginx in front, they become one."
    ),
    "export.ansible.check": "See what would change; nothing changes yet.",
    "export.ansible.run": "Install: services whose files have changed are restarted, and requests there are lost.",
    "export.ansible.proof": "See in the logs what is in force: each server writes it at its start.",
    # Modelfiles
    "export.modelfile.title": "Modelfile",
    "export.modelfile.summary": "The context and the batch size of a pool as parameters of each of its models.",
    "export.modelfile.what": "The settings of pool {pool}, for whoever runs this model.",
    "export.modelfile.batch": "Tokens of a prompt that are read at once",
    "export.modelfile.create": "Make {made} from {model}: it shares the weights and takes no more space.",
    "export.modelfile.check": "See the parameters.",
    "export.modelfile.ask": "Let programs ask for {made}.",
    "export.modelfile.server": (
        "A Modelfile holds nothing of the server: its slots, the type of the KV cache, how long models stay loaded and "
        "the number of workers are in the other exports."
    ),
}

WARNING: dict[str, str] = {}

ERROR: dict[str, str] = {
    "export.modelfile.no_model": (
        "A Modelfile is for a model, and no pool with a worker names one that runs here: name its models in Settings."
    ),
    "export.modelfile.name": '"{model}", a model of pool {pool}, is not a name of Ollama: correct it in Settings.',
    "export.modelfile.long": (
        "With {pool} behind it the tag of {model} would be longer than the {letters} letters that Ollama allows: give "
        "the pool a shorter name."
    ),
    "export.launchd.no_path": 'A launch agent needs the full path of Ollama, not "{program}": set it in Settings.',
    "export.windows.no_path": (
        "The path of Ollama has a line break or control character, which a PowerShell script cannot hold: {program}. "
        "Set it in Settings."
    ),
    "export.windows.case": (
        "{names} in the environment of pool {pool} are the same variable on Windows: take one of them out."
    ),
    "export.no_blanks": (
        "{name} in the environment of pool {pool} begins or ends with a blank, which {place} cannot hold: take it out."
    ),
}
